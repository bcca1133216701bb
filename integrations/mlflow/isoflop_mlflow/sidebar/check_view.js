/** What a check found, as a list of runs with their verdicts and findings; and the plan of the reader's own. */

import {drawing, element, ICON} from './element.js';
import * as figures from './figures.js';
import {prose} from './prose.js';
import {TAB_ICON} from './tab_icons.js';
import {TAB_TIPS, TAB_WORDS} from './tab_words.js';
import {figure} from './tip.js';
import {WORDS as PANEL_WORDS} from './words.js';

const WORDS = TAB_WORDS.check;
/** Of one list: those that do not pass come first where there are more. */
const MOST_RUNS = 50;
const CHIP = {pass: 'good', violated: 'off', cannot_judge: 'caution'};
const VERDICT_MARK = {pass: ICON.check, violated: TAB_ICON.cross, cannot_judge: TAB_ICON.question};
/** A shape of its own for each severity. */
const MARK = {error: TAB_ICON.cross, warning: ICON.caution, note: TAB_ICON.info, unknown: TAB_ICON.question};
const MARK_CLASS = {error: 'off-mark', warning: 'caution-mark', unknown: 'caution-mark'};

/** One sentence. @param {import('./plan_checks.js').Answer} answer */
export function checkSummary({document, problems, refusal}) {
  if (!document) return refusal ?? WORDS.badPlan(problems.length);
  const {runs} = document, count = (verdict) => runs.filter((run) => run.verdict === verdict).length;
  return WORDS.summary(runs.length, count('violated'), count('cannot_judge'));
}

/**
 * @param {?import('./plan_checks.js').Check} check @param {string} text The plan as it is now. @param {?number} version Of the newest law.
 * @param {boolean} placed Whether places lead to the reader's own text.
 */
export function checkView(check, text, version, placed = false) {
  if (!check) return null;
  const {answer} = check, key = placed ? 'own-check' : 'check';
  if (!answer) return element('div', {class: 'block', 'data-key': `${key}-wait`, style: 'height:80px'});
  return element('div', {class: 'check', 'data-key': key, 'data-figures': true},
    element('p', {class: answer.document ? null : 'error', 'data-key': `${key}-summary`}, element('b', {}, checkSummary(answer)), check.text === text ? null : ` ${WORDS.changedSince}`),
    answer.document ? judgedView(answer, version, placed) : null,
    answer.problems ? element('ul', {class: 'rows'}, answer.problems.map((problem) => problemRow(problem, placed))) : null);
}

function judgedView({document: {runs, law}, codes}, version, placed) {
  const worstFirst = runs.length > MOST_RUNS ? [...runs].sort((a, b) => (a.verdict === 'pass') - (b.verdict === 'pass')) : runs;
  return [element('p', {class: 'secondary'}, WORDS.byLaw(law.version), version > law.version ? ` ${WORDS.newerLaw(version)}` : null),
    element('ul', {class: 'rows'}, worstFirst.slice(0, MOST_RUNS).map((run) => runRow(run, codes, placed))),
    runs.length > MOST_RUNS ? element('p', {class: 'secondary'}, WORDS.moreRuns(runs.length - MOST_RUNS)) : null];
}

function runRow(run, codes, placed) {
  const size = run.parameter_count && run.token_count ? TAB_WORDS.sizeOn(figures.count(run.parameter_count), figures.count(run.token_count)) : null;
  const name = placed ? run.name : size;  // Runs that the page proposed are known by their size.
  return element('li', {'data-key': `checked-${run.name}-${run.place.line}`},
    element('div', {class: 'run-row'}, element('span', {class: 'grow strong'}, name || WORDS.line(run.place.line)),
      element('span', {class: `chip ${CHIP[run.verdict]}`}, drawing(VERDICT_MARK[run.verdict], {width: 12, height: 12}), WORDS.verdicts[run.verdict])),
    figuresLine(run, placed ? size : null),
    run.findings.length ? element('ul', {class: 'findings'}, run.findings.map((finding) => findingRow(finding, run.waivers, codes, placed))) : null);
}

/** Size, compute, and what the law predicts. */
function figuresLine({training_flops: flops, fitted, purpose}, size) {
  const loss = fitted ? figures.interval(fitted.loss_nats_per_token) : null;
  const parts = [size, flops ? `${figures.flops(flops)} ${PANEL_WORDS.flop}` : null,
    purpose === 'evidence' ? WORDS.forEvidence : null].filter(Boolean).join(', ');
  return element('p', {class: 'secondary'}, parts,
    loss ? [', ', figure(TAB_WORDS.expect(loss.estimate, loss.bounds), TAB_TIPS.expectedLoss)] : null);
}

function findingRow(finding, waivers, codes, placed) {
  const {code, severity, title, message, reason, edit, place} = finding, waiver = waivers[finding.waiver];
  return element('li', {class: 'finding', 'data-key': `finding-${code}-${place.line}`},
    element('span', {class: waiver ? 'muted' : MARK_CLASS[severity] ?? 'muted'}, drawing(MARK[severity] ?? TAB_ICON.info)),
    element('div', {class: 'grow'},
      element('p', {}, element('b', {}, severityText(severity, waiver)), ' ', figure(title, explanation(code, codes.get(code)), {key: `code-${code}`}),
        placed ? [' ', placeLink(place)] : null),
      element('p', {}, prose(message)),
      reason ? element('p', {class: 'secondary'}, prose(reason)) : null,
      edit ? element('p', {}, element('b', {}, `${WORDS.suggested} `), prose(edit.sentence)) : null,
      waiver ? element('p', {class: 'secondary'}, WORDS.waived(waiver.until, waiver.reason)) : null));
}

function severityText(severity, waiver) {
  const text = WORDS.severities[severity] ?? severity;
  return waiver ? WORDS.waivedSeverity(text) : text;
}

const explanation = (code, known) => known ? `${code}. ${known.meaning} ${WORDS.fix} ${known.fix}` : code;

const problemRow = ({place, message}, placed) => element('li', {class: 'need'},
  element('span', {class: 'off-mark'}, drawing(TAB_ICON.cross)),
  element('span', {class: 'grow'}, place.line ? [placed ? placeLink(place) : WORDS.place(place), ': '] : null, message));

const placeLink = (place) => element('button', {type: 'button', class: 'link', 'data-action': `plan-line:${place.line}`}, WORDS.place(place));

/** @param {import('./views.js').Choice} choice */
export function ownPlanView({checks: {own, draft}, shown}) {
  const text = draft?.text ?? '', button = (action, words) => element('button', {type: 'button', class: 'button', 'data-action': action, 'data-key': action}, words);
  return element('details', {class: 'part', 'data-key': 'own-plan'},
    element('summary', {}, element('b', {class: 'grow'}, WORDS.ownPlan), element('span', {class: 'link'}, element('span', {class: 'closed'}, TAB_WORDS.show),
      element('span', {class: 'opened'}, TAB_WORDS.hide))),
    element('p', {class: 'secondary'}, WORDS.ownPlanText),
    element('textarea', {class: 'field own-plan', rows: 8, spellcheck: 'false', autocomplete: 'off', 'aria-label': WORDS.ownPlanField, placeholder: WORDS.example,
      'data-key': 'own-plan-text'}, text),
    element('p', {class: 'buttons'}, button('check-own', WORDS.checkOwn), button('choose-plan', WORDS.chooseFile)),
    checkView(own, text, shown?.version, true));
}
