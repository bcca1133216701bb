/** More compute for a run one has, and what one more percent of each thing buys. */

import {element} from './element.js';
import * as figures from './tab_figures.js';
import {TAB_TIPS, TAB_WORDS} from './tab_words.js';
import {figure} from './tip.js';

const changeText = (change) => figures.interval(change);

/** @param {Object} document @param {?string} chosenRun Its id. */
export function moreComputeView(document, chosenRun) {
  const more = document.more_compute;
  if (!more || more.options.every((option) => option.loss_change.estimate === null)) return null;
  const widest = Math.max(...more.options.map(({loss_change: change}) => Math.abs(change.lower ?? change.estimate ?? 0)));
  return element('section', {class: 'part', 'data-key': 'more-compute', 'data-figures': true}, element('h3', {}, TAB_WORDS.moreCompute),
    element('p', {class: 'secondary'}, element('label', {for: 'margin-run'}, TAB_WORDS.doubleCompute), ' ', runChoice(more, document.run_choices, chosenRun)),
    element('ul', {class: 'options'}, more.options.filter((option) => option.loss_change.estimate !== null).map((option) => optionRow(option,
      more.winner, widest))),
    element('p', {class: 'inset'}, document.sentences.more_compute),
    element('p', {class: 'secondary'}, more.assumption));
}

/** The plan, the dearest runs, and the one that is weighed. */
function runChoice(more, choices, chosenRun) {
  const runs = [...choices];
  if (more.run_id && !runs.some((run) => run.run_id === more.run_id)) runs.unshift(more);
  runs.unshift({run_id: '', run_name: TAB_WORDS.thePlan});
  return element('select', {id: 'margin-run', class: 'field', 'data-key': 'margin-run', 'data-choice': 'marginRun'}, runs.map((run) =>
    element('option', {value: run.run_id, selected: run.run_id === (chosenRun ?? more.run_id ?? '')}, figures.shortName(run.run_name || run.run_id))));
}

function optionRow({kind, parameter_count: size, token_count: tokens, loss_change: change}, winner, widest) {
  const {estimate, bounds} = changeText(change), share = (value) => `${(100 * Math.max(0, -value) / widest).toFixed(1)}%`;
  const whisker = change.lower === null ? null :
    element('span', {class: 'whisker', style: `left:${share(change.upper)};right:calc(100% - ${share(change.lower)})`});
  return element('li', {'data-key': `option-${kind}`, class: kind === winner ? 'strong' : null},
    element('div', {class: 'run-row'}, element('span', {class: 'grow'}, TAB_WORDS.options[kind] ?? kind, ' ',
      element('span', {class: 'muted'}, TAB_WORDS.sizeOn(figures.count(size), figures.count(tokens)))),
    figure(estimate, TAB_TIPS.lossChange, {key: `change-${kind}`})),
    element('div', {class: `option-bar ${kind === 'start_again' ? 'hollow' : ''}`, 'aria-hidden': 'true'},
      element('div', {style: `width:${share(change.estimate)}`}), whisker),
    bounds ? element('span', {class: 'unseen'}, bounds) : null);
}

/** @param {Object} document */
export function marginView(document) {
  const rows = document.margin.filter((row) => row.loss_change.estimate !== null);
  if (rows.length === 0) return null;
  const priced = rows.some((row) => row.price_per_hundredth !== null);
  const cells = (row) => {
    const {estimate, bounds} = changeText(row.loss_change);
    return element('tr', {'data-key': `margin-${row.kind}`},
      element('td', {}, TAB_WORDS.marginKinds[row.kind] ?? row.kind),
      element('td', {}, figure(`+${figures.percent(row.added_share)}`, TAB_TIPS.addedShare)),
      element('td', {}, figure(estimate, TAB_TIPS.lossChange, {key: `margin-${row.kind}-change`}), bounds ? element('div', {class: 'bounds'}, bounds) : null),
      element('td', {class: 'right'}, priced ? row.price_per_hundredth === null ? '' : figure(figures.count(row.price_per_hundredth),
        TAB_TIPS.pricePerHundredth) :
        row.added_flops ? figure(figures.flops(row.added_flops), TAB_TIPS.addedFlops) : ''));
  };
  return element('section', {class: 'part', 'data-key': 'margin', 'data-figures': true}, element('h3', {}, TAB_WORDS.margin),
    document.sentences.margin ? element('p', {}, document.sentences.margin) : null,
    element('div', {class: 'wide'}, element('table', {class: 'tight', 'aria-label': TAB_WORDS.margin},
      element('thead', {}, element('tr', {}, TAB_WORDS.marginColumns(priced).map((name, index) => element('th', {scope: 'col',
        class: index === 3 ? 'right' : null}, name)))),
      element('tbody', {}, rows.map(cells)))));
}
