/** The verdict: what to train next, what loss to expect, whether to trust it. */

import {drawing, element, ICON} from './element.js';
import * as figures from './figures.js';
import {explain, figure} from './tip.js';
import {SENTENCES, WORDS} from './words.js';

/** The noise of one run as text, or null. @param {Object} page */
export function noiseText(page) {
  const noise = page.law?.noise?.log_loss_standard_deviation;
  return noise ? figures.percent(Math.expm1(noise)) : null;
}

/** What a size may lose and do as well, where a team has set it: `0.5 %`; else null, for run noise. @param {Object} page */
export function toleranceText(page) {
  const tolerance = page.law?.as_good_tolerance;
  return tolerance ? `${Number((100 * tolerance).toPrecision(3))}${figures.NBSP}%` : null;
}

/** @param {Object} page */
export function largestRunText(page) {
  const region = page.law?.region?.training_flops;
  return region ? figures.flops(region[1]) : null;
}

/** The verdict has one size to draw. @param {Object} page */
export const hasNextRun = (page) => Boolean(page.verdict && page.verdict.parameter_count.estimate !== null);

/** @param {Object} page @param {boolean} wide Whether intervals of size and tokens fit beside them. */
export function verdictView(page, wide) {
  const verdict = page.verdict;
  const point = verdict.parameter_count.estimate !== null;
  return element('section', {class: 'verdict', 'data-figures': true, 'data-key': point ? 'verdict' : 'verdict-band'},
    budgetButton(page), verdictLines(page, verdict, wide), chips(page, verdict));
}

function budgetButton(page) {
  return element('div', {class: 'next'}, element('span', {class: 'muted'}, `${WORDS.yourNext} `),
    element('button', {type: 'button', class: 'button small', 'data-action': 'budget', 'data-key': 'budget', 'aria-haspopup': 'dialog',
      'aria-expanded': 'false', 'aria-description': explain('budget')},
      element('span', {}, `${figures.flops(page.budget_flops)} ${WORDS.flop}`), drawing(ICON.down, {width: 12, height: 12})));
}

/** The bracket of a figure, or the sign that it is on its way; nothing where the server gives none. */
export function bracket(bounds, ready, key) {
  if (bounds) return element('span', {class: 'bounds', 'data-key': key}, bounds);
  return ready ? null : figure(WORDS.intervalComing, explain('intervalComing'), {class: 'bounds', key});
}

function boundsOf(interval) {
  return interval.lower === null ? null : figures.countBounds(interval.lower, interval.upper);
}

/** @param {Object} page @param {Object} verdict @param {boolean} wide */
export function verdictLines(page, verdict, wide) {
  return verdict.parameter_count.estimate === null ? bandLines(page, verdict) : pointLines(page, verdict, wide);
}

function pointLines(page, verdict, wide) {
  const budget = figures.flops(verdict.budget_flops), noise = noiseText(page);
  const parameters = figures.count(verdict.parameter_count.estimate), tokens = figures.count(verdict.token_count.estimate);
  const parameterBounds = boundsOf(verdict.parameter_count), tokenBounds = boundsOf(verdict.token_count);
  const loss = figures.interval(verdict.loss_nats_per_token);
  const beside = (bounds) => wide && bounds ? [' ', element('span', {class: 'bounds'}, bounds)] : null;
  const asGood = verdict.as_good_parameter_count, open = unsettled(verdict);
  if (open) return unsettledLines(page, verdict, open);
  return [
    element('h3', {class: 'headline', 'aria-label': SENTENCES.verdict(budget, parameters, tokens, [loss.estimate, loss.bounds].filter(Boolean).join(' '))},
      figure(parameters, explain('parameters', budget, parameterBounds), {class: 'strong', key: 'parameters'}), beside(parameterBounds),
      ` ${WORDS.parametersOn} `,
      figure(tokens, explain('tokens', budget, tokenBounds), {class: 'strong', key: 'tokens'}), beside(tokenBounds), ` ${WORDS.tokens}`),
    element('p', {class: 'predicted'}, `${WORDS.predictedLoss} `,
      figure(loss.estimate, explain('loss', noise), {class: 'strong', key: 'loss'}), ' ', bracket(loss.bounds, page.intervals_ready, 'loss-bounds')),
    asGood && asGood.lower !== null ? element('p', {class: 'secondary'}, `${WORDS.sizes} `,
      figure(figures.countRange(asGood.lower, asGood.upper), explain('asGood', noise, toleranceText(page)), {key: 'as-good'}), ` ${WORDS.doAsWell(toleranceText(page))}`) : null,
    weightedLine(verdict),
  ];
}

/**
 * Sizes and tokens between which the advice is not settled: past the runs the law that trusts large runs more puts the best size out of the
 * sizes that are as good. Null where it is settled. @param {Object} verdict
 */
export function unsettled(verdict) {
  const other = verdict.drift_weighted, asGood = verdict.as_good_parameter_count, size = verdict.parameter_count.estimate;
  if (!asGood?.lower || size === null || !other?.parameter_count.estimate) return null;
  const weighted = other.parameter_count.estimate;
  if (weighted >= asGood.lower && weighted <= asGood.upper) return null;
  const ordered = (a, b) => [Math.min(a, b), Math.max(a, b)];
  return {sizes: ordered(size, weighted), tokens: ordered(verdict.token_count.estimate, other.token_count.estimate)};
}

