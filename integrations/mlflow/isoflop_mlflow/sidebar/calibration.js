/** How past forecasts came out: the study's calibration as a number, a plot and a table. */

import {element} from './element.js';
import * as figures from './tab_figures.js';
import {TAB_SENTENCES, TAB_TIPS, TAB_WORDS} from './tab_words.js';
import {runLink} from './runs.js';
import {figure} from './tip.js';

const SVG = 'http://www.w3.org/2000/svg';
const WIDTH = 340, HEIGHT = 84, LIMIT = 4;
/** Of a normal distribution: what a 95 % interval spans, in its own standard deviations. */
const EDGE = 1.96;

function shape(tag, properties) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(properties)) node.setAttribute(name, String(value));
  return node;
}

/** @param {?Object} calibration Of the forecasts document. @param {string} experimentId */
export function calibrationView(calibration, experimentId) {
  if (!calibration) return null;
  const {count, held_share: held, points} = calibration;
  return element('section', {class: 'part', 'data-key': 'calibration', 'data-figures': true}, element('h3', {}, TAB_WORDS.pastForecasts),
    element('p', {}, `${TAB_WORDS.heldOf(count)} `, figure(figures.percent(held), TAB_TIPS.held, {class: 'strong', key: 'held-share'}), '. ',
      `${TAB_WORDS.typicalMiss} `,
      figure(figures.percent(Math.expm1(calibration.median_absolute_error)), TAB_TIPS.typicalMiss, {key: 'typical-miss'}), '.'),
    plot(points, count, figures.percent(held)), pointTable(points, experimentId));
}

/** Each truth in standard deviations of its forecast, by how far the run had come; shaded: what the intervals claim. */
function plot(points, count, held) {
  const x = (progress) => 6 + (WIDTH - 12) * progress, y = (z) => HEIGHT / 2 - (HEIGHT / 2 - 4) * Math.max(-LIMIT, Math.min(LIMIT, z)) / LIMIT;
  const svg = shape('svg', {viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: 'calibration', role: 'img', 'aria-label': TAB_SENTENCES.calibration(count, held)});
  svg.append(shape('rect', {x: 0, width: WIDTH, y: y(EDGE), height: y(-EDGE) - y(EDGE), style: 'fill:var(--band)'}),
    shape('path', {d: `M0 ${y(0)}H${WIDTH}`, style: 'stroke:var(--law);stroke-width:1.5'}),
    ...points.map(({progress, z}) => Math.abs(z) <= EDGE ? shape('circle', {cx: x(progress), cy: y(z), r: 2.6, style: 'fill:var(--runs)'}) :
      shape('path', {d: `M${x(progress) - 4} ${y(z) + 3.5}h8l-4 -7z`, style: 'fill:var(--off)'})));
  return svg;
}

function pointTable(points, experimentId) {
  return element('details', {'data-key': 'calibration-table'}, element('summary', {}, element('span', {class: 'link'}, element('span',
    {class: 'closed'}, TAB_WORDS.asTable),
    element('span', {class: 'opened'}, TAB_WORDS.hide))),
  element('table', {class: 'tight', 'aria-label': TAB_WORDS.pastForecasts}, element('thead', {}, element('tr', {},
    TAB_WORDS.calibrationColumns.map((name, index) =>
    element('th', {scope: 'col', class: index ? 'right' : null}, name)))),
  element('tbody', {}, points.map((point) => element('tr', {}, element('td', {}, runLink({run_id: point.run, run_name: point.name}, experimentId)),
    [figures.percent(point.progress), figures.loss(point.forecast), figures.loss(point.loss), figures.signed(point.z)].map((text) => element('td',
      {class: 'right'}, text)))))));
}
