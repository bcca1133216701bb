/** Joins the parts: one panel in a shadow root, one model for the experiment in view, and what the reader does with them. */

import {pinOf} from './address.js';
import {usedBudgets} from './budgets.js';
import {loadPlot} from './chart.js';
import {makeCharts} from './charts.js';
import {element} from './element.js';
import {Layout} from './layout.js';
import {Model} from './model.js';
import {morph} from './morph.js';
import {followTheme} from './theme.js';
import {placeTabStops, takeTips} from './tip.js';
import {needsTabs, panelView, TABS, wantedParts} from './views.js';
import {WORDS} from './words.js';

const AGE_MS = 5000;
const COUNTDOWN_MS = 1000;
const ANNOUNCE_MS = 60000;
/** How long the rest may wait for an idle moment. */
const PATIENCE_MS = 100;

/** @param {string} file @returns {Promise<CSSStyleSheet>} */
async function styleSheet(file) {
  const response = await fetch(new URL(file, import.meta.url));
  return new CSSStyleSheet().replace(await response.text());
}

const styles = styleSheet('panel.css');

/** @type {import('./model.js').Known} */
const NOTHING = {answer: 'loading', page: null, updates: 'connecting', offline: false, retryTime: null, missedRunCount: null, refusal: null,
  unkept: 0, parts: {}, settings: {}};

/**
 * @param {{api: URL, experimentId: ?string, full: boolean, address: string, onClose: function(): void}} options
 * @returns {{close: function(): void, show: function({experimentId: ?string, full?: boolean, address?: string}): void}}
 */
export function openPanel(options) {
  return new Panel(options);
}

class Panel {
  #options;
  #choice;
  #model = null;
  #known = NOTHING;
  #charts = new Map();
  #drawn = new Map();
  #closed = false;
  #tick = null;
  #actions = null;
  /** Hides the bubble of a tip; whether there was one. */
  #hideTip = () => false;
  #loadingTabs = null;
  #shownFor = null;
  #announceTime = -Infinity;

  constructor(options) {
    this.#options = options;
    this.#choice = {tab: 'advice', form: 'side', experimentId: null, runId: null, api: options.api, tabs: null, whatIf: null, settled: null,
      shown: null, preview: null, checks: {},
      runFilter: '', marginRun: null, ticks: {}, versions: 0};
    // A live region, though it announces nothing, is what MLflow's popovers do not hide from assistive technology while they are open.
    this.host = element('div', {'data-isoflop': 'panel', 'aria-live': 'off'});
    this.root = this.host.attachShadow({mode: 'open'});
    this.panel = element('div', {class: 'panel', tabindex: '-1'});
    this.voice = element('p', {class: 'unseen', role: 'status'});
    this.root.append(this.panel, this.voice);
    this.layout = new Layout(this.host, this.root, this.panel, {
      full: options.full, dismiss: () => this.close(), changed: (form) => {
        this.#choice.form = form;
        this.#render();
      },
    });
    this.#listen();
    this.stopTheme = followTheme(this.host, () => this.#charts.forEach((chart) => chart.redraw()));
    this.show({experimentId: options.experimentId, address: options.address});
    this.#enter();
    this.#loadCharts();
  }

  async #enter() {
    this.root.adoptedStyleSheets = [await styles, ...this.root.adoptedStyleSheets];
    if (this.#closed) return;
    document.body.append(this.host);
    this.layout.place();
    this.#render();
    this.panel.focus({preventScroll: true});
  }

  async #loadCharts() {
    await loadPlot();
    if (this.#closed) return;
    this.#charts = makeCharts();
    this.#render();
    requestIdleCallback(() => this.#loadTabs(), {timeout: PATIENCE_MS});
  }

  /** What is not here stays wanted: the next time that the page is drawn asks again. */
  #loadTabs() {
    return this.#loadingTabs ??= this.#takeTabs().catch(() => { this.#loadingTabs = null; });
  }

