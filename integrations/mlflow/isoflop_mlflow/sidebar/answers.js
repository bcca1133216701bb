/** The other questions of a budget, each answered by the server's sentence, with its figures in a table behind it. */

import {element} from './element.js';
import * as figures from './figures.js';
import {TAB_TIPS, TAB_WORDS} from './tab_words.js';
import {figure} from './tip.js';

const counted = ({estimate, lower, upper}) => [estimate === null ? '' : figures.count(estimate),
  lower === null || upper === null ? null : figures.countBounds(lower, upper)];
const spent = ({estimate, lower, upper}) => [estimate === null ? '' : figures.flops(estimate),
  lower === null || upper === null ? null : `[${figures.flops(lower)}, ${figures.flops(upper)}]`];
const plain = (interval) => {
  const {estimate, bounds} = figures.interval(interval);
  return [estimate ?? '', bounds];
};
const factor = (interval) => {
  const [estimate, bounds] = plain(interval);
  return [estimate && `${estimate}×`, bounds];
};

/** Rows of label, figure and interval of each part. */
const ROWS = {
  scale_up: (part) => [['parameter_factor', factor(part.parameter_factor)], ['token_factor', factor(part.token_factor)], ['loss',
    plain(part.loss_nats_per_token)],
    ['halving', factor(part.halving_compute_factor)]],
  target: (part) => part.reachable ? [['size', counted(part.least_compute.parameter_count)], ['tokens', counted(part.least_compute.token_count)],
    ['compute', spent(part.least_compute.training_flops)], ...cost(part.least_compute.cost),
    ...part.least_price ? [['cheapest_size', counted(part.least_price.parameter_count)], ['cheapest_tokens', counted(part.least_price.token_count)]] : []] : [],
  data_limited: (part) => [['size', counted(part.parameter_count)], ['tokens', counted(part.token_count)], ['epochs', plain(part.epoch_count)],
    ['loss', plain(part.loss_nats_per_token)],
    ['given_up', plain(part.loss_given_up)], ['break_even', plain(part.break_even_price_per_billion_tokens)],
    ...part.choices.map((choice) => [`at ${choice.epoch_count}`, plain(choice.loss_nats_per_token)])],
  serving: (part) => [['size', counted(part.parameter_count)], ['tokens', counted(part.token_count)], ['compute', spent(part.training_flops)],
    ['life', spent(part.life_flops)]],
  stopping: (part) => [['longest', counted(part.longest_token_count)], ['longest_over', factor(part.longest_over_best)], ['restart',
    factor(part.restart_compute_factor)]],
};

const cost = ({days, training_price: price, data_price: data, total_price: total}) => [['days', days], ['training_price', price], ['data_price',
  data], ['total_price', total]]
  .filter(([, value]) => value !== null).map(([name, value]) => [name, [name === 'days' ? figures.significant(value, 2) : figures.count(value), null]]);

/** @param {Object} document @param {boolean} bare Whether no cost model is set. */
export function answersView(document, bare) {
  const parts = Object.keys(ROWS).filter((name) => document[name] && document.sentences[name]);
  return element('section', {class: 'part', 'data-key': 'answers', 'data-figures': true}, element('h3', {}, TAB_WORDS.answers),
    parts.map((name) => answerView(name, document)),
    bare ? element('p', {class: 'secondary'}, `${TAB_WORDS.noCosts} `,
      element('button', {type: 'button', class: 'link', 'data-action': 'settings', 'data-key': 'set-costs'}, TAB_WORDS.setCosts)) : null);
}

function answerView(name, document) {
  const rows = ROWS[name](document[name]).filter(([, [estimate]]) => estimate);
  return element('details', {class: 'answer', 'data-key': `answer-${name}`},
    element('summary', {}, element('span', {class: 'grow'}, element('b', {}, `${TAB_WORDS.questions[name]} `), document.sentences[name]),
      rows.length ? element('span', {class: 'link'}, element('span', {class: 'closed'}, TAB_WORDS.figures), element('span', {class: 'opened'},
        TAB_WORDS.hide)) : null),
    element('dl', {class: 'figures'}, rows.map(([row, [estimate, bounds]]) => element('div', {}, element('dt', {}, labelOf(row)),
      element('dd', {}, figure(estimate, TAB_TIPS.answers[row.split(' ')[0]] ?? TAB_TIPS.answers.at), bounds ? [' ', element('span',
        {class: 'bounds'}, bounds)] : null)))),
    document[name].source ? element('p', {class: 'secondary'}, document[name].source) : null);
}

const labelOf = (row) => row.startsWith('at ') ? TAB_WORDS.atEpochs(row.slice(3)) : TAB_WORDS.answerRows[row];
