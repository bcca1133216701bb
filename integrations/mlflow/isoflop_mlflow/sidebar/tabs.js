/**
 * What the first sight of the panel does without: all tabs but Advice, the full page, states without advice, reading charts, and whatever readers do. Loaded
 * once the charts stand, or when it is needed before.
 */

import {ADVICE_READINGS} from './advice_readings.js';
import {Chart} from './chart.js';
import {ChartReader} from './chart_reader.js';
import {dotPicture} from './dots.js';
import './index.js';  // Comes first in any case: what both need is packed with it, in one file.
import {takeDotPicture} from './paint.js';
import {runsInFull} from './requests.js';
import {RESIDUAL_CHART} from './residual_chart.js';
import {RunDetails} from './run_details.js';
import {THIN_CHART} from './thin_chart.js';
import {VALLEY_CHART} from './valley_chart.js';

export {previewQuery} from './exclusions.js';
export {fullColumns, shareButtons} from './full_page.js';
export {lawView} from './law.js';
export {nextRunsView} from './next_runs.js';
export {runningView} from './running.js';
export {pinnedNote, stateView, untrustedView} from './states.js';
export {TabActions} from './tab_actions.js';
export {followHandle, keepFocus} from './panel_edges.js';
export {Parts} from './parts.js';
export {thisRunView} from './this_run.js';
export {explainFigures} from './tip_bubble.js';
export {TIPS} from './tips.js';
export {tradeOffsQuery, tradeOffsView} from './trade_offs.js';
export {pageAt, stepsOf, whatIfNote, whatIfView} from './what_if.js';
export {selectionNote, whyView} from './why.js';

/** @returns {Array<[string, Chart]>} by name */
export const makeTabCharts = () => [RESIDUAL_CHART, THIN_CHART, VALLEY_CHART].map((subject) => [subject.name, new Chart(subject)]);

/** Makes charts tell of what is pointed at, and follow the slider. @param {Map<string, Chart>} charts @param {function(): import('./model.js').Model} model */
export function readCharts(charts, model) {
  takeDotPicture(dotPicture);
  const details = new RunDetails(model);
  for (const [name, chart] of charts) new ChartReader(chart, ADVICE_READINGS[name] ?? chart.subject, details, () => runsInFull(model()));
}
