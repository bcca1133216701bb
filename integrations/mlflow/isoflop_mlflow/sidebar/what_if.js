/** The what-if slider. It moves on budgets that the server has answered, so nothing that it prints is interpolated. */

import {element} from './element.js';
import * as figures from './tab_figures.js';
import {rowsOf} from './tables.js';
import {TAB_TIPS, TAB_WORDS} from './tab_words.js';
import {figure} from './tip.js';
import {WORDS} from './words.js';

const STEPS_A_DECADE = 12;
const LABEL_EVERY_DECADES = 2;

const rowsByTable = new WeakMap();

/** @param {import('./model.js').Known} known @returns {?Array<Object>} a verdict a step */
export function stepsOf(known) {
  const table = known.parts.advice_grid?.document?.advice_grid;
  if (!table) return null;
  if (!rowsByTable.has(table)) rowsByTable.set(table, rowsOf(table));
  return rowsByTable.get(table);
}

/** The step at a budget, or the nearest one. */
function stepAt(steps, budget) {
  const away = (step) => Math.abs(Math.log(steps[step].budget_flops / budget));
  return steps.reduce((best, _, step) => away(step) < away(best) ? step : best, 0);
}

/** The page with the verdict of one step in place of its own. @param {Object} page @param {Array<Object>} steps @param {number} budget */
export function pageAt(page, steps, budget) {
  const verdict = steps.find((step) => step.budget_flops === budget), last = page.frontier.at(-1)?.budget_flops ?? 0;
  if (!verdict) return page;
  return {...page, budget_flops: budget, verdict: {...verdict, diagnostics: page.law.diagnostics},
    frontier: [...page.frontier, ...steps.filter((step) => step.budget_flops > last && step.loss_nats_per_token.estimate !== null)]};
}

/** @param {import('./model.js').Known} known @param {?number} budget What is asked about; null for the reader's own. */
export function whatIfView(known, budget) {
  const steps = stepsOf(known), page = known.page, shown = budget ?? page.budget_flops;
  return element('section', {class: 'part what-if', 'data-key': 'what-if'},
    element('div', {class: 'heading'}, element('h3', {id: 'what-if'}, TAB_WORDS.whatIf),
      element('b', {'data-key': 'what-if-budget'}, `${figures.flops(shown)} ${WORDS.flop}`)),
    steps ? slider(steps, shown) : element('div', {class: 'block', style: 'height:44px;margin:0'}),
    budget === null || !steps ? null : note(page, steps[stepAt(steps, budget)]));
}

function slider(steps, budget) {
  const at = stepAt(steps, budget), verdict = steps[at], loss = figures.interval(verdict.loss_nats_per_token).estimate;
  const labels = steps.filter((_, step) => step % (LABEL_EVERY_DECADES * STEPS_A_DECADE) === 0);
  return [element('input', {type: 'range', class: 'slider', min: 0, max: steps.length - 1, step: 1, value: at, 'data-key': 'slider',
    'aria-labelledby': 'what-if', style: `--share:${(100 * at / (steps.length - 1)).toFixed(2)}%`,
    'aria-valuetext': TAB_WORDS.sliderText(figures.flops(verdict.budget_flops), loss)}),
  element('div', {class: 'slider-labels', 'aria-hidden': 'true'}, labels.map((step) => element('span', {}, figures.flops(step.budget_flops))))];
}

/** What is asked about, where the slider itself is out of sight. @param {import('./model.js').Known} known @param {number} budget */
export function whatIfNote(known, budget) {
  const steps = stepsOf(known);
  return steps ? note(known.page, steps[stepAt(steps, budget)]) : null;
}

/** What PageUp and PageDown do to a step; null for other keys. @param {KeyboardEvent} event @param {number} step */
export function pagedStep(event, step) {
  const change = {PageUp: STEPS_A_DECADE, PageDown: -STEPS_A_DECADE}[event.key];
  return change === undefined ? null : step + change;
}

function note(page, asked) {
  const kept = page.verdict, own = figures.flops(kept.budget_flops), other = figures.flops(asked.budget_flops);
  const factor = asked.budget_flops / kept.budget_flops, name = (factor < 1 ? TAB_WORDS.shareOfYour : TAB_WORDS.timesYour)(figures.share(factor), own);
  const compared = asked.parameter_count.estimate !== null && kept.parameter_count.estimate !== null;
  const text = compared ?
    [`${name} ${TAB_WORDS.lossFrom(figures.interval(kept.loss_nats_per_token).estimate)} `,
      figure(figures.interval(asked.loss_nats_per_token).estimate, TAB_TIPS.whatIfLoss, {class: 'strong', key: 'what-if-loss'}), `, ${TAB_WORDS.size} `,
      figure(figures.share(asked.parameter_count.estimate / kept.parameter_count.estimate), TAB_TIPS.whatIfSize, {key: 'what-if-size'}), '.'] :
    [`${name} ${TAB_WORDS.noSize}`];
  return element('div', {class: 'inset', 'data-key': 'what-if-note', 'data-figures': true}, element('p', {}, text),
    element('p', {class: 'row'},
      element('button', {type: 'button', class: 'button small', 'data-action': 'keep', 'data-key': 'keep'}, TAB_WORDS.keep(other)),
      element('button', {type: 'button', class: 'button small', 'data-action': 'back', 'data-key': 'back'}, TAB_WORDS.back(own))));
}
