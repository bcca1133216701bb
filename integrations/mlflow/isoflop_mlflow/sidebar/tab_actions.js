/** What readers do: buttons, lists, dialogs, fields. */

import {NAMES} from './address.js';
import {budgetList} from './budget_list.js';
import {keepBudget} from './budgets.js';
import {copy} from './clipboard.js';
import {exportList} from './export.js';
import {mappingDialog, namesOfRuns} from './mapping.js';
import {planText} from './next_runs.js';
import {PlanChecks} from './plan_checks.js';
import {Popover} from './popover.js';
import {lawText, markRun, saveSettings} from './requests.js';
import {followRows} from './rows.js';
import {settingsDialog} from './settings.js';
import {TAB_WORDS} from './tab_words.js';
import {pagedStep, stepsOf} from './what_if.js';

/** How long the slider rests before what takes a request follows it. */
const SETTLE_MS = 150;
const MORE_VERSIONS = 12;

/**
 * @typedef {Object} Stage What the panel lends.
 * @property {import('./views.js').Choice} choice
 * @property {function(): import('./model.js').Known} known
 * @property {function(): import('./model.js').Model} model
 * @property {function(): Map<string, import('./chart.js').Chart>} chartsInSight
 * @property {ShadowRoot} root
 * @property {function(string): void} choose Opens a tab.
 * @property {function(): void} render @property {function(string): void} focus @property {function(string): void} tell
 */

export class TabActions {
  #stage;
  #plans;
  #settling = null;
  #stopRows;

  /** @param {Stage} stage */
  constructor(stage) {
    this.#stage = stage;
    this.popover = new Popover(stage.root, stage.focus);
    this.#plans = new PlanChecks(stage);
    this.#stopRows = followRows((runId) => stage.chartsInSight().forEach((chart) => chart.reader?.point(runId)));
  }

  stop() {
    clearTimeout(this.#settling);
    this.#stopRows();
  }

  /** @param {string} action */
  act(action) {
    const [verb, id] = action.split(/:(.*)/s), {choice, known, model, render} = this.#stage;
    if (verb === 'keep') this.#keepBudget(choice.whatIf);
    else if (verb === 'budget') this.#openList();
    else if (verb === 'copy-law') this.#copy('copy-law', lawText(model()));
    else if (verb === 'back') this.#ask(null);
    else if (verb === 'exclude' || verb === 'include') this.#preview({runId: id, excluded: verb === 'exclude', refused: null});
    else if (verb === 'look') this.#look(id);
    else if (verb === 'mark') this.#mark();
    else if (verb === 'unmark') this.#preview(null);
    else if (verb === 'export') this.#export();
    else if (verb === 'copy-link') this.#copyLink();
    else if (verb === 'settings') this.#settings();
    else if (verb === 'mapping') this.#mapping('mapping');
    else if (verb === 'prior') this.#takePrior(id);
    else if (verb === 'pin') model().pin(Number(id));
    else if (verb === 'check-plan') this.#plans.checkTicked();
    else if (verb === 'check-own') this.#plans.checkOwn();
    else if (verb === 'choose-plan') this.#plans.chooseFile();
    else if (verb === 'plan-line') this.#plans.showLine(Number(id));
    else if (verb === 'versions') {
      choice.versions = id === 'older' ? choice.versions + MORE_VERSIONS : choice.versions ? 0 : MORE_VERSIONS;
      render();
    } else if (verb === 'copy-first-plan') this.#copy('copy-first-plan', Promise.resolve(known().page.suggested_plan));
    else if (verb === 'copy-plan') this.#copy('copy-plan', Promise.resolve(planText(known().parts.next_runs.document, choice.ticks)));
  }

  /** @param {Event} event */
  input({target}) {
    if (target.matches('.slider')) this.#ask(target.valueAsNumber);
    if (target.matches('.own-plan')) this.#plans.write(target.value);
    if (target.dataset.tick) {
      this.#stage.choice.ticks[target.dataset.tick] = target.checked;
      this.#stage.render();
    }
    if (target.dataset.choice) {
      this.#stage.choice[target.dataset.choice] = target.value;
      this.#stage.render();
    }
    if (target.dataset.filter) {
      this.#stage.choice.runFilter = target.value;
      this.#stage.render();
    }
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.target.getAttribute?.('role') === 'tab') this.#walkTabs(event);
    const {target} = event, step = target.matches?.('.slider') ? pagedStep(event, target.valueAsNumber) : null;
    if (step === null) return;
    event.preventDefault();
    this.#ask(Math.max(0, Math.min(Number(target.max), step)));
  }

