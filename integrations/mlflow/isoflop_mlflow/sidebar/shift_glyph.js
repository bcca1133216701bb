/** Chart 5: how far a loss lies from what was said of it, in % of that. */

import {drawing, element} from './element.js';
import {NBSP} from './figures.js';

/** At its ends. */
const EDGE = 0.032;
const SVG = 'http://www.w3.org/2000/svg';

function shape(tag, properties) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(properties)) node.setAttribute(name, String(value));
  return node;
}

/** Over a list with glyphs. @param {string} title @param {string} middle What the loss is compared with. */
export function glyphHeading(title, middle) {
  return element('div', {class: 'heading'}, element('span', {class: 'muted'}, title), element('span', {class: 'glyph-scale', 'aria-hidden': 'true'},
    [`\u22123${NBSP}%`, middle, `+3${NBSP}%`].map((text) => element('span', {}, text))));
}

/**
 * All are ratios less 1. A dot within the band, a triangle where it is off; a whisker where the loss itself has an interval.
 * @param {{shift: ?{estimate: number, lower?: ?number, upper?: ?number}, band: ?[number, number], off: boolean, label: string}} options
 */
export function shiftGlyph({shift, band, off, label}) {
  const x = (ratio, room = 0) => 52 + (50 - room) * Math.max(-1, Math.min(1, ratio / EDGE)), svg = drawing('', {viewBox: '0 0 104 34', width: 104, height: 34,
    class: 'glyph', stroke: 'none'});
  if (band) svg.append(shape('rect', {x: x(band[0]), width: x(band[1]) - x(band[0]), y: 2, height: 30, style: 'fill:var(--band)'}));
  svg.append(shape('path', {d: 'M52 2V32', style: 'stroke:var(--law);stroke-width:2'}));
  const color = off ? 'var(--off)' : 'var(--ink)';
  if (shift) {
    const at = x(shift.estimate, 4);
    if ((shift.lower ?? null) !== null) svg.append(shape('path', {d: `M${x(shift.lower)} 17H${x(shift.upper)}`, style: `stroke:${color};stroke-width:2`}));
    svg.append(off ? shape('path', {d: shift.estimate > 0 ? `M${at - 5} 21L${at} 12L${at + 5} 21Z` : `M${at - 5} 13L${at} 22L${at + 5} 13Z`,
      style: `fill:${color}`}) :
      shape('circle', {cx: at, cy: 17, r: 4, style: `fill:${color}`}));
  }
  return element('div', {class: 'glyph-box', role: 'img', 'aria-label': label}, svg);
}
