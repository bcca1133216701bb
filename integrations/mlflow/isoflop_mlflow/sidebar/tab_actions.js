/** What readers do in the parts that are loaded with tabs.js. */

import {linkTo} from './address.js';
import {exportList} from './export.js';
import {planText} from './next_runs.js';
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
 * @property {import('./popover.js').Popover} popover
 * @property {function(): void} render @property {function(string): void} focus @property {function(string): void} tell
 * @property {function(string, Promise<string>): void} copy Of a button by its key: copies and says so.
 * @property {function(number): void} keepBudget
 */

export class TabActions {
  #stage;
  #settling = null;

  /** @param {Stage} stage */
  constructor(stage) {
    this.#stage = stage;
  }

  stop() {
    clearTimeout(this.#settling);
  }

  /** @param {string} action */
  act(action) {
    const [verb, id] = action.split(/:(.*)/s), {choice, keepBudget, copy, known, model, render} = this.#stage;
    if (verb === 'keep') keepBudget(choice.whatIf);
    else if (verb === 'back') this.#ask(null);
    else if (verb === 'exclude' || verb === 'include') this.#preview({runId: id, excluded: verb === 'exclude', refused: null});
    else if (verb === 'mark') this.#mark();
    else if (verb === 'unmark') this.#preview(null);
    else if (verb === 'export') this.#export();
    else if (verb === 'copy-link') this.#copyLink();
    else if (verb === 'settings') this.#settings();
    else if (verb === 'pin') model().pin(Number(id));
    else if (verb === 'versions') {
      choice.versions = id === 'older' ? choice.versions + MORE_VERSIONS : choice.versions ? 0 : MORE_VERSIONS;
      render();
    } else if (verb === 'copy-plan') copy('copy-plan', Promise.resolve(planText(known().parts.next_runs.document, choice.ticks)));
  }

  /** @param {Event} event */
  input({target}) {
    if (target.matches('.slider')) this.#ask(target.valueAsNumber);
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
    const {target} = event, step = target.matches?.('.slider') ? pagedStep(event, target.valueAsNumber) : null;
    if (step === null) return;
    event.preventDefault();
    this.#ask(Math.max(0, Math.min(Number(target.max), step)));
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

  /** Does what the preview shows. */
  async #mark() {
    const {choice, model, render} = this.#stage, {preview} = choice;
    const status = await model().markRun(preview.runId, preview.excluded);
    if (choice.preview !== preview) return;
    if (status === 200) this.#preview(null);
    else choice.preview = {...preview, refused: status === 401 || status === 403 ? TAB_WORDS.cannotMark : TAB_WORDS.notMarked};
    render();
  }

  #export() {
    const {choice, popover, chartsInSight, model, tell} = this.#stage;
    popover.show('export', exportList(choice.shown, chartsInSight(), model(), (told) => {
      popover.close(true);
      tell(told);
    }));
  }

  /** To the view as it is: experiment, budget, version of the law, tab. */
  #copyLink() {
    const {copy, choice: {experimentId, tab, shown}} = this.#stage;
    copy('copy-link', Promise.resolve(linkTo(experimentId, {budget: shown.budget_flops, version: shown.version, tab})));
  }

  #settings() {
    const {popover, model, tell} = this.#stage;
    popover.show('settings', settingsDialog(model().known.settings, async (changes) => {
      const status = await model().saveSettings(changes);
      if (status !== 200) return status === 401 || status === 403 ? TAB_WORDS.cannotSave : TAB_WORDS.notSaved;
      popover.close(true);
      tell(TAB_WORDS.saved);
      return null;
    }, () => popover.close(true)));
  }
}
