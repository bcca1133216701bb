/** What is loaded when a tab other than Advice is first opened, or the full page. */

import {Chart} from './chart.js';
import {VALLEY_CHART} from './valley_chart.js';

export {exclusionsView, previewQuery} from './exclusions.js';
export {checksView, versionsView} from './evidence.js';
export {TabActions} from './tab_actions.js';
export {tradeOffsQuery, tradeOffsView} from './trade_offs.js';
export {nextRunsView} from './next_runs.js';
export {runningView} from './running.js';
export {thisRunView} from './this_run.js';
export {otherSizesView} from './other_sizes.js';
export {pageAt, stepsOf, whatIfNote, whatIfView} from './what_if.js';

/** @returns {Array<[string, Chart]>} by name */
export const makeTabCharts = () => [[VALLEY_CHART.name, new Chart(VALLEY_CHART)]];
