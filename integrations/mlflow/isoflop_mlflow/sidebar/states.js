/** What the panel shows where there is no advice to show, or where it is old. */

import {drawing, element, ICON} from './element.js';
import * as figures from './figures.js';
import {messageView} from './message.js';
import {priorOfferView} from './prior.js';
import {figure} from './tip.js';
import {worstCaution, verdictLines} from './verdict.js';
import {chooseButton, issueList, mappingList, readFromView, usedRunsView} from './why.js';
import {TIPS} from './tips.js';
import {TAB_TIPS, TAB_WORDS} from './tab_words.js';

/**
 * @param {import('./model.js').Known} known @param {import('./views.js').Choice} choice @param {number} now In ms. @param {function(string): Node} chartSlot
 */
export function stateView(known, choice, now, chartSlot) {
  if (known.offline) return offlineView(known, choice, now, chartSlot);
  if (known.answer === 'failed') return messageView(TAB_WORDS.failed, known.refusal ?? '');
  const page = known.page;
  if (!page || (page.state === 'no_mapping' && page.study.run_count === 0)) return messageView(TAB_WORDS.emptyTitle, TAB_WORDS.emptyText);
  if (page.state === 'no_mapping') return noMappingView(page);
  return [thinView(page, choice, page.runs.length ? chartSlot('thin') : null), thinWhy(page)];
}

/** An untrusted law in the verdict's place. @param {Object} page */
export function untrustedView(page) {
  const worst = worstCaution(page);
  return element('section', {class: 'verdict', 'data-key': 'verdict-untrusted'},
    element('h3', {class: 'headline strong'}, TAB_WORDS.cannotAdvise),
    worst ? element('p', {class: 'off-text'}, drawing(ICON.caution), ` ${worst.title}`) : null,
    worst ? element('p', {}, element('b', {}, `${TAB_WORDS.fix} `), worst.fix) : null);
}

/** Where a link has pinned an older law. */
export function pinnedNote(known) {
  const {page, unkept} = known;
  if (unkept) return element('p', {class: 'inset secondary', 'data-key': 'unkept'}, TAB_WORDS.unkept(unkept));
  if (!page.version || page.version === page.newest_version) return null;
  return element('p', {class: 'inset secondary', 'data-key': 'pinned'},
    `${TAB_WORDS.pinned(page.version, shortTime(page.create_time), page.newest_version)} `,
    element('button', {type: 'button', class: 'link', 'data-action': 'unpin', 'data-key': 'unpin'}, TAB_WORDS.showNewest));
}

/** What was left out matters most while every run counts. */
function thinWhy(page) {
  return element('div', {'data-key': 'thin-why'}, page.excluded.length ? usedRunsView(page) : null, readFromView(page));
}

function offlineView(known, choice, now, chartSlot) {
  const page = known.page, advised = page && page.verdict;
  return [offlineNote(known, now),
    advised ? lastAdvice(known, oldVerdictView(page, choice.form === 'full')) : null,
    advised ? chartSlot('loss') : null,
    operatorView(choice.api)];
}

/** What was advised when the service was last heard, without anything to choose. @param {Object} page @param {boolean} wide */
function oldVerdictView(page, wide) {
  const verdict = page.verdict;
  return element('div', {'data-figures': true, 'data-key': 'old-verdict'},
    element('p', {class: 'muted'}, TAB_WORDS.forBudget(figures.flops(verdict.budget_flops))),
    verdictLines(page, verdict, wide));
}

/** @param {Object} page */
function noMappingView(page) {
  return element('div', {'data-key': 'no-mapping'},
    messageView(TAB_WORDS.noMappingTitle, TAB_WORDS.noMappingText),
    element('section', {class: 'part'}, element('h3', {}, TAB_WORDS.missing),
      element('ul', {class: 'rows'}, page.missing.map((quantity) => element('li', {class: 'need'},
        element('span', {class: 'caution-mark'}, drawing(ICON.caution)),
        element('span', {class: 'grow'}, TAB_WORDS.quantities[quantity] ?? quantity, element('p', {class: 'secondary'}, TAB_WORDS.logAs[quantity] ?? '')))))),
    element('section', {class: 'part'}, element('h3', {}, TAB_WORDS.found), mappingList(page.mapping), issueList(page.setting_issues)),
    chooseButton());
}

