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
const SIZES = {parameter_count: 'TOTAL', non_embedding_parameter_count: 'NON_EMBEDDING', without_input_embedding_parameter_count: 'WITHOUT_INPUT_EMBEDDING',
  active_parameter_count: 'ACTIVE'};
/** Of the logged figure, in the quantity's own unit. */
const COUNTS = {'1e3': TAB_WORDS.units.thousands, '1e6': TAB_WORDS.units.millions, '1e9': TAB_WORDS.units.billions, '1e12': TAB_WORDS.units.trillions};
const UNITS = {loss_nats_per_token: {[String(Math.LN2)]: TAB_WORDS.units.bits}, training_flops: {'8.64e19': TAB_WORDS.units.petaflopDays, '1e18': '1e18', '1e21': '1e21'}};

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
  const fields = Object.keys(QUANTITIES).map((quantity) => new SourceField(quantity, page, settings, names));
  const form = element('form', {novalidate: true},
    element('div', {class: 'settings-body'}, element('p', {class: 'secondary'}, TAB_WORDS.mappingText), fields.map((field) => field.node)), error,
    element('div', {class: 'row'}, element('button', {type: 'submit', class: 'button primary', 'data-key': 'save-mapping'}, TAB_WORDS.save), cancelButton(cancel)));
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const wanted = Object.entries(Object.assign({}, ...fields.map((field) => field.settings())));
    error.textContent = await save(Object.fromEntries(wanted.filter(([name, value]) => value !== (settings[name] ?? '')))) ?? '';
  });
  return element('div', {class: 'list settings', role: 'dialog', 'aria-label': TAB_WORDS.mappingTitle, 'data-keep': true}, form);
}

/** A setting as the service takes it: what is read, and its unit. @param {string} value */
function parts(value) {
  const [, source, unit = ''] = /^(.*?)\s*(?:\*\s*([^*]*))?$/.exec(value);
  return {source, unit};
}

/** What one quantity is read from, in which unit, and, of N, what it counts. */
class SourceField {
  #quantity;
  #names;
  #workedOut;
  #source;
  #unit;
  #counts = null;

  constructor(quantity, page, settings, names) {
    this.#quantity = quantity;
    this.#names = quantity === 'parameter_count' ? Object.keys(SIZES) : [quantity];
    const name = this.#names.find((one) => settings[MAPPING + one]) ?? quantity, {source, unit} = parts(settings[MAPPING + name] ?? '');
    const by = page.mapping.find((found) => found.quantity === quantity && !found.by_hand && found.kind !== 'derived');
    this.#workedOut = by ? `${by.kind}:${by.key}` : null;
    const id = `setting-${MAPPING}${quantity}`;
    this.#source = sourceSelect(id, quantity, source, by, names);
    const units = {'': TAB_WORDS.units.asLogged, ...(UNITS[quantity] ?? COUNTS)};
    if (unit && !(unit in units)) units[unit] = unit;
    this.#unit = select({class: 'unit', 'aria-label': TAB_WORDS.unit}, units, unit);
    if (this.#names.length > 1) this.#counts = select({'aria-label': TAB_WORDS.whatItCounts}, Object.fromEntries(this.#names.map((one) => [one, TAB_WORDS.conventions[SIZES[one]]])), name);
    const missing = page.missing.includes(quantity) ? element('span', {class: 'muted'}, ` ${TAB_WORDS.missing}`) : null;
    this.node = element('div', {class: 'setting source', role: 'group', 'aria-label': TAB_WORDS.quantities[quantity]},
      element('label', {for: id}, TAB_WORDS.quantities[quantity], missing), this.#source, this.#counts, this.#unit);
  }

  /** The settings of this quantity by name, '' for those that are to go. A unit, or what is counted, is one of a name: of the one that was worked out. */
  settings() {
    const unit = this.#unit.value, counted = this.#counts?.value ?? this.#quantity, says = unit || counted !== this.#quantity;
    const source = this.#source.value || (says && this.#workedOut) || '';
    const value = source && source !== 'none' && unit ? `${source} * ${unit}` : source;
    return Object.fromEntries(this.#names.map((name) => [MAPPING + name, name === counted ? value : '']));
  }
}

/** @param {Object<string, *>} properties @param {Object<string, string>} texts By value. @param {string} set */
const select = (properties, texts, set) => element('select', properties, Object.entries(texts).map(([value, text]) =>
  element('option', {value, selected: value === set}, text)));

function sourceSelect(id, quantity, set, by, names) {
  const option = (value, text) => element('option', {value, selected: value === set}, text);
  const groups = QUANTITIES[quantity].map((kind) => [kind, [...names[kind]].sort(([one], [other]) => one < other ? -1 : 1)]).filter(([, found]) => found.length);
  const offered = groups.flatMap(([kind, found]) => found.map(([key]) => `${kind}:${key}`));
  return element('select', {id}, option('', TAB_WORDS.workedOut(by?.key)),
    set && set !== 'none' && !offered.includes(set) ? option(set, set) : null,
    groups.map(([kind, found]) => element('optgroup', {label: TAB_WORDS.kinds[kind]}, found.map(([key, value]) => option(`${kind}:${key}`, `${key} (${value})`)))),
    option('none', TAB_WORDS.notLogged));
}
