/** What the charts share about runs: their hover cards and their table. */

import * as figures from './tab_figures.js';
import {runLink} from './runs.js';
import {TAB_WORDS} from './tab_words.js';

/** @param {Object} run In full. @returns {string[]} */
export function runLines(run) {
  const size = `N ${figures.count(run.parameter_count)}, D ${figures.count(run.token_count)}, C ${figures.flops(run.training_flops)}`;
  if (run.log_residual === null) return [size, `loss ${figures.loss(run.loss_nats_per_token)}`];
  const law = run.loss_nats_per_token * Math.exp(-run.log_residual);
  return [size, `loss ${figures.loss(run.loss_nats_per_token)}, law ${figures.loss(law)} (${figures.offLaw(run.log_residual)})`];
}

const byCompute = (runs) => [...runs].sort((a, b) => a.training_flops - b.training_flops);

/**
 * Runs in order of compute, for keys to walk them.
 * @param {Object} page @param {function(Object): [number, number]} at @returns {Array<import('./chart_reader.js').Mark>}
 */
export const runMarks = (page, at) => byCompute(page.runs).map((run) => {
  const [x, y] = at(run);
  return {x, y, kind: 'run', key: run.run_key};
});

/** @param {Object} page */
export function nextRunLines(page) {
  const {verdict} = page, loss = figures.interval(verdict.loss_nats_per_token);
  return [`N ${figures.count(verdict.parameter_count.estimate)}, D ${figures.count(verdict.token_count.estimate)}, C ${figures.flops(verdict.budget_flops)}`,
    `predicted loss ${[loss.estimate, loss.bounds].filter(Boolean).join(' ')}`];
}

/** Of all runs, also where only some are drawn. @param {Object} page @param {function(): Promise<Array<Object>>} allRuns */
export async function runTable(page, allRuns) {
  const columns = TAB_WORDS.columns;
  return {
    columns: [columns.run, columns.parameters, columns.tokens, columns.flop, columns.loss, columns.offLaw],
    rows: byCompute(await allRuns()).map((run) => [runLink(run, page.study.id), figures.count(run.parameter_count),
      figures.count(run.token_count), figures.flops(run.training_flops), figures.loss(run.loss_nats_per_token),
      run.log_residual === null ? '' : figures.offLaw(run.log_residual)]),
  };
}
