/**
 * The settings of a study, kept as tags of the experiment in MLflow: what a team has and pays, and what it aims for. Empty means not set.
 */

import {element} from './element.js';
import {parseBudget} from './figures.js';
import {TAB_WORDS} from './tab_words.js';

/** Names as the routes take them; each tag is `isoflop.` and the name. */
export const COST_SETTINGS = ['gpu_count', 'gpu_flops_per_sec', 'utilisation', 'gpu_price_per_hour', 'gpu_power_kw', 'electricity_price_per_kwh',
  'price_per_billion_tokens', 'days', 'unique_token_count', 'served_token_count'];
const AIM_SETTINGS = ['budget_flops', 'target_loss_nats_per_token', 'tolerance'];
/** Shares, and the greatest that each may be. */
const GREATEST = {utilisation: 1, tolerance: 0.1};
/** A published law whose exponents are the law's priors. */
const PRIOR = 'prior';
/** Each change of its value asks the service for a refit from scratch. */
const REFIT = 'refit';
const MAY_BE_ZERO = new Set(['gpu_price_per_hour', 'gpu_power_kw', 'electricity_price_per_kwh', 'price_per_billion_tokens']);

/** Published laws to choose from, by name; with the one that is set, whatever it is. @param {string} [set] */
const priorsBeside = (set) => ({'': TAB_WORDS.noPrior, ...TAB_WORDS.priors, ...(set && !TAB_WORDS.priors[set] && {[set]: set})});

/** The number that a person typed; null where it is none that the setting takes. */
export function readNumber(name, text) {
  const typed = text.trim(), percent = name === 'tolerance' && typed.endsWith('%');
  const number = MAY_BE_ZERO.has(name) && /^0*\.?0+$/.test(typed) ? 0 : parseBudget(percent ? typed.slice(0, -1) : typed);
  const value = percent && number !== null ? number / 100 : number;
  return value > GREATEST[name] ? null : value;
}

/** What of the settings a route takes. @param {Object<string, string>} settings @param {string[]} names */
export const queryOf = (settings, names) => Object.fromEntries(names.filter((name) => settings[name] && readNumber(name, settings[name]) !== null)
  .map((name) => [name, String(readNumber(name, settings[name]))]));

/**
 * @param {Object<string, string>} settings
 * @param {function(Object<string, string>): Promise<?string>} save Takes what changed, '' for what is to be forgotten; gives what went wrong.
 * @param {function(): void} cancel @param {function(): void} mapping Opens what each quantity is read from.
 */
export function settingsDialog(settings, save, cancel, mapping) {
  const button = (key, text, act) => {
    const made = element('button', {type: 'button', class: 'button', 'data-key': key}, text);
    made.addEventListener('click', act);
    return made;
  };

  const error = element('p', {class: 'error', role: 'alert'});
  const labelOf = (name) => {
    const [label, unit] = TAB_WORDS.settings[name];
    return [label, unit ? element('span', {class: 'muted'}, ` ${unit}`) : null];
  };
  const field = (name) => {
    const id = `setting-${name}`;
    return element('div', {class: 'setting'}, element('label', {for: id}, ...labelOf(name)),
      element('input', {id, name, type: 'text', inputmode: 'decimal', autocomplete: 'off', spellcheck: 'false', value: settings[name] ?? ''}));
  };
  const choice = (name, options) => element('div', {class: 'setting source'}, element('label', {for: `setting-${name}`}, ...labelOf(name)),
    element('select', {id: `setting-${name}`, name}, Object.entries(options).map(([value, text]) =>
      element('option', {value, selected: value === (settings[name] ?? '')}, text))));
  const group = (title, names) => element('fieldset', {}, element('legend', {}, title), names.map(field));
  const form = element('form', {novalidate: true},
    element('div', {class: 'settings-body'}, element('p', {class: 'secondary'}, TAB_WORDS.settingsText), group(TAB_WORDS.aims, AIM_SETTINGS),
      group(TAB_WORDS.costs, COST_SETTINGS), choice(PRIOR, priorsBeside(settings[PRIOR])), element('p', {class: 'setting'}, TAB_WORDS.mappingTitle, button('choose-names', TAB_WORDS.chooseNames, mapping)),
      element('p', {class: 'setting'}, TAB_WORDS.refitText, button('refit', TAB_WORDS.refitNow, async () => {
        error.textContent = await save({[REFIT]: new Date().toISOString()}) ?? '';
      }))),
    error,
    element('div', {class: 'row'}, element('button', {type: 'submit', class: 'button primary', 'data-key': 'save-settings'}, TAB_WORDS.save),
      cancelButton(cancel)));
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const changes = {}, bad = [];
    for (const input of form.querySelectorAll('input, select')) {
      const text = input.value.trim(), valid = text === '' || input.name === PRIOR || readNumber(input.name, text) !== null;
      if (valid) input.removeAttribute('aria-invalid');
      else input.setAttribute('aria-invalid', 'true');
      if (!valid) bad.push(TAB_WORDS.badSetting(TAB_WORDS.settings[input.name][0], GREATEST[input.name], text));
      if (text !== (settings[input.name] ?? '')) changes[input.name] = text;
    }
    error.textContent = bad.length ? bad.join(' ') : await save(changes) ?? '';
  });
  return element('div', {class: 'list settings', role: 'dialog', 'aria-label': TAB_WORDS.settingsTitle, 'data-keep': true}, form);
}

export function cancelButton(cancel) {
  const button = element('button', {type: 'button', class: 'button'}, TAB_WORDS.cancel);
  button.addEventListener('click', cancel);
  return button;
}
