/** What the full page shows besides: the buttons to share it, and three columns under the charts. */

import {element} from './element.js';
import {lawView} from './law.js';
import {nextRunsView} from './next_runs.js';
import {otherSizesView} from './other_sizes.js';
import {WORDS} from './words.js';
import {TAB_WORDS} from './tab_words.js';

export function shareButtons() {
  return [element('button', {type: 'button', class: 'button', 'data-action': 'copy-link', 'data-key': 'copy-link'}, TAB_WORDS.copyLink),
    element('button', {type: 'button', class: 'button', 'data-action': 'export', 'data-key': 'export', 'aria-haspopup': 'dialog',
      'aria-expanded': 'false'}, WORDS.export)];
}

/** @param {import('./model.js').Known} known @param {import('./views.js').Choice} choice @param {function(string): Node} chartSlot */
export function fullColumns(known, choice, chartSlot) {
  return element('div', {class: 'columns', 'data-key': 'columns'},
    element('div', {'data-key': 'fit'}, lawView(choice.shown), chartSlot('residual')),
    element('div', {'data-key': 'sizes'}, otherSizesView(known.parts.other_sizes, choice.shown, chartSlot)),
    element('div', {'data-key': 'next'}, nextRunsView(known.parts.next_runs, choice)));
}