  #walkTabs(event) {
    const tabs = [...event.target.parentNode.children], at = tabs.indexOf(event.target);
    const next = {ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1}[event.key];
    if (next === undefined) return;
    event.preventDefault();
    const tab = tabs[(next + tabs.length) % tabs.length];
    tab.focus();
    this.#stage.choose(tab.dataset.action.slice('tab:'.length));
  }

  /** Asks what if. @param {?number} step Of the slider; null goes back to the reader's own budget. */
  #ask(step) {
    const {choice, known, render} = this.#stage, {budget_flops: own} = known().page;
    const budget = step === null ? own : stepsOf(known())[step].budget_flops;
    choice.whatIf = budget === own ? null : budget;
    render();
    clearTimeout(this.#settling);
    this.#settling = setTimeout(() => {
      choice.settled = choice.whatIf;
      render();
    }, SETTLE_MS);
  }

  #preview(preview) {
    const {choice, render, focus} = this.#stage, before = choice.preview;
    choice.preview = preview?.runId === before?.runId ? null : preview;
    render();
    if (!choice.preview && before) focus(`try-${before.runId}`);
  }

  /** Shows the law without a run, from elsewhere on the tab. */
  #look(runId) {
    const {choice, root, focus} = this.#stage;
    choice.preview = null;
    this.#preview({runId, excluded: true, refused: null});
    focus(`try-${runId}`);
    root.activeElement?.scrollIntoView({block: 'center'});
  }

  /** Does what the preview shows. */
  async #mark() {
    const {choice, model, render} = this.#stage, {preview} = choice;
    const status = await markRun(model(), preview.runId, preview.excluded);
    if (choice.preview !== preview) return;
    if (status === 200) this.#preview(null);
    else choice.preview = {...preview, refused: status === 401 || status === 403 ? TAB_WORDS.cannotMark : TAB_WORDS.notMarked};
    render();
  }

  #export() {
    const {choice, chartsInSight, model, tell} = this.#stage;
    this.popover.show('export', exportList(choice.shown, chartsInSight(), model(), (told) => {
      this.popover.close(true);
      tell(told);
    }));
  }

  #copyLink() {
    const {choice: {experimentId, tab, shown}} = this.#stage;
    this.#copy('copy-link', Promise.resolve(linkTo(experimentId, {budget: shown.budget_flops, version: shown.version, tab})));
  }

  #settings() {
    this.popover.show('settings', settingsDialog(this.#stage.model().known.settings, (changes) => this.#save(changes), () => this.popover.close(true),
      () => this.#mapping('settings')));
  }

  /** @param {string} opener The button's key. */
  async #mapping(opener) {
    const {model, known, tell} = this.#stage, names = await namesOfRuns(model());
    if (!names) return tell(TAB_WORDS.noNames);
    this.popover.show(opener, mappingDialog(known().page, known().settings, names, (changes) => this.#save(changes), () => this.popover.close(true)));
  }

  /** @param {Object<string, string>} changes @returns {Promise<?string>} what went wrong */
  async #save(changes) {
    const {model, tell} = this.#stage, status = await saveSettings(model(), changes);
    if (status !== 200) return status === 401 || status === 403 ? TAB_WORDS.cannotSave : TAB_WORDS.notSaved;
    this.popover.close(true);
    tell(TAB_WORDS.saved);
    return null;
  }

  /** Takes a published law as the prior. @param {string} name */
  async #takePrior(name) {
    const {choice, render} = this.#stage;
    choice.priorRefused = await this.#save({prior: name});
    render();
  }

  #openList() {
    const {known, choice} = this.#stage;
    this.popover.show('budget', budgetList(known().page, choice.experimentId, known().settings, (budget) => {
      this.popover.close(true);
      this.#keepBudget(budget);
    }));
  }

  #keepBudget(budget) {
    const {choice, model} = this.#stage;
    keepBudget(choice.experimentId, budget);
    model().setBudget(budget);
  }

  /** Copies, and says so on the button. @param {string} key Of the button. @param {Promise<string>} text */
  async #copy(key, text) {
    const {root, tell} = this.#stage, told = await copy(text) ? TAB_WORDS.copied : TAB_WORDS.notCopied;
    tell(told);
    const button = root.querySelector(`[data-key=${key}]`);
    if (button) button.textContent = told;
  }
}

/** To a view as it is. @param {string} experimentId @param {import('./address.js').Pin} pin */
function linkTo(experimentId, {budget, version, tab}) {
  const query = new URLSearchParams({isoflop: 'full', [NAMES.budget]: String(budget).replace('+', ''), [NAMES.version]: version, [NAMES.tab]: tab});
  return `${location.href.split('#')[0]}#/experiments/${encodeURIComponent(experimentId)}?${query}`;
}
