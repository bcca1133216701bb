/** The tab Trade-offs. */

import {otherSizesView} from './other_sizes.js';
import {whatIfView} from './what_if.js';

/**
 * @param {import('./model.js').Known} known @param {import('./views.js').Choice} choice @param {function(string): Node} chartSlot
 */
export function tradeOffsView(known, choice, chartSlot) {
  return [choice.form === 'full' ? null : whatIfView(known, choice.whatIf), otherSizesView(known.parts.other_sizes, chartSlot)];
}
