/** The tab Trade-offs. */

import {answersView} from './answers.js';
import {element} from './element.js';
import {marginView, moreComputeView} from './more_compute.js';
import {otherSizesView} from './other_sizes.js';
import {COST_SETTINGS, queryOf} from './settings.js';
import {stateOf, steady} from './steady.js';
import {TAB_WORDS} from './tab_words.js';
import {toleranceText} from './verdict.js';
import {whatIfView} from './what_if.js';

/** What the documents of the tab are asked. @param {import('./model.js').Known} known @param {import('./views.js').Choice} choice */
export function tradeOffsQuery(known, choice) {
  return {budget: choice.settled ?? known.page.budget_flops, ...(choice.marginRun && {run_id: choice.marginRun}),
    ...queryOf(known.settings, [...COST_SETTINGS, 'target_loss_nats_per_token'])};
}

/**
 * @param {import('./model.js').Known} known @param {import('./views.js').Choice} choice @param {function(string): Node} chartSlot
 */
export function tradeOffsView(known, choice, chartSlot) {
  const part = known.parts.trade_offs, document = part?.document, bare = !COST_SETTINGS.some((name) => known.settings[name]);
  return [choice.form === 'full' ? null : whatIfView(known, choice.whatIf),
    element('div', {class: 'trade-columns', 'data-key': 'trade-columns'}, steady('trade-sizes', [...stateOf(known.parts.other_sizes), toleranceText(choice.shown)], () =>
      otherSizesView(known.parts.other_sizes, choice.shown, chartSlot)),
      document ? [steady('trade-more', [document, choice.marginRun], () => [moreComputeView(document, choice.marginRun), marginView(document)]),
        steady('trade-answers', [document, bare], () => answersView(document, bare))] :
        part?.failed ? element('p', {class: 'part secondary', 'data-key': 'trade-failed'}, TAB_WORDS.notAnswered) :
          element('div', {class: 'block', 'data-key': 'trade-wait', style: 'height:240px'}))];
}
