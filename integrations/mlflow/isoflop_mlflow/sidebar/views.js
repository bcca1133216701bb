/** The panel as a tree of nodes, a pure function of what is known and of what the reader chose. Charts are slots, filled by index.js. */

import {drawing, element, ICON} from './element.js';
import * as figures from './figures.js';
import {lawView} from './law.js';
import * as states from './states.js';
import {figure} from './tip.js';
import {oldVerdictView, verdictView} from './verdict.js';
import {cautionsView, readFromView, usedRunsView} from './why.js';
import {TIPS, WORDS} from './words.js';

/**
 * @typedef {Object} Choice What the reader chose.
 * @property {'advice'|'trade'|'next'|'running'|'why'} tab
 * @property {'side'|'overlay'|'full'} form
 * @property {?string} experimentId
 * @property {?string} runId Of MLflow's page, where it is that of a run.
 * @property {URL} api
 * @property {?Object} tabs The module tabs.js once it is loaded.
 * @property {?number} whatIf The budget that the slider asks about; null for the reader's own.
 * @property {?number} settled The same once the slider rests.
 * @property {?import('./exclusions.js').Preview} preview
 * @property {number} versions How many versions of the law are listed; 0 for none.
 * @property {string} runFilter
 * @property {Object<string, boolean>} ticks Of next runs, by name, where the reader has set them.
 * @property {?string} marginRun The run for which more compute is weighed.
 * @property {?Object} shown The page with the verdict that is asked about.
 */

export const TABS = ['advice', 'trade', 'next', 'running', 'why'];

/** An untrusted law has reasons to show and nothing else. @param {Object} page @param {Choice} choice */
const shownTab = (page, choice) => page.state === 'not_trusted' ? 'why' : choice.tab;

/** Whether what is shown takes tabs.js. @param {Object} page @param {Choice} choice */
export const needsTabs = (page, choice) => choice.form === 'full' || choice.runId !== null || shownTab(page, choice) !== 'advice';

/** The documents that the open tab shows besides the panel's. @param {import('./model.js').Known} known @param {Choice} choice */
export function wantedParts(known, choice) {
  const {page} = known;
  if (!page?.law || known.offline || !needsTabs(page, choice)) return {};
  const tab = shownTab(page, choice), full = choice.form === 'full', budget = choice.settled ?? page.budget_flops, wanted = {};
  if (tab === 'why' && choice.preview) wanted.exclusion = choice.tabs.previewQuery(choice.preview, page.budget_flops ?? page.law.region.training_flops[1]);
  if (tab === 'why' && choice.versions) wanted.laws = {count: choice.versions + 1};  // One more, for what changed since it.
  if (page.run_selection && ((tab === 'why' && choice.runFilter) || (choice.runId && !page.runs.some((run) => run.run_id === choice.runId)))) wanted.runs = {};
  if (tab === 'running' || choice.runId) wanted.forecasts = {};
  if (!page.verdict) return wanted;
  if (full || tab === 'trade') wanted.advice_grid = {};
  if (tab === 'trade' && choice.tabs) wanted.trade_offs = choice.tabs.tradeOffsQuery(known, choice);
  if (tab === 'trade' || (full && tab === 'advice')) wanted.other_sizes = {budget};
  if (tab === 'next' || (full && tab === 'advice')) wanted.next_runs = {budget};
  return wanted;
}

/** @param {import('./model.js').Known} known @param {Choice} choice @param {number} now In ms. */
export function panelView(known, choice, now) {
  const full = choice.form === 'full';
  return element('div', {class: 'content'}, headerView(known, full),
    element('div', {class: 'body', 'data-key': 'body'}, bodyView(known, choice, now)), footerView(known, now));
}

/** @param {import('./model.js').Known} known @returns {?string} */
export function badgeOf(known) {
  if (known.answer === 'loading' || known.answer === 'forbidden' || known.answer === 'failed') return known.offline ? 'offline' : null;
  if (known.offline) return 'offline';
  if (!known.page || ['thin', 'no_mapping'].includes(known.page.state)) return 'collecting';
  if (known.updates === 'polling') return 'polling';
  if (!known.page.intervals_ready && known.page.version > 0) return 'refitting';
  return known.updates === 'live' ? 'live' : null;
}

