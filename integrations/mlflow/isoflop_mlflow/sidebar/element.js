/**
 * Builds DOM nodes. Text only ever enters as a text node, so nothing that a tracker holds can become markup.
 * Keys of `properties` are attributes; null, undefined and false leave one out, true sets it empty.
 * @param {string} tag @param {Object<string, *>} properties @param {...(Node|string|null|false|Array)} children
 */
export function element(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  setAttributes(node, properties);
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

const SVG = 'http://www.w3.org/2000/svg';

/** A 16 x 16 drawing of one path, hidden from assistive technology. @param {string} path @param {Object<string, *>} properties */
export function drawing(path, properties = {}) {
  const svg = document.createElementNS(SVG, 'svg');
  setAttributes(svg, {viewBox: '0 0 16 16', width: 16, height: 16, fill: 'none', stroke: 'currentColor', 'stroke-width': 1.5,
    'stroke-linecap': 'round', 'stroke-linejoin': 'round', 'aria-hidden': 'true', ...properties});
  const shape = document.createElementNS(SVG, 'path');
  shape.setAttribute('d', path);
  svg.append(shape);
  return svg;
}

function setAttributes(node, properties) {
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    node.setAttribute(name, value === true ? '' : String(value));
  }
}

export const ICON = {
  check: 'M3 8.5l3.2 3.2L13 4.8',
  caution: 'M8 2.2L14.6 13.6H1.4zM8 6.4v3.2M8 11.6v.2',
  expand: 'M9.5 2.5h4v4M13.5 2.5l-5 5M6.5 13.5h-4v-4M2.5 13.5l5-5',
  shrink: 'M13 7H9V3M9 7l4.5-4.5M3 9h4v4M7 9l-4.5 4.5',
  settings: 'M2 5h6.2M11.8 5H14M2 11h2.2M7.8 11H14M10 3.2a1.8 1.8 0 100 3.6 1.8 1.8 0 000-3.6zM6 9.2a1.8 1.8 0 100 3.6 1.8 1.8 0 000-3.6z',
  close: 'M3.5 3.5l9 9M12.5 3.5l-9 9',
  down: 'M4.5 6.5L8 10l3.5-3.5',
};
