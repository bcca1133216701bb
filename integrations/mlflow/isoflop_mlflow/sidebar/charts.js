/** The charts of the tab Advice. */

import {Chart} from './chart.js';
import {LOSS_CHART} from './loss_chart.js';
import {SPLIT_CHART} from './split_chart.js';

/** @returns {Map<string, Chart>} by name */
export const makeCharts = () => new Map([LOSS_CHART, SPLIT_CHART].map((subject) => [subject.name, new Chart(subject)]));
