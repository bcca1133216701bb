/** Chart 1: loss against compute, with the best loss that the law expects, its band, and the next run. */

import * as figures from './figures.js';
import {decadeTicks, roundTicks, spanOf, tickText} from './ticks.js';
import {explain} from './tip.js';
import {hasNextRun} from './verdict.js';
import {WORDS} from './words.js';

const largestRun = (page) => page.law?.region?.training_flops?.[1] ?? Infinity;

function axes(page) {
  const compute = spanOf(page.runs.map((run) => run.training_flops)) ?? [1e18, 1e21];
  const low = 10 ** Math.floor(Math.log10(compute[0]) + 1e-9), high = 3 * Math.max(compute[1], page.verdict?.budget_flops ?? 0);
  const shown = page.frontier.filter(({budget_flops: budget}) => budget >= low && budget <= high);
  const losses = spanOf([...page.runs.map((run) => run.loss_nats_per_token),
    ...shown.flatMap(({loss_nats_per_token: loss}) => [loss.estimate, loss.lower, loss.upper])]) ?? [2, 4];
  const y = [losses[0] / 1.03, losses[1] * 1.02];
  return {x: [low, high], y, xTicks: decadeTicks(low, high), yTicks: roundTicks(...y), xText: figures.flops, yText: tickText(roundTicks(...y)), yLog: true};
}

function draw(paint, page, wide) {
  const line = page.frontier.map(({budget_flops: budget, loss_nats_per_token: loss}) => [budget, loss.estimate]);
  const banded = page.frontier.filter(({loss_nats_per_token: loss}) => loss.lower !== null);
  const bound = (side) => banded.map(({budget_flops: budget, loss_nats_per_token: loss}) => [budget, loss[side]]);
  const largest = largestRun(page), inside = line.filter(([budget]) => budget <= largest);
  paint.clipped(() => {
    paint.band(bound('lower'), bound('upper'));
    if (wide && Number.isFinite(largest)) paint.line([[largest, paint.plot.scales.y.min], [largest, paint.plot.scales.y.max]], {color: '--control-line'});
    paint.dots(page.runs.map((run) => [run.training_flops, run.loss_nats_per_token]), wide ? 2.4 : 2.2);
    paint.line(inside, {color: '--law', width: 2});
    paint.line(line.slice(Math.max(0, inside.length - 1)), {color: '--law', width: 2, dash: [5, 4]});
  });
  if (wide && Number.isFinite(largest)) {
    paint.label(WORDS.largestRun, paint.x(largest) - 4 * paint.ratio, paint.box.top + 8 * paint.ratio, {align: 'right'});
  }
  const next = page.verdict?.loss_nats_per_token;
  if (!hasNextRun(page)) return;
  const {budget_flops: budget} = page.verdict;
  paint.line([[budget, next.estimate], [budget, paint.plot.scales.y.min]], {color: '--ink', dash: [2, 2]});
  paint.diamond(budget, next.estimate);
  paint.label(figures.interval(next).estimate, paint.x(budget), paint.y(next.estimate) - 18 * paint.ratio, {color: '--ink', font: '600 13px'});
}

/** @type {import('./chart.js').Subject} */
export const LOSS_CHART = {
  name: 'loss', title: WORDS.lossChart, aside: () => [WORDS.lossUnit, explain('lossAxis')], caption: () => [WORDS.computeAxis, explain('computeAxis')], yTip: () => explain('lossAxis'), yWidth: 28,
  height: {narrow: 174, wide: 314}, axes, draw,
  legend: (page) => [['dot', WORDS.legend.runs, explain('legend.runs')], page.frontier.length ? ['band-line', WORDS.legend.best, explain('legend.best')] : null,
    hasNextRun(page) ? ['diamond', WORDS.legend.next, explain('legend.next')] : null].filter(Boolean),
  sentence: (page) => explain('charts.loss', page.runs.length, hasNextRun(page) ? figures.interval(page.verdict.loss_nats_per_token).estimate : null,
    page.budget_flops ? figures.flops(page.budget_flops) : null),
};
