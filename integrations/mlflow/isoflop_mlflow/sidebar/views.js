/** The panel as a tree of nodes, a pure function of what is known and of what the reader chose. Charts are slots, filled by index.js. */

import {drawing, element, ICON} from './element.js';
import * as figures from './figures.js';
import {loadingView, messageView} from './message.js';
import {explain, figure} from './tip.js';
import {verdictView} from './verdict.js';
import {WORDS} from './words.js';

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
 * @property {?string} [priorRefused] Why a published law could not be taken as a prior.
 * @property {Object<string, boolean>} ticks Of next runs, by name, where the reader has set them.
 * @property {import('./plan_checks.js').Checks} checks
 * @property {?string} marginRun The run for which more compute is weighed.
 * @property {?Object} shown The page with the verdict that is asked about.
 */

export const TABS = ['advice', 'trade', 'next', 'running', 'why'];

/** An untrusted law has reasons to show and nothing else. @param {Object} page @param {Choice} choice */
const shownTab = (page, choice) => page.state === 'not_trusted' ? 'why' : choice.tab;

/** Whether there is a law to show. @param {import('./model.js').Known} known */
const hasAdvice = ({offline, page}) => !offline && page !== null && page.state !== 'thin' && page.state !== 'no_mapping';

/** Whether what is shown takes tabs.js. @param {import('./model.js').Known} known @param {Choice} choice */
export const needsTabs = (known, choice) => known.offline || known.answer !== 'loading' && !hasAdvice(known) || choice.form === 'full' || choice.runId !== null ||
  known.page !== null && (shownTab(known.page, choice) !== 'advice' || known.page.version !== known.page.newest_version || known.page.run_selection !== null);

/** The documents that the open tab shows besides the panel's. @param {import('./model.js').Known} known @param {Choice} choice */
export function wantedParts(known, choice) {
  const {page} = known;
  if (!page?.law || known.offline || !needsTabs(known, choice)) return {};
  const tab = shownTab(page, choice), full = choice.form === 'full', budget = choice.settled ?? page.budget_flops, wanted = {};
  if (tab === 'why' && choice.preview) wanted.exclusion = choice.tabs.previewQuery(choice.preview, page.budget_flops ?? page.law.region.training_flops[1]);
  if (tab === 'why' && choice.versions) wanted.laws = {count: choice.versions + 1};  // One more, for what changed since it.
  if (choice.runId) wanted.runs = {run_id: choice.runId};
  if (tab === 'why' && choice.runFilter) wanted.runs = {};
  if (tab === 'running' || choice.runId) wanted.forecasts = wanted.planned_runs = {};
  if (!page.verdict) return wanted;
  if (full || tab === 'trade') wanted.advice_grid = {};
  if (tab === 'trade') wanted.trade_offs = choice.tabs.tradeOffsQuery(known, choice);
  if (tab === 'trade' || (full && tab === 'advice')) wanted.other_sizes = {budget};
  if (tab === 'next' || (full && tab === 'advice')) wanted.next_runs = {budget};
  return wanted;
}

/** @param {import('./model.js').Known} known @param {Choice} choice @param {number} now In ms. */
export function panelView(known, choice, now) {
  return element('div', {class: 'content'}, headerView(known, choice),
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

function headerView(known, choice) {
  const full = choice.form === 'full';
  const badge = badgeOf(known);
  const button = (icon, name, action, more = {}) => element('button', {type: 'button', class: 'icon-button', 'aria-label': name, title: name,
    'data-action': action, 'data-key': action, ...more}, drawing(icon));
  return element('div', {class: 'head', 'data-figures': true}, logo(), element('h2', {}, WORDS.title),
    badge ? figure(WORDS.badges[badge], explain(`badges.${badge}`), {class: `badge still ${badge}`, key: 'badge'}) : null,
    element('span', {class: 'grow', 'data-key': 'space'}), full && known.page?.verdict && !known.offline ? choice.tabs?.shareButtons() : null,
    button(full ? ICON.shrink : ICON.expand, full ? WORDS.shrink : WORDS.expand, full ? 'shrink' : 'expand'),
    known.answer === 'here' ? button(ICON.settings, WORDS.settings, 'settings', {'aria-haspopup': 'dialog', 'aria-expanded': 'false'}) : null,
      button(ICON.close, WORDS.close, 'close'));
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
  if (!choice.experimentId) return messageView(WORDS.noExperiment);
  if (known.answer === 'forbidden') return messageView(WORDS.forbidden);
  if (hasAdvice(known)) return adviceView(known, choice, now);
  return choice.tabs && (known.offline || known.answer !== 'loading') ? choice.tabs.stateView(known, choice, now, chartSlot) : loadingView();
}

function adviceView(known, choice, now) {
  const page = choice.shown, full = choice.form === 'full';
  const shown = shownTab(page, choice);
  const tabs = page.state === 'not_trusted' ? ['why'] : TABS;
  return [
    choice.tabs?.pinnedNote(known),
    page.state === 'not_trusted' ? choice.tabs?.untrustedView(page) :
      full ? element('div', {class: 'top', 'data-key': 'top'}, verdictView(page, full), choice.tabs?.whatIfView(known, choice.whatIf)) : verdictView(page, full),
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
  if (shown === 'advice') return adviceParts(known, choice);
  if (!choice.tabs) return element('div', {class: 'block', style: 'height:300px'});
  if (shown === 'why') return choice.tabs.whyView(known, choice, chartSlot, now);
  if (shown === 'next') return choice.tabs.nextRunsView(known.parts.next_runs, choice);
  if (shown === 'running') return choice.tabs.runningView(known.parts, choice.shown);
  return choice.tabs.tradeOffsView(known, choice, chartSlot);
}

function adviceParts(known, choice) {
  const page = choice.shown, note = choice.tabs?.selectionNote(page);
  const charts = element('div', {class: 'charts', 'data-key': 'charts'}, chartSlot('loss'), chartSlot('split'));
  return choice.form === 'full' ? [charts, note, choice.tabs?.fullColumns(known, choice, chartSlot)] : [charts, note, choice.tabs?.lawView(page)];
}

function footerView(known, now) {
  const page = known.answer === 'forbidden' ? null : known.page;
  const runs = page ? figure(WORDS.runCount(page.law?.observation_count ?? page.runs.length), explain('usedRuns'), {key: 'run-count'}) : null;
  if (!page) return element('div', {class: 'foot'});
  const law = page.version > 0 && page.law?.parameters.length ? [figure(WORDS.lawVersion(page.version), explain('lawVersion'), {key: 'law-version',
    class: 'still'}), ', ',
    figure(WORDS.refit(figures.age(page.create_time, now)), explain('lawAge'), {key: 'law-age', class: 'still'}), ', '] : null;
  return element('div', {class: 'foot', 'data-figures': true}, element('span', {class: 'grow'}, law, runs), law ? figure(WORDS.brackets,
    explain('brackets'), {key: 'brackets'}) : null);
}
