/** Chart 2: tokens against parameters, with same-loss lines, the best split, the budget and the next run. */

import * as figures from './figures.js';
import {countTick, decadeTicks, spanOf} from './ticks.js';
import {explain} from './tip.js';
import {hasNextRun} from './verdict.js';
import {WORDS} from './words.js';

/** C = 6 N D, the rule that the server's budgets follow. */
export const tokensFor = (budget, parameters) => budget / (6 * parameters);

function axes(page) {
  const next = hasNextRun(page) ? page.verdict : null, asGood = next?.as_good_parameter_count;
  const suggested = page.suggested_runs;
  const x = spanOf([...page.runs, ...suggested].map((run) => run.parameter_count)) ?? [1e8, 1e10];
  const y = spanOf([...page.runs, ...suggested].map((run) => run.token_count)) ?? [1e9, 1e11];
  const low = [x[0] * 0.7, y[0] * 0.6], high = [x[1] * 1.8, y[1] * 1.8];
  if (next) {
    high[0] = Math.max(high[0], next.parameter_count.estimate * 3, (asGood?.upper ?? 0) * 1.6);
    high[1] = Math.max(high[1], next.token_count.estimate * 3);
    low[0] = Math.min(low[0], next.parameter_count.estimate / 3);
    low[1] = Math.min(low[1], next.token_count.estimate / 3);
  }
  return {x: [low[0], high[0]], y: [low[1], high[1]], xTicks: decadeTicks(low[0], high[0], 5), yTicks: decadeTicks(low[1], high[1], 6), xText: countTick, yText: countTick,
    yLog: true};
}

function draw(paint, page, wide) {
  const largest = page.law?.region?.training_flops?.[1] ?? Infinity;
  const at = (point, side) => [point.parameter_count[side], tokensFor(point.budget_flops, point.parameter_count[side])];
  const line = page.frontier.filter((point) => point.parameter_count.estimate !== null);
  const banded = page.frontier.filter((point) => point.parameter_count.lower !== null);
  const inside = line.filter((point) => point.budget_flops <= largest);
  const estimate = (point) => at(point, 'estimate');
  const {x} = axes(page);
  const budget = page.budget_flops, budgetLine = budget ? x.map((parameters) => [parameters, tokensFor(budget, parameters)]) : [];
  paint.clipped(() => {
    paint.band(banded.map((point) => at(point, 'lower')), banded.map((point) => at(point, 'upper')));
    for (const contour of page.contours) paint.line(contour.points, {color: '--contour'});
    paint.dots(page.runs.map((run) => [run.parameter_count, run.token_count]), wide ? 2.4 : 2.2);
    paint.line(inside.map(estimate), {color: '--law', width: 2});
    paint.line(line.slice(Math.max(0, inside.length - 1)).map(estimate), {color: '--law', width: 2, dash: [5, 4]});
    paint.line(budgetLine, {color: '--ink', width: 1.2, dash: [4, 3]});
    const taken = line.map(estimate).concat(densified(budgetLine)).map(([n, d]) => [paint.x(n), paint.y(d)]);
    for (const contour of page.contours) labelContour(paint, contour, taken);
    drawNextRun(paint, page);
  });
}

function drawNextRun(paint, page) {
  if (!hasNextRun(page)) return;
  const {budget_flops: budget, parameter_count: size, as_good_parameter_count: asGood} = page.verdict;
  if (asGood && asGood.lower !== null) {
    paint.line([asGood.lower, asGood.upper].map((parameters) => [parameters, tokensFor(budget, parameters)]), {color: '--ink', width: 4, cap: 'round'});
  }
  paint.diamond(size.estimate, tokensFor(budget, size.estimate));
}

/** Points along a straight line, close enough to tell whether a label would lie on it. */
function densified([start, end]) {
  if (!start) return [];
  const mix = (a, b, share) => a * (b / a) ** share;
  return Array.from({length: 60}, (_, index) => [mix(start[0], end[0], index / 59), mix(start[1], end[1], index / 59)]);
}

/** Puts the loss on its line, as far right as nothing crosses; no label where there is no such place. */
function labelContour(paint, contour, taken) {
  const text = contour.loss_nats_per_token.toFixed(2).replace(/0$/, '');
  const [half, height] = paint.labelSize(text), {left, top, width, height: tall} = paint.box, margin = 3 * paint.ratio;
  const right = left + width - half - 2 * margin;
  for (const [px, py] of alongLine(contour.points.map(([n, d]) => [paint.x(n), paint.y(d)]), right)) {
    if (px < left + width * 0.55 || py < top + height + margin || py > top + tall - height - margin) continue;
    if (taken.some(([x, y]) => Math.abs(x - px) < 2 * half + margin && Math.abs(y - py) < 1.7 * height)) continue;
    paint.label(text, px, py);
    taken.push([px, py]);
    return;
  }
}

/** Places on a line from `right` leftwards, a few pixels apart. */
function alongLine(points, right) {
  const places = [];
  for (let index = points.length - 1; index > 0; index--) {
    const [x1, y1] = points[index], [x0, y0] = points[index - 1];
    const steps = Math.max(1, Math.ceil(Math.abs(x1 - x0) / 6));
    for (let step = 0; step < steps; step++) {
      const share = step / steps, px = x1 + (x0 - x1) * share;
      if (px <= right) places.push([px, y1 + (y0 - y1) * share]);
    }
  }
  return places;
}

/** @type {import('./chart.js').Subject} */
export const SPLIT_CHART = {
  name: 'split', title: WORDS.splitChart, aside: () => [WORDS.tokenAxis, explain('tokenAxis')], caption: () => [WORDS.parameterAxis, explain('parameterAxis')], yTip: () => explain('tokenAxis'), yWidth: 38,
  height: {narrow: 204, wide: 314}, axes, draw,
  legend: (page) => [['contour', WORDS.legend.contours, explain('legend.contours')], ['band-line', WORDS.legend.split, explain('legend.split')],
    ['dash', WORDS.legend.budget, explain('legend.budget')], hasNextRun(page) ? ['thick', WORDS.legend.asGood, explain('legend.asGood')] : null].filter(Boolean),
  sentence(page) {
    if (!hasNextRun(page)) return explain('charts.split', page.runs.length, null);
    const {parameter_count: size, token_count: tokens, budget_flops: budget} = page.verdict;
    return explain('charts.split', page.runs.length, figures.count(size.estimate), figures.count(tokens.estimate), figures.flops(budget));
  },
};
