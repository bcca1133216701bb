/** What readers ask for by a button: changes, which MLflow keeps in tags, and documents in full. */

import {parseBudget} from './figures.js';
import {SETTING} from './model.js';

/** As the server reads it. */
const EXCLUSION_TAG = 'isoflop.exclude';

/**
 * Leaves a run out of the law or takes it in again, by a tag that MLflow keeps.
 * @param {import('./model.js').Model} model @param {string} runId @param {boolean} excluded @returns {Promise<number>} MLflow's status; 0 without an answer.
 */
export async function markRun(model, runId, excluded) {
  const call = excluded ? ['runs/set-tag', {run_id: runId, key: EXCLUSION_TAG, value: 'true'}] : ['runs/delete-tag', {run_id: runId, key: EXCLUSION_TAG}];
  const response = await model.mlflow(...call);
  if (response?.ok && model.known.updates === 'polling') model.load();
  return response?.status ?? 0;
}

/**
 * Keeps settings as tags of the experiment, for everyone.
 * @param {import('./model.js').Model} model @param {Object<string, string>} changes By name; '' forgets one.
 * @returns {Promise<number>} MLflow's status; 0 without an answer.
 */
export async function saveSettings(model, changes) {
  for (const [name, value] of Object.entries(changes)) {
    const body = {experiment_id: model.experimentId, key: SETTING + name};
    const response = await (value ? model.mlflow('experiments/set-experiment-tag', {...body, value}) : model.mlflow('experiments/delete-experiment-tag', body));
    if (!response?.ok) return response?.status ?? 0;
    model.update({settings: {...model.known.settings, [name]: value}});
  }
  if (parseBudget(changes.budget_flops ?? '')) model.setBudget(parseBudget(changes.budget_flops));
  return 200;
}

/** The law as `isoflop fit --format json` prints it, byte for byte. @param {import('./model.js').Model} model @returns {Promise<string>} */
export const lawText = async (model) => (await answer(model, 'law')).text();

/**
 * The runs that the law is fitted to, by name and with all digits; the page document has what is drawn.
 * @param {import('./model.js').Model} model @param {{drawn?: boolean}} query Empty for all. @returns {Promise<Array<Object>>}
 */
export const runsInFull = async (model, query = {}) => (await (await answer(model, 'runs', query)).json()).runs;

async function answer(model, route, query = {}) {
  const response = await fetch(model.url(route, query), {cache: 'no-store'});
  if (!response.ok) throw new Error(`${route}: ${response.status}`);
  return response;
}
