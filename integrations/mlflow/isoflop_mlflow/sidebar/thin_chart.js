/** Chart 2 while there are too few runs for a law: the runs there are, and those that would do. */

import {SPLIT_CHART} from './split_chart.js';
import {TAB_SENTENCES} from './tab_words.js';
import {TIPS} from './tips.js';
import {WORDS} from './words.js';

const RADIUS = 4;

function draw(paint, page) {
  paint.clipped(() => {
    paint.dots(page.runs.map((run) => [run.parameter_count, run.token_count]), RADIUS);
    for (const run of page.suggested_runs) drawSuggestion(paint, run);
  });
}

function drawSuggestion(paint, run) {
  paint.diamond(run.parameter_count, run.token_count);
  paint.label(WORDS.try, paint.x(run.parameter_count) + 12 * paint.ratio, paint.y(run.token_count), {color: '--ink', font: '600 11px', align: 'left'});
}

/** @type {import('./chart.js').Subject} */
export const THIN_CHART = {
  ...SPLIT_CHART, name: 'thin', draw,
  legend: (page) => [['dot', WORDS.legend.runs, TIPS.legend.runs], page.suggested_runs.length ? ['diamond', WORDS.legend.suggested, TIPS.legend.suggested] : null].filter(Boolean),
  sentence: (page) => TAB_SENTENCES.thinChart(page.runs.length, page.suggested_runs.length),
};
