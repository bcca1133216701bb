/** Pieces of the page that are costly to build and seldom change, while the rest follows the slider. */

import {element} from './element.js';

/**
 * A piece that is built only where it is new, or something that it is made of is another (morph.js).
 * @param {string} key @param {Array<*>} madeOf All that `build` depends on; compared by identity. @param {function(): Node|Array|null} build
 */
export function steady(key, madeOf, build) {
  const node = element('div', {'data-key': key, 'data-steady': true});
  node.madeOf = madeOf;
  node.build = () => {
    node.append(...[build()].flat(Infinity).filter(Boolean));
    node.build = null;
  };
  return node;
}

/** What tells one state of a part from another. @param {?import('./parts.js').Part} part */
export const stateOf = (part) => [part?.document, part?.waiting, part?.failed];
