/** Planned runs: what was planned, what was predicted, what was reached, and how often the prediction held. */

import {drawing, element, ICON} from './element.js';
import * as figures from './tab_figures.js';
import {runLink} from './runs.js';
import {glyphHeading, shiftGlyph} from './shift_glyph.js';
import {TAB_ICON} from './tab_icons.js';
import {TAB_SENTENCES, TAB_TIPS, TAB_WORDS} from './tab_words.js';
import {figure} from './tip.js';

const WORDS = TAB_WORDS.planned;
const MOST_PLANS = 20;
/** Class and mark of what became of a plan; grey with a clock for the rest. */
const CHIP = {inside: ['good', ICON.check], above: ['off', TAB_ICON.up], below: ['off', TAB_ICON.downArrow], otherwise: ['still-early', TAB_ICON.info],
  unused: ['still-early', TAB_ICON.info], noInterval: ['still-early', TAB_ICON.info]};

/** What became of a plan. @param {Object} plan Of the document. */
function outcomeOf({run, reached, as_planned: asPlanned, held, deviation}) {
  if (!run) return 'awaited';
  if (!reached) return run.state === 'FINISHED' ? 'unused' : run.state;
  if (asPlanned === false) return 'otherwise';
  return held === null ? 'noInterval' : held ? 'inside' : deviation.loss_nats_per_token > 0 ? 'above' : 'below';
}

/** @param {?import('./parts.js').Part} part @param {string} experimentId */
export function plannedRunsView(part, experimentId) {
  const document = part?.document;
  if (!document?.plans.length) return null;
  const more = document.plan_count - Math.min(document.plans.length, MOST_PLANS);
  return element('section', {class: 'part', 'data-key': 'planned', 'data-figures': true}, element('h3', {}, WORDS.title), recordLine(document.record),
    glyphHeading(WORDS.against, WORDS.prediction),
    element('ul', {class: 'rows'}, document.plans.slice(0, MOST_PLANS).map((plan) => planRow(plan, experimentId))),
    more ? element('p', {class: 'secondary'}, WORDS.more(more)) : null,
    element('p', {class: 'secondary'}, WORDS.how[0], element('code', {}, 'isoflop check --record'), WORDS.how[1], element('code', {}, 'isoflop.plan'),
      WORDS.how[2]));
}

/** On the page of a run that was planned. @param {?import('./parts.js').Part} part @param {string} runId */
export function planOfRun(part, runId) {
  const plan = part?.document?.plans.find(({run}) => run?.run === runId);
  return plan ? element('div', {'data-key': 'this-plan'}, element('p', {}, WORDS.planned(plan.name)), planLines(plan), element('p', {class: 'chips'}, chip(plan))) : null;
}

/** @param {Object} record Of those that went as planned. */
function recordLine({count, held_count: held, mean_absolute_deviation: miss, off_plan_count: otherwise}) {
  return element('p', {'data-key': 'planned-record'},
    count ? [element('b', {}, WORDS.record(held, count)), ` ${WORDS.miss} `, figure(figures.percent(miss), TAB_TIPS.planned.miss, {key: 'planned-miss'}), '.'] :
      WORDS.noRecord, otherwise ? ` ${WORDS.offPlan(otherwise)}` : null);
}

function planRow(plan, experimentId) {
  const {name, run} = plan;
  return element('li', {class: 'forecast', 'data-key': `planned-${name}-${plan.time}`},
    element('div', {class: 'grow'}, element('div', {class: 'run-row'},
      element('span', {}, run ? runLink({run_id: run.run, run_name: name}, experimentId) : figures.shortName(name)), chip(plan)), planLines(plan)),
    glyph(plan));
}

function chip(plan) {
  const outcome = outcomeOf(plan), [kind, mark] = CHIP[outcome] ?? ['still-early', TAB_ICON.clock];
  return element('span', {class: `chip ${kind}`}, drawing(mark, {width: 12, height: 12}), WORDS.outcomes[outcome] ?? outcome);
}

function planLines(plan) {
  const {predicted, law, reached, run} = plan, {estimate, bounds} = figures.interval(predicted);
  return [element('p', {}, sizesText(plan)),
    estimate === null ? null : element('p', {class: 'secondary'}, `${WORDS.predicted(law.version)} `, figure(estimate, TAB_TIPS.planned.predicted), ' ',
      bounds ? element('span', {class: 'bounds'}, bounds) : null,
      reached ? [`, ${WORDS.reached} `, figure(figures.interval({...predicted, estimate: reached.loss_nats_per_token}).estimate, TAB_TIPS.lastLoss, {class: 'strong'})] : null),
    run?.reason ? element('p', {class: 'secondary'}, TAB_WORDS.leftOutBecause(run.reason)) : null];
}

/** "7.0 B on 140 B, ran 7.0 B on 130 B". */
function sizesText({planned, reached}) {
  const text = ({parameter_count: size, token_count: tokens}) => size && tokens ? TAB_WORDS.sizeOn(figures.count(size), figures.count(tokens)) : WORDS.noSize;
  const plan = text(planned);
  if (!reached) return plan;
  return text(reached) === plan ? WORDS.asPlanned(plan) : WORDS.ran(plan, text(reached));
}

/** In % of what was predicted: its interval and what was reached. */
function glyph({predicted: {estimate, lower, upper}, deviation, held, as_planned: asPlanned}) {
  const off = deviation && asPlanned !== false ? deviation.loss_nats_per_token : null;
  return shiftGlyph({shift: off === null ? null : {estimate: off}, band: lower === null ? null : [lower / estimate - 1, upper / estimate - 1],
    off: held === false, label: off === null ? TAB_SENTENCES.notReached : TAB_SENTENCES.reached(figures.offLaw(Math.log1p(off)))});
}