/** @param {Object} page @param {import('./views.js').Choice} choice @param {Node} chart */
function thinView(page, choice, chart) {
  const suggested = page.suggested_runs;
  return element('div', {'data-key': 'thin'},
    messageView(TAB_WORDS.thinTitle, suggested.length ? TAB_WORDS.thinRuns(suggested.length) : TAB_WORDS.thinMore),
    chart,
    suggested.length ? element('section', {class: 'part', 'data-figures': true}, element('h3', {}, TAB_WORDS.launchNext), suggestedTable(suggested),
      element('p', {class: 'buttons'}, element('button', {type: 'button', class: 'button primary', 'data-action': 'copy-first-plan', 'data-key': 'copy-first-plan'},
        TAB_WORDS.copyPlan))) : null,
    priorOfferView(page, choice),
    element('section', {class: 'part', 'data-figures': true}, element('h3', {}, TAB_WORDS.needs),
      element('ul', {class: 'rows'}, page.needs.map((need) => element('li', {class: 'need'},
        element('span', {class: need.met ? 'good-mark' : 'caution-mark'}, drawing(need.met ? ICON.check : ICON.caution)),
        element('span', {class: 'grow'}, need.need, element('p', {class: 'secondary'}, figure(need.detail, TAB_TIPS.need))))))));
}

function suggestedTable(suggested) {
  return element('table', {}, element('thead', {}, element('tr', {},
    [TAB_WORDS.columns.parameters, TAB_WORDS.columns.tokens].map((name) => element('th', {scope: 'col'}, name)),
    element('th', {scope: 'col', class: 'right'}, TAB_WORDS.columns.flop))),
  element('tbody', {}, suggested.map((run) => element('tr', {},
    element('td', {}, figure(figures.count(run.parameter_count), TAB_TIPS.suggested)),
    element('td', {}, figure(figures.count(run.token_count), TAB_TIPS.suggested), element('p', {class: 'secondary'},
      figure(TAB_WORDS.perParameter(figures.significant(run.token_count / run.parameter_count, 2)), TIPS.perParameter))),
    element('td', {class: 'right'}, figure(figures.flops(run.training_flops), TAB_TIPS.flop))))));
}

/**
 * The note over the last advice. @param {import('./model.js').Known} known @param {number} now In ms.
 */
function offlineNote(known, now) {
  const seconds = Math.max(0, Math.ceil(((known.retryTime ?? now) - now) / 1000));
  return element('section', {class: 'note', 'data-key': 'offline'},
    element('div', {role: 'alert'}, element('h3', {}, TAB_WORDS.offlineTitle), element('p', {}, TAB_WORDS.offlineText)),
    element('p', {class: 'row', 'data-figures': true}, element('button', {type: 'button', class: 'button', 'data-action': 'retry', 'data-key': 'retry'}, TAB_WORDS.tryNow),
      figure(TAB_WORDS.nextTry(seconds), TAB_TIPS.countdown, {class: 'still', key: 'countdown'})));
}

/** The date of the last advice and what it lacks. @param {import('./model.js').Known} known @param {Node} verdict */
function lastAdvice(known, verdict) {
  const page = known.page, time = page.create_time ? shortTime(page.create_time) : '';
  return element('section', {class: 'part', 'data-key': 'last-advice'},
    element('div', {class: 'heading'}, element('h3', {}, TAB_WORDS.lastAdvice), element('span', {class: 'muted'}, `${time}, ${TAB_WORDS.lawNumber(page.version)}`)),
    element('div', {class: 'dashed'}, verdict, known.missedRunCount === null ? null : element('p', {class: 'secondary', 'data-figures': true},
      known.missedRunCount ? figure(TAB_WORDS.missedRuns(known.missedRunCount), TAB_TIPS.missed) : TAB_WORDS.missedNone)));
}

/** @param {URL} api */
function operatorView(api) {
  return element('section', {class: 'part', 'data-key': 'operator'}, element('h3', {}, TAB_WORDS.operatorTitle),
    element('p', {class: 'secondary'}, `${TAB_WORDS.operatorText} `, element('a', {href: new URL('status', api).href, target: '_blank', rel: 'noreferrer'}, 'status'), '.'));
}

/** The reader's own clock: the time today, else date and time. @param {string} time RFC 3339. */
function shortTime(time) {
  const date = new Date(time);
  const today = date.toDateString() === new Date().toDateString();
  return new Intl.DateTimeFormat(undefined, today ? {hour: '2-digit', minute: '2-digit'} : {dateStyle: 'medium', timeStyle: 'short'}).format(date);
}
