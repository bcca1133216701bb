/** The list under the budget button: last used, the server's steps, and free entry in FLOP or in device time. */

import {usedBudgets} from './budgets.js';
import {deviceRate, parseDeviceTime} from './device_time.js';
import {element} from './element.js';
import {flops, parseBudget} from './figures.js';
import {WORDS} from './words.js';
import {TAB_WORDS} from './tab_words.js';

/**
 * @param {Object} page @param {string} experimentId @param {Object<string, string>} settings @param {function(number): void} choose
 * @returns {HTMLElement} to be placed under the budget button
 */
export function budgetList(page, experimentId, settings, choose) {
  const largest = page.law?.region?.training_flops?.[1] ?? Infinity;
  const rate = deviceRate(settings);
  const used = usedBudgets(experimentId).filter((budget) => budget !== page.budget_flops);
  const line = (budget, note) => element('li', {},
    element('button', {type: 'button', class: 'choice', 'data-budget': budget, 'aria-current': budget === page.budget_flops ? 'true' : null},
      element('span', {}, `${flops(budget)} ${WORDS.flop}`), note ? element('span', {class: 'muted'}, note) : null));
  const field = element('input', {type: 'text', 'aria-label': TAB_WORDS.otherBudget, placeholder: rate ? TAB_WORDS.otherBudgetInTime : TAB_WORDS.otherBudgetExample, autocomplete: 'off', spellcheck: 'false'});
  const error = element('p', {class: 'error', role: 'alert'});
  const list = element('div', {class: 'list', role: 'dialog', 'aria-label': TAB_WORDS.budgetList, 'data-keep': true},
    element('ul', {},
      used.map((budget) => line(budget, TAB_WORDS.lastUsed)),
      page.budget_choices.filter((budget) => !used.includes(budget)).map((budget) => line(budget, budget > largest ? TAB_WORDS.pastRuns : null))),
    element('form', {}, field, element('button', {type: 'submit', class: 'button'}, TAB_WORDS.useBudget)), error);
  list.addEventListener('click', (event) => {
    const choice = event.target.closest('[data-budget]');
    if (choice) choose(Number(choice.dataset.budget));
  });
  list.addEventListener('submit', (event) => {
    event.preventDefault();
    const seconds = parseDeviceTime(field.value), budget = seconds === null ? parseBudget(field.value) : rate && seconds * rate;
    if (budget !== null) return choose(budget);
    error.textContent = seconds === null ? TAB_WORDS.badBudget : TAB_WORDS.noRate;
    field.setAttribute('aria-invalid', 'true');
  });
  list.addEventListener('keydown', (event) => {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    const stops = [...list.querySelectorAll('.choice'), field];
    const next = stops.indexOf(event.target) + (event.key === 'ArrowDown' ? 1 : -1);
    event.preventDefault();
    stops[(next + stops.length) % stops.length].focus();
  });
  return list;
}
