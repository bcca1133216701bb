/** More of Why: the checks that the law passed, and its versions with what changed from one to the next. */

import {drawing, element, ICON} from './element.js';
import * as figures from './figures.js';
import {TAB_TIPS, TAB_WORDS} from './tab_words.js';
import {figure} from './tip.js';
import {cautions} from './verdict.js';

const LETTERS = {alpha: 'α', beta: 'β'};

const decades = ([low, high]) => figures.significant(Math.log10(high / low), 2);
const spanText = (range, write) => TAB_WORDS.decades(decades(range), `${write(range[0])} ${TAB_WORDS.to} ${write(range[1])}`);

/** The code of the caution that a failed check raises, its name, and what was found. @param {Object} law */
function checksOf(law) {
  const {region, hold_out: unseen, noise} = law;
  return [
    unseen ? ['HOLD_OUT', 'unseen', TAB_WORDS.within(figures.percent(Math.expm1(unseen.root_mean_square_log_error)), unseen.observation_count)] : null,
    region?.parameter_count ? ['NARROW_RANGE', 'sizes', spanText(region.parameter_count, figures.count)] : null,
    region?.token_count ? ['NARROW_RANGE', 'tokens', spanText(region.token_count, figures.count)] : null,
    region?.training_flops ? ['NARROW_COMPUTE', 'compute', spanText(region.training_flops, figures.flops)] : null,
    noise?.log_loss_standard_deviation ? ['NOISY', 'noise', figures.percent(Math.expm1(noise.log_loss_standard_deviation))] : null,
  ].filter(Boolean);
}

/** @param {Object} page */
export function checksView(page) {
  const raised = new Set(cautions(page).map(({code}) => code)), passed = checksOf(page.law).filter(([code]) => !raised.has(code));
  if (passed.length === 0) return null;
  return element('section', {class: 'part', 'data-key': 'checks', 'data-figures': true}, element('h3', {}, TAB_WORDS.checksPassed),
    element('ul', {class: 'rows'}, passed.map(([, name, found]) => element('li', {class: 'run-row', 'data-key': `check-${name}`},
      element('span', {class: 'good-mark'}, drawing(ICON.check)), element('span', {class: 'grow'}, TAB_WORDS.checks[name]),
      figure(found, TAB_TIPS.checks[name], {class: 'muted'})))));
}

/** @param {import('./model.js').Known} known @param {number} shown How many; 0 while the list is closed. @param {number} now In ms. */
export function versionsView(known, shown, now) {
  const versions = known.parts.laws?.document?.versions;
  return element('section', {class: 'part', 'data-key': 'versions', 'data-figures': true},
    element('div', {class: 'heading'}, element('h3', {}, TAB_WORDS.versions),
      element('button', {type: 'button', class: 'link', 'data-action': 'versions', 'data-key': 'show-versions', 'aria-expanded': String(shown > 0)},
        shown ? TAB_WORDS.hide : TAB_WORDS.show)),
    !shown ? null : !versions ? element('div', {class: 'block', style: 'height:80px'}) :
      element('ul', {class: 'rows'}, versions.slice(0, shown).map((version, at) => versionRow(version, versions[at + 1], known.page.version, now))),
    versions?.length > shown && shown ? element('button', {type: 'button', class: 'link', 'data-action': 'versions:older', 'data-key': 'older-versions'},
      TAB_WORDS.olderVersions) : null);
}

function versionRow(version, before, shown, now) {
  return element('li', {'data-key': `version-${version.version}`},
    element('div', {class: 'run-row'}, element('span', {class: 'grow'}, element('b', {}, `v${version.version}`), ` ${figures.age(version.create_time, now)}, `,
      figure(TAB_WORDS.versionRuns(version.observation_count), TAB_TIPS.versionRuns)),
    version.version === shown ? element('span', {class: 'muted'}, TAB_WORDS.shown) :
      element('button', {type: 'button', class: 'link', 'data-action': `pin:${version.version}`, 'data-key': `pin-${version.version}`,
        'aria-label': TAB_WORDS.showVersion(version.version)}, TAB_WORDS.show)),
    element('p', {class: 'secondary'}, [changesOf(version, before), before ? shiftsOf(version.parameters, before.parameters) : null].filter(Boolean).join('; ')));
}

function changesOf({refit, published_prior: prior}, before) {
  if (!refit) return TAB_WORDS.changeUnknown;
  const counts = ['added', 'corrected', 'withdrawn'].filter((kind) => refit[kind]?.count).map((kind) => TAB_WORDS.changes[kind](refit[kind].count));
  return [...counts, before && before.published_prior !== prior ? TAB_WORDS.priorChanged(prior) : null, refit.mapping_changed ? TAB_WORDS.mappingChanged : null,
    refit.basin_changed ? TAB_WORDS.basinChanged : null].filter(Boolean).join(', ') || (refit.added ? TAB_WORDS.refitAsked : TAB_WORDS.changeUnknown);
}

/** Parameters that read otherwise to three digits. */
function shiftsOf(parameters, before) {
  const text = (value) => figures.significant(value, 3), old = new Map(before.map(({symbol, estimate}) => [symbol, estimate]));
  const shifts = parameters.filter(({symbol, estimate}) => old.has(symbol) && text(old.get(symbol)) !== text(estimate))
    .map(({symbol, estimate}) => [LETTERS[symbol] ?? symbol, text(old.get(symbol)), '→', text(estimate)].join(figures.NBSP));
  return shifts.length ? shifts.join(', ') : TAB_WORDS.sameDigits;
}
