/** Another size at the same compute: the chart of what it gives up, and a table of four sizes. */

import {element} from './element.js';
import * as figures from './figures.js';
import {TAB_TIPS, TAB_WORDS} from './tab_words.js';
import {figure} from './tip.js';
import {toleranceText} from './verdict.js';

const RATIOS = new Map([[0.25, '¼×'], [0.5, '½×'], [1, '1×'], [2, '2×']]);

/** Loss above the best with its sign. @param {import('./figures.js').Interval} penalty */
export function penaltyText(penalty) {
  const {estimate, bounds} = figures.interval(penalty);
  return {estimate: penalty.estimate > 0 ? `+${estimate}` : estimate, bounds};
}

/** @param {?import('./parts.js').Part} part @param {Object} page @param {function(string): Node} chartSlot */
export function otherSizesView(part, page, chartSlot) {
  const document = part?.document;
  if (!document) return element('div', {class: 'block', 'data-key': 'sizes-wait', style: 'height:300px'});
  if (document.sizes.length === 0) return null;
  return element('div', {'data-key': 'other-sizes', 'aria-busy': String(part.waiting)}, chartSlot('valley'),
    element('div', {class: 'wide'}, element('table', {class: 'sizes', 'data-figures': true, 'aria-label': TAB_WORDS.otherSizes},
      element('thead', {}, element('tr', {}, TAB_WORDS.sizeColumns.map((name, index, all) =>
        element('th', {scope: 'col', class: index === all.length - 1 ? 'right' : null}, name)))),
      element('tbody', {}, document.sizes.map((size) => sizeRow(size, document.tolerance.loss_nats_per_token, page))))));
}

function sizeRow(size, tolerance, page) {
  const best = size.size_ratio === 1, {estimate, bounds} = penaltyText(size.penalty_nats_per_token);
  const key = `size-${size.size_ratio}`, set = toleranceText(page);
  const tip = (set ? TAB_TIPS.withinTolerance : TAB_TIPS.withinNoise)(figures.significant(tolerance, 2));
  return element('tr', {class: best ? 'chosen' : null, 'data-key': key},
    element('td', {}, figure(figures.count(size.parameter_count), TAB_TIPS.sizeParameters, {key: `${key}-parameters`})),
    element('td', {}, figure(figures.count(size.token_count), TAB_TIPS.sizeTokens)),
    element('td', {}, figure(figures.significant(size.tokens_per_parameter, 2), TAB_TIPS.perParameter)),
    element('td', {}, best ? figure(TAB_WORDS.best, TAB_TIPS.bestSize) :
      [figure(estimate, TAB_TIPS.penalty, {key: `${key}-penalty`}), ' ',
        size.as_good ? figure(TAB_WORDS.asGoodWithin(set), tip, {class: 'muted'}) :
          bounds ? figure(bounds, TAB_TIPS.penaltyBounds, {class: 'bounds', key: `${key}-bounds`}) : null]),
    element('td', {class: 'right'}, figure(RATIOS.get(size.size_ratio) ?? figures.times(size.size_ratio), TAB_TIPS.serving)));
}
