/** What the full page shows besides: the buttons to share it, and three columns under the charts. */

import {element} from './element.js';
import {lawView} from './law.js';
import {nextRunsView} from './next_runs.js';
import {otherSizesView} from './other_sizes.js';
import {stateOf, steady} from './steady.js';
import {TAB_WORDS} from './tab_words.js';
import {toleranceText} from './verdict.js';

export function shareButtons() {
  return [element('button', {type: 'button', class: 'button', 'data-action': 'copy-link', 'data-key': 'copy-link'}, TAB_WORDS.copyLink),
    element('button', {type: 'button', class: 'button', 'data-action': 'export', 'data-key': 'export', 'aria-haspopup': 'dialog',
      'aria-expanded': 'false'}, TAB_WORDS.export)];
}

/** @param {import('./model.js').Known} known @param {import('./views.js').Choice} choice @param {function(string): Node} chartSlot */
export function fullColumns(known, choice, chartSlot) {
  const page = choice.shown, {parts} = known;
  return element('div', {class: 'columns', 'data-key': 'columns'},
    steady('fit', [page.law, page.intervals_ready], () => [lawView(page), chartSlot('residual')]),
    steady('sizes', [...stateOf(parts.other_sizes), toleranceText(page)], () => otherSizesView(parts.other_sizes, page, chartSlot)),
    element('div', {'data-key': 'next'}, nextRunsView(parts.next_runs, choice)));
}
