/** Where a run's own page is, in MLflow's hash routes. */

import {element} from './element.js';
import {shortName} from './tab_figures.js';

/** @param {string} experimentId @param {string} runId */
export function runAddress(experimentId, runId) {
  return `#/experiments/${encodeURIComponent(experimentId)}/runs/${encodeURIComponent(runId)}`;
}

/** @param {string} experimentId @param {string} runId */
export function openRun(experimentId, runId) {
  location.hash = runAddress(experimentId, runId).slice(1);
}

/** @param {{run_id: string, run_name: ?string}} run @param {string} experimentId */
export function runLink(run, experimentId) {
  const name = run.run_name || run.run_id;
  return element('a', {href: runAddress(experimentId, run.run_id), title: name.length > 28 ? name : null}, shortName(name));
}
