/** Chart 2 while there are too few runs for a law: the runs there are, and those that would do. */

import {SPLIT_CHART} from './split_chart.js';
import {TAB_SENTENCES, TAB_WORDS} from './tab_words.js';
import {TIPS} from './tips.js';
import {WORDS} from './words.js';

const RADIUS = 4;
/** Tokens per parameter that many take for the best: a line to place runs by. */
const USUAL_RATIO = 20;

function draw(paint, page) {
  paint.clipped(() => {
    drawUsualRatio(paint, SPLIT_CHART.axes(page));
    paint.dots(page.runs.map((run) => [run.parameter_count, run.token_count]), RADIUS);
    for (const run of page.suggested_runs) drawSuggestion(paint, run);
  });
}

function drawUsualRatio(paint, {x, y}) {
  const end = Math.min(x[1], y[1] / USUAL_RATIO);
  paint.line([x[0], end].map((parameters) => [parameters, USUAL_RATIO * parameters]), {color: '--text2', dash: [4, 4]});
  paint.label(TAB_WORDS.usualRatio(USUAL_RATIO), paint.x(end) - 14 * paint.ratio, paint.y(USUAL_RATIO * end) + 10 * paint.ratio, {align: 'right'});
}

function drawSuggestion(paint, run) {
  paint.diamond(run.parameter_count, run.token_count);
  paint.label(TAB_WORDS.try, paint.x(run.parameter_count) + 12 * paint.ratio, paint.y(run.token_count), {color: '--ink', font: '600 11px', align: 'left'});
}

/** @type {import('./chart.js').Subject} */
export const THIN_CHART = {
  ...SPLIT_CHART, name: 'thin', draw,
  legend: (page) => [['dot', TAB_WORDS.yourRuns(page.runs.length), TIPS.legend.runs], page.suggested_runs.length ? ['diamond', TAB_WORDS.suggested, TIPS.legend.suggested] : null].filter(Boolean),
  sentence: (page) => TAB_SENTENCES.thinChart(page.runs.length, page.suggested_runs.length),
};