  async #takeTabs() {
    const [tabs, style] = await Promise.all([import('./tabs.js'), styleSheet('tabs.css')]);
    if (this.#closed) return;
    this.root.adoptedStyleSheets.push(style);
    await loadPlot();
    for (const [name, chart] of tabs.makeTabCharts()) this.#charts.set(name, chart);
    tabs.readCharts(this.#charts, () => this.#model);
    this.#actions = new tabs.TabActions({
      choice: this.#choice, root: this.root, known: () => this.#known, model: () => this.#model, render: () => this.#render(),
      chartsInSight: () => new Map([...this.#charts].filter(([, chart]) => chart.canvas.offsetParent)), focus: (key) => this.#focus(key),
      tell: (text) => this.#tell(text), choose: (tab) => this.#choose(tab),
    });
    takeTips(tabs.TIPS);
    this.#hideTip = tabs.explainFigures(this.root);
    tabs.followHandle(this.layout);
    tabs.keepFocus(this.layout);
    this.#choice.tabs = tabs;
    this.host.dataset.whole = '';
    this.#drawn.clear();
    this.#render();
  }

  close() {
    if (this.#closed) return;
    this.#closed = true;
    this.#model?.stop();
    clearTimeout(this.#tick);
    this.#actions?.stop();
    this.stopTheme();
    this.#charts.forEach((chart) => chart.destroy());
    this.layout.remove();
    this.host.remove();
    this.#options.onClose();
  }

  show({experimentId, full, address = ''}) {
    if (full !== undefined) this.layout.setFull(full);
    const runId = /\/runs\/([0-9a-f]{32})/.exec(location.hash)?.[1] ?? null, moved = runId !== this.#choice.runId;
    this.#choice.runId = runId;
    const pin = pinOf(address), pinned = pin.budget !== null;
    if (experimentId === this.#choice.experimentId && !pinned) {
      if (moved) this.#render();
      return;
    }
    if (TABS.includes(pin.tab)) this.#choice.tab = pin.tab;
    this.#model?.stop();
    this.#choice.experimentId = experimentId;
    this.#choice.ticks = {};
    this.#choice.checks = {};
    this.#choice.whatIf = this.#choice.settled = this.#choice.preview = this.#choice.marginRun = null;
    this.#actions?.popover.close(false);
    this.#known = NOTHING;
    this.#model = experimentId ?
      new Model(this.#options.api, experimentId, pin.budget ?? usedBudgets(experimentId)[0] ?? null, pin.version, (known) => this.#take(known)) : null;
    this.#render();
    this.#model?.start();
  }

  #take(known) {
    const before = this.#known;
    this.#known = known;
    if (known.page?.budget_flops !== before.page?.budget_flops) this.#choice.whatIf = this.#choice.settled = null;
    this.#render();
    const version = known.page?.version;
    if (before.page && version > before.page.version && performance.now() - this.#announceTime > ANNOUNCE_MS) {
      this.#announceTime = performance.now();
      this.#tell(WORDS.newVersion(version));
    }
  }

  #render() {
    if (!this.host.isConnected || this.#closed) return;
    this.#prepare();
    const wanted = panelView(this.#known, this.#choice, Date.now());
    const focused = this.root.activeElement?.getAttribute('data-key');
    if (this.content) morph(this.content, wanted, this.#choice.whatIf === null);
    else this.panel.append(this.content = wanted);
    for (const tab of this.content.querySelectorAll('[data-roving]')) tab.setAttribute('tabindex', tab.dataset.roving);
    const slider = this.content.querySelector('.slider');
    if (slider) slider.value = slider.getAttribute('value');  // Of which the attribute is only the first.
    for (const select of this.content.querySelectorAll('select')) select.value = select.querySelector('[selected]')?.value;
    for (const tick of this.content.querySelectorAll('.tick')) tick.checked = tick.hasAttribute('checked');
    placeTabStops(this.content);
    this.#fillSlots();
    if (focused && !this.root.activeElement) this.#focus(focused);
    clearTimeout(this.#tick);
    this.#tick = setTimeout(() => this.#render(), this.#known.offline ? COUNTDOWN_MS : AGE_MS);
  }

  /** Sees to what the view needs, and to the page with the verdict that is asked about. */
  #prepare() {
    const choice = this.#choice, {page} = this.#known;
    if (needsTabs(this.#known, choice)) this.#loadTabs();
    if (choice.tabs) this.#model?.want(wantedParts(this.#known, choice), choice.tabs.Parts);
    const steps = choice.whatIf === null ? null : choice.tabs.stepsOf(this.#known);
    if (steps && !steps.some((step) => step.budget_flops === choice.whatIf)) choice.whatIf = choice.settled = null;
    if (this.#shownFor?.page === page && this.#shownFor.steps === steps && this.#shownFor.whatIf === choice.whatIf) return;
    this.#shownFor = {page, steps, whatIf: choice.whatIf};
    choice.shown = page && steps ? choice.tabs.pageAt(page, steps, choice.whatIf) : page;
  }

  #focus(key) {
    (this.content.querySelector(`[data-key="${CSS.escape(key)}"]`) ?? this.panel).focus({preventScroll: true});
    this.#hideTip();  // Nobody asked for it, and it would cover what the reader came for.
  }

  /** Puts the charts where the view left room for them, and draws what changed. */
  #fillSlots() {
    const {shown: page, runId} = this.#choice, full = this.#choice.form === 'full', parts = this.#known.parts;
    if (!page) return;
    for (const slot of this.panel.querySelectorAll('[data-chart]')) {
      const chart = this.#charts.get(slot.dataset.chart);
      if (!chart) continue;
      const moved = chart.node.parentNode !== slot;
      if (moved) slot.append(chart.node);
      const drawn = this.#drawn.get(chart);
      const same = drawn && (drawn.page === page || chart.subject.onlyRuns && drawn.page.runs === page.runs);
      if (moved || !same || drawn.full !== full || drawn.parts !== parts || drawn.runId !== runId) {
        this.#drawn.set(chart, {page, full, parts, runId});
        chart.update({...page, other: parts.other_sizes?.document, run_id: runId}, full);
      }
    }
  }

  #listen() {
    this.root.addEventListener('click', (event) => {
      const button = event.target.closest('[data-action]'), popover = this.#actions?.popover, again = button && button.dataset.key === popover?.opener;
      if (again || !popover?.contains(event.target)) popover?.close(again);
      if (button && !again) this.#act(button.dataset.action);
    });
    this.root.addEventListener('input', (event) => this.#actions?.input(event));
    this.root.addEventListener('keydown', (event) => {
      this.#actions?.key(event);
      if (event.key === 'Escape') {
        event.stopPropagation();
        if (this.#hideTip()) return;
        if (this.#actions?.popover.opener) this.#actions.popover.close(true);
        else this.close();
      }
    });
  }

  #act(action) {
    if (action === 'close') this.close();
    else if (action === 'expand' || action === 'shrink') this.layout.setFull(action === 'expand');
    else if (action === 'retry') this.#model.load();
    else if (action === 'unpin') this.#model.pin(0);
    else if (action.startsWith('tab:')) this.#choose(action.slice(4));
    else this.#loadTabs().then(() => this.#actions?.act(action));
  }

  #choose(tab) {
    this.#choice.tab = tab;
    this.#render();
    if (this.root.activeElement?.getAttribute('role') !== 'tab') this.#focus(`tab-${tab}`);
  }

  #tell(text) {
    this.voice.textContent = text;
  }
}