function headerView(known, full) {
  const badge = badgeOf(known);
  const button = (icon, name, action, more = {}) => element('button', {type: 'button', class: 'icon-button', 'aria-label': name, title: name,
    'data-action': action, 'data-key': action, ...more}, drawing(icon));
  return element('div', {class: 'head', 'data-figures': true}, logo(), element('h2', {}, WORDS.title),
    badge ? figure(WORDS.badges[badge][0], WORDS.badges[badge][1], {class: `badge still ${badge}`, key: 'badge'}) : null,
    element('span', {class: 'grow', 'data-key': 'space'}), full && known.page?.verdict && !known.offline ? shareButtons() : null,
    button(full ? ICON.shrink : ICON.expand, full ? WORDS.shrink : WORDS.expand, full ? 'shrink' : 'expand'),
    known.answer === 'here' ? button(ICON.settings, WORDS.settings, 'settings', {'aria-haspopup': 'dialog', 'aria-expanded': 'false'}) : null,
      button(ICON.close, WORDS.close, 'close'));
}

function shareButtons() {
  return [element('button', {type: 'button', class: 'button', 'data-action': 'copy-link', 'data-key': 'copy-link'}, WORDS.copyLink),
    element('button', {type: 'button', class: 'button', 'data-action': 'export', 'data-key': 'export', 'aria-haspopup': 'dialog',
      'aria-expanded': 'false'}, WORDS.export)];
}

/** Where a link has pinned an older law. */
function pinnedNote(known) {
  const {page, unkept} = known;
  if (unkept) return element('p', {class: 'inset secondary', 'data-key': 'unkept'}, WORDS.unkept(unkept));
  if (!page.version || page.version === page.newest_version) return null;
  return element('p', {class: 'inset secondary', 'data-key': 'pinned'},
    `${WORDS.pinned(page.version, states.shortTime(page.create_time), page.newest_version)} `,
    element('button', {type: 'button', class: 'link', 'data-action': 'unpin', 'data-key': 'unpin'}, WORDS.showNewest));
}

function logo() {
  const svg = drawing('M2 1.5V14h12.5', {class: 'logo', width: 20, height: 20, stroke: 'var(--text2)'});
  const curve = drawing('M4.2 3.5c1.2 4.2 3.6 6.6 7.4 7.6').firstChild;
  curve.setAttribute('stroke', 'var(--law)');
  const point = drawing('M12.4 9.6l1.9 1.9-1.9 1.9-1.9-1.9z').firstChild;
  point.setAttribute('fill', 'var(--ink)');
  point.setAttribute('stroke', 'none');
  svg.append(curve, point);
  return svg;
}

const chartSlot = (name) => element('div', {'data-keep': true, 'data-chart': name, 'data-key': `slot-${name}`});

function bodyView(known, choice, now) {
  if (!choice.experimentId) return states.messageView(WORDS.noExperiment);
  if (known.answer === 'forbidden') return states.messageView(WORDS.forbidden);
  if (known.offline) return offlineView(known, choice, now);
  if (known.answer === 'loading') return states.loadingView();
  if (known.answer === 'failed') return states.messageView(WORDS.failed, known.refusal ?? '');
  const page = known.page;
  if (!page || (page.state === 'no_mapping' && page.study.run_count === 0)) return states.messageView(WORDS.emptyTitle, WORDS.emptyText);
  if (page.state === 'no_mapping') return states.noMappingView(page);
  if (page.state === 'thin') return [states.thinView(page, page.runs.length ? chartSlot('split') : null), thinWhy(page)];
  return adviceView(known, choice, now);
}

/** What was left out matters most while every run counts. */
function thinWhy(page) {
  return element('div', {'data-key': 'thin-why'}, page.excluded.length ? usedRunsView(page) : null, readFromView(page));
}

function offlineView(known, choice, now) {
  const page = known.page, advised = page && page.verdict;
  return [states.offlineNote(known, now),
    advised ? states.lastAdvice(known, oldVerdictView(page, choice.form === 'full')) : null,
    advised ? chartSlot('loss') : null,
    states.operatorView(choice.api)];
}

