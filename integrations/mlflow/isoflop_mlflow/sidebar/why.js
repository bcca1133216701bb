/** Why the advice is what it is: cautions, runs used and left out, residuals, what each quantity was read from. */

import {drawing, element, ICON} from './element.js';
import * as figures from './figures.js';
import {checksView, versionsView} from './evidence.js';
import {exclusionsView} from './exclusions.js';
import {fixButton} from './fixes.js';
import {lawView} from './law.js';
import {priorOfferView} from './prior.js';
import {prose} from './prose.js';
import {runLink} from './runs.js';
import {TAB_ICON} from './tab_icons.js';
import {figure} from './tip.js';
import {cautions} from './verdict.js';
import {TAB_TIPS, TAB_WORDS} from './tab_words.js';

/**
 * @param {import('./model.js').Known} known @param {import('./views.js').Choice} choice @param {function(string): Node} chartSlot @param {number} now In ms.
 */
export function whyView(known, choice, chartSlot, now) {
  const page = choice.shown;
  return [priorOfferView(page, choice), cautionsView(page), usedRunsView(page), chartSlot('residual'), selectionNote(page), exclusionsView(known, choice), checksView(page),
    page.state === 'not_trusted' ? [chartSlot('loss'), lawView(page)] : null, readFromView(page), versionsView(known, choice.versions, now)];
}

/** What the charts leave out where there are very many runs. @param {Object} page */
export function selectionNote({run_selection: selection}) {
  return selection ? element('p', {class: 'secondary', 'data-key': 'run-selection'}, TAB_WORDS.drawnRuns(selection)) : null;
}

/** @param {Object} page */
function cautionsView(page) {
  const found = cautions(page);
  return element('section', {class: 'part', 'data-key': 'cautions'}, element('h3', {}, TAB_WORDS.cautions),
    found.length === 0 ? element('p', {class: 'secondary'}, TAB_WORDS.noCautions) : found.map((caution) => cautionCard(caution, page)));
}

function cautionCard(caution, page) {
  const serious = caution.severity !== 'INFO';
  return element('article', {class: `card ${caution.severity.toLowerCase()}`, 'data-key': `caution-${caution.code}`},
    element('h4', {}, serious ? drawing(ICON.caution) : drawing(TAB_ICON.info), caution.title),
    element('p', {}, prose(caution.message)),
    caution.effect ? element('p', {}, element('b', {}, `${TAB_WORDS.effect} `), prose(caution.effect)) : null,
    caution.fix ? element('p', {}, element('b', {}, `${TAB_WORDS.fix} `), prose(caution.fix)) : null, fixButton(caution, page));
}

/** @param {Object} page */
export function usedRunsView(page) {
  const used = page.study.run_count && page.law ? page.law.observation_count : 0, ended = page.study.ended_run_count;
  const share = ended > 0 ? Math.min(1, used / ended) : 0;
  return element('section', {class: 'part', 'data-key': 'used', 'data-figures': true},
    element('h3', {}, figure(TAB_WORDS.usedOf(used, ended), TAB_TIPS.endedRuns, {key: 'used-of'})),
    element('div', {class: 'bar', 'aria-hidden': 'true'}, element('div', {style: `width:${(share * 100).toFixed(2)}%`})),
    page.excluded.length ? element('ul', {class: 'rows'}, page.excluded.map((group) => excludedRow(group, page.study.id))) : null);
}

function excludedRow(group, experimentId) {
  const shown = group.runs ?? [], more = group.run_count - shown.length;
  return element('li', {'data-key': `excluded-${group.reason}`},
    element('details', {}, element('summary', {},
      figure(TAB_WORDS.leftOutCount(group), group.point_count > 0 ? TAB_TIPS.leftOutPoints : TAB_TIPS.leftOut, {class: 'number'}), element('span', {class: 'grow'}, group.reason),
      shown.length ? element('span', {class: 'link'}, element('span', {class: 'closed'}, TAB_WORDS.show), element('span', {class: 'opened'}, TAB_WORDS.hide)) : null),
    element('ul', {class: 'run-list'}, shown.map((run) => element('li', {}, runLink(run, experimentId))),
      more > 0 ? element('li', {class: 'muted'}, TAB_WORDS.moreRuns(more)) : null)));
}

/** @param {Object} page */
export function readFromView(page) {
  return element('section', {class: 'part', 'data-key': 'read-from'}, element('h3', {}, TAB_WORDS.readFrom), mappingList(page.mapping),
    issueList(page.setting_issues), chooseButton());
}

/** Opens the picker of names. */
export const chooseButton = () => element('button', {type: 'button', class: 'button', 'data-action': 'mapping', 'data-key': 'mapping', 'aria-haspopup': 'dialog',
  'aria-expanded': 'false'}, TAB_WORDS.chooseNames);

/** Settings that are not used. @param {Array<{name: string, value: string, reason: string}>} issues */
export function issueList(issues) {
  return issues.length ? element('ul', {class: 'rows', 'data-key': 'setting-issues'}, issues.map(({name, value, reason}) => element('li', {class: 'need'},
    element('span', {class: 'caution-mark'}, drawing(ICON.caution)),
    element('span', {class: 'grow'}, TAB_WORDS.notUsed, ' ', element('code', {}, `${name} = ${value}`), element('p', {class: 'secondary'}, reason))))) : null;
}

/** @param {Array<{quantity: string, kind: string, key: string, reason: string}>} mapping */
export function mappingList(mapping) {
  if (mapping.length === 0) return element('p', {class: 'secondary'}, TAB_WORDS.nothingFound);
  return element('ul', {class: 'rows'}, mapping.map((source) => element('li', {'data-key': `source-${source.quantity}`},
    element('span', {}, `${TAB_WORDS.quantities[source.quantity] ?? source.quantity.replaceAll('_', ' ')}: ${source.kind} `,
      element('code', {}, source.key)), element('p', {class: 'secondary'}, source.reason))));
}
