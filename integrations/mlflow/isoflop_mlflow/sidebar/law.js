/** The fitted law: equation, parameters with intervals, exponent of the best size. */

import {element} from './element.js';
import * as figures from './figures.js';
import {priorNote} from './prior.js';
import {figure} from './tip.js';
import {TIPS} from './tips.js';
import {TAB_WORDS} from './tab_words.js';
import {bracket} from './verdict.js';

const LETTERS = {alpha: 'α', beta: 'β'};
/** Parameters are correlated and get copied, so they carry one digit more than their intervals ask for. */
const EXTRA_DIGITS = 1;

/** Of an estimate with its bracket, where two stand side by side. */
const MOST_LETTERS = 20;

/** @param {Object} page */
export function lawView(page) {
  const law = page.law;
  if (!law || law.parameters.length === 0) return null;
  const written = new Map(law.parameters.map((parameter) => [parameter.symbol, figures.interval(parameter, EXTRA_DIGITS)]));
  const longest = Math.max(...[...written.values()].map(({estimate, bounds}) => estimate.length + (bounds ?? '').length));
  return element('section', {class: 'part', 'data-key': 'law', 'data-figures': true},
    element('div', {class: 'heading'}, element('h3', {}, TAB_WORDS.lawTitle),
      element('button', {type: 'button', class: 'link', 'data-action': 'copy-law', 'data-key': 'copy-law'}, TAB_WORDS.copyLaw)),
    equation(written),
    element('dl', {class: `parameters${longest > MOST_LETTERS ? ' long' : ''}`},
      law.parameters.map((parameter) => row(LETTERS[parameter.symbol] ?? parameter.symbol, written.get(parameter.symbol), parameterTip(parameter),
        page.intervals_ready || parameter.fixed, `law-${parameter.symbol}`)),
      law.allocation ? row('a', figures.interval(law.allocation.parameter_exponent), TIPS.a, page.intervals_ready, 'law-a') : null),
    priorNote(law),
    law.allocation ? element('p', {class: 'secondary'}, `${TAB_WORDS.growsAs} `, element('i', {}, 'C'), element('sup', {}, element('i', {}, 'a')),
      TAB_WORDS.unitNote(TAB_WORDS.conventions[law.convention] ?? String(law.convention).toLowerCase())) : null);
}

function parameterTip(parameter) {
  const tip = TIPS[parameter.symbol] ?? TIPS.otherParameter(parameter.name.replaceAll('_', ' '));
  return parameter.fixed ? `${tip} ${TIPS.fixed}` : tip;
}

function row(letter, {estimate, bounds}, tip, ready, key) {
  return element('div', {}, element('dt', {}, element('i', {}, letter)),
    element('dd', {}, figure(estimate, tip, {key}), ' ', bracket(bounds, ready, `${key}-bounds`)));
}

/** L = E + A / N^alpha + B / D^beta, where the law has that form. */
function equation(written) {
  if (!['E', 'A', 'B', 'alpha', 'beta'].every((symbol) => written.has(symbol))) return null;
  const value = (symbol) => figure(written.get(symbol).estimate, TIPS[symbol], {key: `equation-${symbol}`});
  const term = (coefficient, base, exponent) => [' + ', value(coefficient), '/', element('i', {}, base), element('sup', {}, value(exponent))];
  return element('p', {class: 'equation', 'aria-description': TIPS.law}, element('i', {}, 'L'), ' = ', value('E'), term('A', 'N', 'alpha'),
    term('B', 'D', 'beta'));
}