function adviceView(known, choice, now) {
  const page = choice.shown, full = choice.form === 'full';
  const shown = shownTab(page, choice);
  const tabs = page.state === 'not_trusted' ? ['why'] : TABS;
  return [
    pinnedNote(known),
    full ? element('div', {class: 'top', 'data-key': 'top'}, verdictView(page, full), page.verdict && choice.tabs?.whatIfView(known, choice.whatIf)) :
      verdictView(page, full),
    choice.runId && choice.tabs ? choice.tabs.thisRunView(known, choice.runId) : null,
    choice.whatIf !== null && !full && shown !== 'trade' ? choice.tabs.whatIfNote(known, choice.whatIf) : null,
    known.refusal ? element('p', {class: 'refusal', role: 'alert', 'data-key': 'refusal'}, known.refusal) : null,
    element('div', {class: 'tabs', role: 'tablist', 'aria-label': WORDS.tabList, 'data-key': 'tabs'}, tabs.map((name) => element('button', {
      type: 'button', role: 'tab', id: `tab-${name}`, 'data-key': `tab-${name}`, 'data-action': `tab:${name}`, 'aria-controls': 'tab-panel',
      'aria-selected': String(shown === name), 'data-roving': shown === name ? '0' : '-1'}, WORDS.tabs[name],
      name === 'running' ? element('span', {class: 'muted'}, `${figures.NBSP}${page.study.running_run_count}`) : null))),
    element('div', {role: 'tabpanel', id: 'tab-panel', 'aria-labelledby': `tab-${shown}`, 'data-key': `panel-${shown}`, class: `tab-panel ${shown}`},
      tabParts(known, choice, shown, now)),
  ];
}

function tabParts(known, choice, shown, now) {
  if (shown === 'why') return whyParts(known, choice, now);
  if (shown === 'advice') return adviceParts(known, choice);
  if (!choice.tabs) return element('div', {class: 'block', style: 'height:300px'});
  if (shown === 'next') return choice.tabs.nextRunsView(known.parts.next_runs, choice);
  if (shown === 'running') return choice.tabs.runningView(known.parts.forecasts, choice.shown);
  return choice.tabs.tradeOffsView(known, choice, chartSlot);
}

/** What the charts leave out where there are very many runs. */
function selectionNote({run_selection: selection}) {
  return selection ? element('p', {class: 'secondary', 'data-key': 'run-selection'}, WORDS.drawnRuns(selection)) : null;
}

function adviceParts(known, choice) {
  const page = choice.shown, full = choice.form === 'full';
  const charts = element('div', {class: 'charts', 'data-key': 'charts'}, chartSlot('loss'), chartSlot('split'));
  const selection = selectionNote(page);
  if (!full) return [charts, selection, lawView(page)];
  return [charts, selection, element('div', {class: 'columns', 'data-key': 'columns'},
    element('div', {'data-key': 'fit'}, lawView(page), chartSlot('residual')),
    element('div', {'data-key': 'sizes'}, choice.tabs?.otherSizesView(known.parts.other_sizes, chartSlot)),
    element('div', {'data-key': 'next'}, choice.tabs?.nextRunsView(known.parts.next_runs, choice)))];
}

function whyParts(known, choice, now) {
  const page = choice.shown;
  return [cautionsView(page), usedRunsView(page), chartSlot('residual'), selectionNote(page), choice.tabs?.exclusionsView(known, choice), choice.tabs?.checksView(page),
    page.state === 'not_trusted' ? [chartSlot('loss'), lawView(page)] : null, readFromView(page), choice.tabs?.versionsView(known, choice.versions, now)];
}

function footerView(known, now) {
  const page = known.answer === 'forbidden' ? null : known.page;
  const runs = page ? figure(WORDS.runCount(page.law?.observation_count ?? page.runs.length), TIPS.usedRuns, {key: 'run-count'}) : null;
  if (!page) return element('div', {class: 'foot'});
  const law = page.version > 0 && page.law?.parameters.length ? [figure(WORDS.lawVersion(page.version), TIPS.lawVersion, {key: 'law-version',
    class: 'still'}), ', ',
    figure(WORDS.refit(figures.age(page.create_time, now)), TIPS.lawAge, {key: 'law-age', class: 'still'}), ', '] : null;
  return element('div', {class: 'foot', 'data-figures': true}, element('span', {class: 'grow'}, law, runs), law ? figure(WORDS.brackets,
    WORDS.bracketsTip, {key: 'brackets'}) : null);
}
