/** What can be pointed at on the charts of the tab Advice, and their table. */

import * as figures from './tab_figures.js';
import {nextRunLines, runMarks, runTable} from './run_marks.js';
import {tokensFor} from './split_chart.js';
import {hasNextRun} from './verdict.js';
import {TAB_WORDS} from './tab_words.js';

/** Where a line can be pointed at between two of its points, which lie far apart where it is straight. */
const SHARES = [0.25, 0.5, 0.75, 1];
const along = (points) => points.flatMap((point, at) => at === 0 ? [point] :
  SHARES.map((share) => point.map((value, axis) => points[at - 1][axis] * (value / points[at - 1][axis]) ** share)));

function lossMarks(page) {
  const runs = runMarks(page, (run) => [run.training_flops, run.loss_nats_per_token]);
  const line = page.frontier.map(({budget_flops: budget, loss_nats_per_token: interval}) => {
    const {estimate, bounds} = figures.interval(interval);
    return {x: budget, y: interval.estimate, kind: 'line', title: TAB_WORDS.bestLossHere,
      lines: [`C ${figures.flops(budget)}, loss ${[estimate, bounds].filter(Boolean).join(' ')}`]};
  });
  if (!hasNextRun(page)) return [...runs, ...line];
  const {budget_flops: budget, loss_nats_per_token: loss} = page.verdict;
  return [...runs, ...line, {x: budget, y: loss.estimate, kind: 'next', title: TAB_WORDS.nextRun, lines: nextRunLines(page)}];
}

function splitMarks(page) {
  const runs = runMarks(page, (run) => [run.parameter_count, run.token_count]);
  const suggested = page.suggested_runs.map((run) => ({x: run.parameter_count, y: run.token_count, kind: 'next', title: TAB_WORDS.suggested,
    lines: [`N ${figures.count(run.parameter_count)}, D ${figures.count(run.token_count)}, C ${figures.flops(run.training_flops)}`]}));
  const contours = page.contours.flatMap(({loss_nats_per_token: loss, points}) => along(points).map(([n, d]) => ({x: n, y: d, kind: 'line', title: TAB_WORDS.sameLoss,
    lines: [`loss ${figures.loss(loss)}`]})));
  if (!hasNextRun(page)) return [...runs, ...suggested, ...contours];
  const {budget_flops: budget, parameter_count: size} = page.verdict;
  return [...runs, ...suggested, ...contours, {x: size.estimate, y: tokensFor(budget, size.estimate), kind: 'next', title: TAB_WORDS.nextRun,
    lines: nextRunLines(page)}];
}

const SPLIT_READING = {marks: splitMarks, table: runTable};

/** @type {Object<string, import('./chart_reader.js').Reading>} by the chart's name */
export const ADVICE_READINGS = {loss: {marks: lossMarks, table: runTable}, split: SPLIT_READING, thin: SPLIT_READING};
