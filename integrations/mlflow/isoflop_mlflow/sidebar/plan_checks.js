/** Asks the server to judge plans as `isoflop check` does: the ticked next runs, or a plan of the reader's own. */

import {checkSummary} from './check_view.js';
import {element} from './element.js';
import {planText} from './next_runs.js';
import {TAB_WORDS} from './tab_words.js';

const WORDS = TAB_WORDS.check;
/** As places name the plan of the ticked runs, and one that was typed. */
const FILE = 'plan.yaml';

/**
 * @typedef {Object} Check
 * @property {string} text The plan that was sent. @property {?Answer} answer Null while it is awaited.
 *
 * @typedef {Object} Answer One of the first three.
 * @property {Object} [document] What `isoflop check --format json` prints.
 * @property {Array<{place: {file: string, line: number, column: number}, message: string}>} [problems] Why the plan cannot be read.
 * @property {string} [refusal] Why nothing was checked.
 * @property {Map<string, {meaning: string, fix: string}>} [codes] What the codes of findings mean.
 *
 * @typedef {Object} Checks Of the experiment in view.
 * @property {Check} [ticked] @property {Check} [own]
 * @property {{file: string, text: string}} [draft] What the reader typed or chose.
 */

export class PlanChecks {
  #stage;

  /** @param {import('./tab_actions.js').Stage} stage */
  constructor(stage) {
    this.#stage = stage;
  }

  /** The plan of the ticked next runs. */
  checkTicked() {
    const {choice, known} = this.#stage;
    this.#check('ticked', {file: FILE, text: planText(known().parts.next_runs.document, choice.ticks)});
  }

  checkOwn() {
    this.#check('own', this.#stage.choice.checks.draft ?? {file: FILE, text: ''});
  }

  /** What the reader types. @param {string} text */
  write(text) {
    this.#stage.choice.checks.draft = {file: FILE, text};
    this.#stage.render();
  }

  /** Puts a file in the place of what was typed, and checks it. */
  chooseFile() {
    const input = element('input', {type: 'file', accept: '.yaml,.yml,.json,.toml,.py,.sh'});
    input.addEventListener('change', async () => {
      const [file] = input.files, text = await file.text();
      this.#field.value = text;
      this.#stage.choice.checks.draft = {file: file.name, text};
      this.checkOwn();
    });
    input.click();
  }

  /** Shows where in the reader's own plan something stands. @param {number} line From 1. */
  showLine(line) {
    const field = this.#field, lines = field.value.split('\n'), start = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
    field.focus();
    field.setSelectionRange(start, start + (lines[line - 1] ?? '').length);
  }

  get #field() { return this.#stage.root.querySelector('.own-plan'); }

  /** @param {'ticked'|'own'} which @param {{file: string, text: string}} plan */
  async #check(which, plan) {
    const {choice: {checks}, model, render, tell} = this.#stage, check = checks[which] = {text: plan.text, answer: null};
    render();
    const answer = plan.text.trim() ? await ask(model(), plan) : {refusal: WORDS.nothingToCheck};
    if (this.#stage.choice.checks[which] !== check) return;  // Another one was asked for since, or another experiment.
    check.answer = answer;
    render();
    tell(checkSummary(answer));
  }
}

/** @param {import('./model.js').Model} model @param {{file: string, text: string}} plan @returns {Promise<Answer>} */
async function ask(model, plan) {
  const address = model.url('plan/check', {}), body = {experiment_id: model.experimentId, plans: [plan], version: model.known.page.version};
  address.search = '';
  const post = {method: 'POST', cache: 'no-store', headers: {'Content-Type': 'application/json'}, body: JSON.stringify(body)};
  const [response, codes] = await Promise.all([fetch(address, post).catch(() => null), explanations(model)]);
  const answer = await response?.json().catch(() => null);
  if (response?.ok && answer?.problems?.length) return {problems: answer.problems};
  if (response?.ok && answer?.runs) return {document: answer, codes};
  return {refusal: WORDS.refusals[response?.status] ?? answer?.error?.message ?? WORDS.notChecked};
}

/** What codes mean; none where the server does not tell, which is no reason not to show what was found. */
async function explanations(model) {
  const response = await fetch(model.url('finding_codes', {})).catch(() => null);
  const found = response?.ok ? await response.json().catch(() => null) : null;
  return new Map((found?.codes ?? []).map((code) => [code.code, code]));
}