function unsettledLines(page, verdict, {sizes, tokens}) {
  const budget = figures.flops(verdict.budget_flops), other = verdict.drift_weighted, noise = noiseText(page);
  const sizeText = figures.countRange(...sizes), tokenText = figures.countRange(...tokens);
  const loss = figures.interval(verdict.loss_nats_per_token), weighted = figures.interval(other.loss_nats_per_token);
  return [
    element('h3', {class: 'headline', 'aria-label': SENTENCES.verdict(budget, sizeText, tokenText, `${loss.estimate} or ${weighted.estimate}`)},
      figure(sizeText, explain('unsettledSizes'), {class: 'strong', key: 'unsettled-parameters'}), ` ${WORDS.parametersOn} `,
      figure(tokenText, explain('unsettledSizes'), {class: 'strong', key: 'unsettled-tokens'}), ` ${WORDS.tokens}`),
    element('p', {class: 'predicted'}, `${WORDS.predictedLoss} `, figure(loss.estimate, explain('loss', noise), {class: 'strong', key: 'loss'}), ' ',
      bracket(loss.bounds, page.intervals_ready, 'loss-bounds'), `, ${WORDS.orLoss} `, figure(weighted.estimate, explain('weightedLoss'), {class: 'strong',
        key: 'weighted-loss'}), ' ',
      bracket(weighted.bounds, true, 'weighted-bounds')),
    element('p', {class: 'secondary'}, `${WORDS.allRunsAlike} `, figure(figures.count(verdict.parameter_count.estimate), explain('parameters', budget,
      boundsOf(verdict.parameter_count)),
      {key: 'parameters'}), `; ${WORDS.largeRunsMore} `, figure(figures.count(other.parameter_count.estimate), explain('weighted'),
        {key: 'weighted-parameters'}), '.'),
  ];
}

/** What the law that trusts large runs more says, where it agrees. */
function weightedLine(verdict) {
  const other = verdict.drift_weighted;
  if (!other?.parameter_count.estimate) return null;
  return element('p', {class: 'secondary'}, `${WORDS.largeRunsAgree} `, figure(figures.count(other.parameter_count.estimate), explain('weighted'),
    {key: 'weighted-parameters'}),
    `, ${WORDS.loss} `, figure(figures.interval(other.loss_nats_per_token).estimate, explain('weightedLoss'), {key: 'weighted-loss'}), '.');
}

function bandLines(page, verdict) {
  const bounds = boundsOf(verdict.parameter_count);
  return [
    element('h3', {class: 'headline strong'}, WORDS.tooFar),
    bounds ? element('p', {}, `${WORDS.tooFarBand} `,
      figure(bounds, explain('bestBand', figures.flops(verdict.budget_flops)), {class: 'strong', key: 'band'}), ` ${WORDS.tooFarBandUnit}`) :
      element('p', {}, bracket(null, page.intervals_ready, 'band')),
    element('p', {class: 'secondary'}, WORDS.tooFarWhy),
  ];
}

const RANK = {ERROR: 0, WARNING: 2, INFO: 3};

/** That a law rests on another comes before any caution, however little it does. */
const rankOf = ({code, severity}) => code === 'PRIOR' ? 1 : RANK[severity];

/** Worst first; those about the budget before those about the law, each once. @param {Object} page */
export function cautions(page) {
  const all = new Map([...(page.law?.diagnostics ?? []), ...(page.verdict?.diagnostics ?? [])].map((caution) => [caution.code, caution]));
  return [...all.values()].sort((a, b) => rankOf(a) - rankOf(b));
}

/** The one that a chip names, or null: how far the budget is from the runs has a chip of its own. */
export function worstCaution(page) {
  return cautions(page).find(({code, severity}) => (severity !== 'INFO' || code === 'PRIOR') && code !== 'EXTRAPOLATION' && code !== 'BELOW_RUNS') ?? null;
}

function chips(page, verdict) {
  const largest = largestRunText(page), factor = verdict.extrapolation_factor, worst = worstCaution(page);
  const smallest = page.law?.region?.training_flops?.[0] ?? 0, below = verdict.budget_flops < smallest;
  const inside = factor <= 1 && !below, open = unsettled(verdict);
  return element('div', {class: 'chips'},
    element('span', {class: `chip figure ${inside ? 'good' : 'caution'}`, tabindex: '-1', 'data-key': 'chip-range',
      'aria-description': below ? explain('below', figures.flops(smallest)) : inside ? explain('inside', largest) : explain('past', largest)},
      drawing(inside ? ICON.check : ICON.caution, {width: 12, height: 12}),
      below ? WORDS.belowRuns : inside ? WORDS.insideRuns : WORDS.pastYourRuns(figures.times(factor))),
    open ? element('span', {class: 'chip figure caution', tabindex: '-1', 'data-key': 'chip-unsettled', 'aria-description': explain('unsettled')},
      drawing(ICON.caution, {width: 12, height: 12}), WORDS.notSettled(figures.countRange(...open.sizes))) :
    worst ? element('button', {type: 'button', class: `chip ${worst.severity === 'ERROR' ? 'off' : 'caution'}`, 'data-action': 'tab:why',
      'data-key': 'chip-worst', 'aria-description': worst.message}, drawing(ICON.caution, {width: 12, height: 12}), worst.title) : null);
}
