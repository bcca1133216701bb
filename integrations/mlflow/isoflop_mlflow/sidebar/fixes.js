/** What the panel itself can do about a caution: a button under its fix. */

import {element} from './element.js';
import {TAB_WORDS} from './tab_words.js';

/** Those that more runs mend. */
const MORE_RUNS = new Set(['FEW_RUNS', 'NARROW_RANGE', 'NARROW_COMPUTE', 'CONSTANT_RATIO', 'ILL_CONDITIONED', 'HOLD_OUT', 'OPTIMUM_OUTSIDE', 'WIDE_OPTIMUM',
  'DRIFT', 'SEVERAL_BASINS', 'PRIOR', 'EXTRAPOLATION']);

/** The button of a caution, or null where there is nothing to press. @param {Object} caution @param {Object} page */
export function fixButton({code, run}, page) {
  const suspect = run ?? (code === 'HEAVY_TAILS' ? page.farthest_runs[0] : null);
  if (suspect) return button(code, `look:${suspect.run_id}`, TAB_WORDS.lookWithout(suspect.run_name || suspect.run_id));
  return MORE_RUNS.has(code) && page.verdict ? button(code, 'tab:next', TAB_WORDS.seeNextRuns) : null;
}

const button = (code, action, words) => element('p', {class: 'row'},
  element('button', {type: 'button', class: 'button small', 'data-action': action, 'data-key': `fix-${code}`}, words));
