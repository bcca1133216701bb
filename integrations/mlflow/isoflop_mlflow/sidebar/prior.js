/**
 * A published law in the place of runs that a study does not have yet: offered by name where that would make advice possible, kept as a setting of the
 * experiment, and named wherever the law stands that rests on it.
 */

import {element} from './element.js';
import * as figures from './figures.js';
import {prose} from './prose.js';
import {TAB_TIPS, TAB_WORDS} from './tab_words.js';
import {figure} from './tip.js';

/** @param {Object} page @param {import('./views.js').Choice} choice */
export function priorOfferView(page, choice) {
  const offer = page.prior_offer;
  if (!offer) return null;
  return element('section', {class: 'part', 'data-key': 'prior-offer', 'data-figures': true}, element('h3', {}, TAB_WORDS.priorTitle),
    element('p', {}, TAB_WORDS.priorText[0], element('b', {}, offer.source), TAB_WORDS.priorText[1],
      figure(`${Math.round(100 * offer.weight)}${figures.NBSP}%`, TAB_TIPS.priorWeight, {class: 'strong', key: 'prior-weight'}), TAB_WORDS.priorText[2]),
    element('p', {class: 'buttons'}, element('button', {type: 'button', class: 'button', 'data-action': `prior:${offer.name}`, 'data-key': 'take-prior'},
      TAB_WORDS.takePrior(offer.name))),
    element('p', {class: 'secondary'}, TAB_WORDS.priorKept[0], element('code', {}, 'isoflop.prior'), TAB_WORDS.priorKept[1]),
    element('p', {class: 'error', role: 'alert', 'data-key': 'prior-refused'}, choice.priorRefused ?? ''));
}

/** What of the law is from a published one; null where it has no prior. @param {Object} law */
export function priorNote(law) {
  const prior = law.published_prior ? law.diagnostics.find(({code}) => code === 'PRIOR') : null;
  return prior ? element('p', {class: 'secondary', 'data-key': 'law-prior'}, prose(prior.message)) : null;
}
