/** What can be pointed at on the charts of the tab Advice, and their table. */

import * as figures from './figures.js';
import {nextRunLines, runMarks, runTable} from './run_marks.js';
import {tokensFor} from './split_chart.js';
import {hasNextRun} from './verdict.js';
import {WORDS} from './words.js';
import {TAB_WORDS} from './tab_words.js';

function lossMarks(page) {
  const runs = runMarks(page, (run) => [run.training_flops, run.loss_nats_per_token]);
  const line = page.frontier.map(({budget_flops: budget, loss_nats_per_token: interval}) => {
    const {estimate, bounds} = figures.interval(interval);
    return {x: budget, y: interval.estimate, kind: 'line', title: TAB_WORDS.bestLossHere,
      lines: [`C ${figures.flops(budget)}, loss ${[estimate, bounds].filter(Boolean).join(' ')}`], runId: null};
  });
  if (!hasNextRun(page)) return [...runs, ...line];
  const {budget_flops: budget, loss_nats_per_token: loss} = page.verdict;
  return [...runs, ...line, {x: budget, y: loss.estimate, kind: 'next', title: TAB_WORDS.nextRun, lines: nextRunLines(page), runId: null}];
}

function splitMarks(page) {
  const runs = runMarks(page, (run) => [run.parameter_count, run.token_count]);
  const suggested = page.suggested_runs.map((run) => ({x: run.parameter_count, y: run.token_count, kind: 'next', title: WORDS.legend.suggested,
    lines: [`N ${figures.count(run.parameter_count)}, D ${figures.count(run.token_count)}, C ${figures.flops(run.training_flops)}`], runId: null}));
  const contours = page.contours.flatMap(({loss_nats_per_token: loss, points}) => points.map(([n, d]) => ({x: n, y: d, kind: 'line', title: TAB_WORDS.sameLoss,
    lines: [`loss ${figures.loss(loss)}`], runId: null})));
  if (!hasNextRun(page)) return [...runs, ...suggested, ...contours];
  const {budget_flops: budget, parameter_count: size} = page.verdict;
  return [...runs, ...suggested, ...contours, {x: size.estimate, y: tokensFor(budget, size.estimate), kind: 'next', title: TAB_WORDS.nextRun,
    lines: nextRunLines(page), runId: null}];
}

const SPLIT_READING = {marks: splitMarks, table: runTable};

/** @type {Object<string, import('./chart_reader.js').Reading>} by the chart's name */
export const ADVICE_READINGS = {loss: {marks: lossMarks, table: runTable}, split: SPLIT_READING, thin: SPLIT_READING};
