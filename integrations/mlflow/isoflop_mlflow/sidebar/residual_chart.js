/** Chart 4: how far each run lies off the law, over the noise of runs. */

import * as figures from './figures.js';
import {runMarks, runTable} from './run_marks.js';
import {decadeTicks, roundTicks, spanOf} from './ticks.js';
import {noiseText} from './verdict.js';
import {TIPS} from './tips.js';
import {WORDS} from './words.js';
import {TAB_SENTENCES, TAB_TIPS, TAB_WORDS} from './tab_words.js';

const percentOff = (run) => Math.expm1(run.log_residual) * 100;
const known = (page) => page.runs.filter((run) => run.log_residual !== null);
const twiceNoise = (page) => 2 * 100 * (page.law?.noise?.log_loss_standard_deviation ?? 0);

function axes(page) {
  const compute = spanOf(known(page).map((run) => run.training_flops)) ?? [1e18, 1e21];
  const x = [compute[0] / 1.6, compute[1] * 1.6];
  const most = Math.max(twiceNoise(page), ...known(page).map((run) => Math.abs(percentOff(run))), 0.1) * 1.15;
  return {x, y: [-most, most], xTicks: decadeTicks(...x), yTicks: roundTicks(-most, most), xText: figures.flops, yText: signed, yLog: false};
}

function signed(value) {
  const text = String(Math.abs(value));
  return `${value > 0 ? '+' : value < 0 ? '\u2212' : ''}${text}${figures.NBSP}%`;
}

function draw(paint, page, wide) {
  const {x} = axes(page), band = twiceNoise(page);
  const flat = (value) => x.map((compute) => [compute, value]);
  paint.clipped(() => {
    paint.band(flat(-band), flat(band));
    paint.line(flat(0), {color: '--law', width: 1.5});
    paint.dots(known(page).map((run) => [run.training_flops, percentOff(run)]), wide ? 2.4 : 2.2);
  });
}

/** @type {import('./chart.js').Subject} */
export const RESIDUAL_CHART = {
  name: 'residual', onlyRuns: true, title: TAB_WORDS.residualChart, aside: (page) => [TAB_WORDS.residualNote, TAB_TIPS.noise(noiseText(page))],
  caption: () => [WORDS.computeAxis, TIPS.computeAxis], yTip: () => TAB_TIPS.residualAxis, yWidth: 52, height: {narrow: 120, wide: 170}, axes, draw,
  marks: (page) => runMarks({...page, runs: known(page)}, (run) => [run.training_flops, percentOff(run)]),
  table: runTable, legend: () => [], sentence: (page) => TAB_SENTENCES.residualChart(known(page).length, noiseText(page)),
};
