/**
 * Which name of the tracker is read as which quantity, chosen by hand: settings of the study, kept as tags of the experiment in MLflow. Names and
 * their examples are MLflow's own, of the latest finished runs.
 */

import {element} from './element.js';
import {cancelButton} from './settings.js';
import {TAB_WORDS} from './tab_words.js';

/** How the settings start that the service reads; the quantity follows. */
const MAPPING = 'mapping.';
/** Runs whose names are offered. */
const LATEST = 50;
const KINDS = {metric: 'metrics', param: 'params', tag: 'tags'};
/** What each quantity may be read from, as the service takes it. */
const QUANTITIES = {
  loss_nats_per_token: ['metric'],
  parameter_count: ['param', 'tag', 'metric'],
  token_count: ['metric', 'param', 'tag'],
  training_flops: ['metric', 'param', 'tag'],
  unique_token_count: ['metric', 'param', 'tag'],
};
/** The settings that say what is read as N, by what they count. */
const SIZES = ['parameter_count', 'non_embedding_parameter_count', 'without_input_embedding_parameter_count', 'active_parameter_count'];

/**
 * Names with a numeric value and an example of each, by kind: the latest run's.
 * @param {import('./model.js').Model} model @returns {Promise<?Object<string, Map<string, string>>>} Null without an answer.
 */
export async function namesOfRuns(model) {
  const response = await model.mlflow('runs/search', {experiment_ids: [model.experimentId], filter: "attributes.status = 'FINISHED'", max_results: LATEST});
  const found = response?.ok ? await response.json().catch(() => null) : null;
  if (!found) return null;
  const names = Object.fromEntries(Object.keys(KINDS).map((kind) => [kind, new Map()]));
  for (const {data} of found.runs ?? []) {
    for (const [kind, list] of Object.entries(KINDS)) {
      for (const {key, value} of data[list] ?? []) {
        if (!/^(mlflow|isoflop|system)[./]/.test(key) && !names[kind].has(key) && Number.isFinite(parseFloat(value))) names[kind].set(key, String(value));
      }
    }
  }
  return names;
}

/**
 * @param {Object} page @param {Object<string, string>} settings @param {Object<string, Map<string, string>>} names
 * @param {function(Object<string, string>): Promise<?string>} save Takes what changed, '' for what is to be worked out; gives what went wrong.
 * @param {function(): void} cancel
 */
export function mappingDialog(page, settings, names, save, cancel) {
  const error = element('p', {class: 'error', role: 'alert'});
  const fields = Object.keys(QUANTITIES).map((quantity) => sourceField(quantity, page, settings, names));
  const form = element('form', {novalidate: true},
    element('div', {class: 'settings-body'}, element('p', {class: 'secondary'}, TAB_WORDS.mappingText), fields), error,
    element('div', {class: 'row'}, element('button', {type: 'submit', class: 'button primary', 'data-key': 'save-mapping'}, TAB_WORDS.save), cancelButton(cancel)));
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const changed = [...form.querySelectorAll('select')].filter(({name, value}) => value !== (settings[name] ?? ''));
    error.textContent = await save(Object.fromEntries(changed.map(({name, value}) => [name, value]))) ?? '';
  });
  return element('div', {class: 'list settings', role: 'dialog', 'aria-label': TAB_WORDS.mappingTitle, 'data-keep': true}, form);
}

function sourceField(quantity, page, settings, names) {
  const setting = MAPPING + (quantity === 'parameter_count' ? SIZES.find((size) => settings[MAPPING + size]) ?? quantity : quantity);
  const id = `setting-${setting}`, set = settings[setting] ?? '';
  const option = (value, text) => element('option', {value, selected: value === set}, text);
  const groups = QUANTITIES[quantity].map((kind) => [kind, [...names[kind]].sort(([one], [other]) => one < other ? -1 : 1)]).filter(([, found]) => found.length);
  const offered = groups.flatMap(([kind, found]) => found.map(([key]) => `${kind}:${key}`));
  const by = page.mapping.find((source) => source.quantity === quantity && !source.by_hand);
  return element('div', {class: 'setting source'}, element('label', {for: id}, TAB_WORDS.quantities[quantity],
    page.missing.includes(quantity) ? element('span', {class: 'muted'}, ` ${TAB_WORDS.missing}`) : null),
  element('select', {id, name: setting}, option('', TAB_WORDS.workedOut(by?.key)),
    set && set !== 'none' && !offered.includes(set) ? option(set, set) : null,
    groups.map(([kind, found]) => element('optgroup', {label: TAB_WORDS.kinds[kind]}, found.map(([key, value]) => option(`${kind}:${key}`, `${key} (${value})`)))),
    option('none', TAB_WORDS.notLogged)));
}
