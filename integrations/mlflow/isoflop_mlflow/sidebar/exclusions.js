/** Leaving runs out of the law and taking them in again, each with a refit to look at first. The mark is a tag in MLflow. */

import {element} from './element.js';
import * as figures from './tab_figures.js';
import {TAB_TIPS, TAB_WORDS} from './tab_words.js';
import {runLink} from './runs.js';
import {figure} from './tip.js';
import {cautions} from './verdict.js';

const SHOWN = 6;

/** @typedef {{runId: string, excluded: boolean, refused: ?string}} Preview What is looked at before it is done. */

/** The query of the document that the preview shows. @param {Preview} preview @param {number} budget */
export const previewQuery = ({runId, excluded}, budget) => ({budget, run_id: runId, excluded});

/** @param {import('./model.js').Known} known @param {import('./views.js').Choice} choice */
export function exclusionsView(known, choice) {
  const {page} = known, out = page.excluded.filter((group) => group.by_hand).flatMap((group) => group.runs);
  const wanted = choice.runFilter.trim().toLowerCase();
  const runs = wanted ? found(known.parts.runs?.document?.runs ?? [], wanted) : page.farthest_runs;
  const named = namedRuns(page).filter(({run_id: id}) => runs.every((run) => run.run_id !== id));
  const row = (run, excluded, place) => runRow(known, choice, run, excluded, place);
  return element('section', {class: 'part', 'data-key': 'exclusions', 'data-figures': true}, element('h3', {}, TAB_WORDS.leaveOutTitle),
    element('p', {class: 'secondary'}, TAB_WORDS.leaveOutText, element('code', {}, 'isoflop.exclude'), '.'),
    out.length ? element('ul', {class: 'rows', 'aria-label': TAB_WORDS.leftOutByHand}, out.map((run) => row(run, false, muted(TAB_WORDS.leftOut)))) : null,
    element('input', {type: 'search', class: 'field', 'data-key': 'run-filter', 'data-filter': 'runs', placeholder: TAB_WORDS.filterRuns,
      'aria-label': TAB_WORDS.filterRuns}),
    element('ul', {class: 'rows', 'aria-label': TAB_WORDS.farthestFirst}, [...named.map((run) => row(run, true, muted(TAB_WORDS.named))),
      ...runs.map((run) => row(run, true, figure(figures.offLaw(run.log_residual), TAB_TIPS.offLaw, {class: 'muted'})))]));
}

const muted = (words) => element('span', {class: 'muted'}, words);

/** Those of a name, farthest off the law first. */
const found = (runs, wanted) => runs.filter((run) => run.log_residual !== null && (run.run_name || run.run_id).toLowerCase().includes(wanted))
  .sort((a, b) => Math.abs(b.log_residual) - Math.abs(a.log_residual)).slice(0, SHOWN);

/** Those that a caution is about. */
const namedRuns = (page) => cautions(page).map(({run}) => run).filter(Boolean);

function runRow(known, choice, run, excluded, place) {
  const {preview} = choice, looked = preview?.runId === run.run_id;
  return element('li', {'data-key': `mark-${run.run_id}`},
    element('div', {class: 'run-row'}, element('span', {class: 'grow'}, runLink(run, known.page.study.id)),
      place,
      element('button', {type: 'button', class: 'link', 'data-action': `${excluded ? 'exclude' : 'include'}:${run.run_id}`, 'data-key': `try-${run.run_id}`,
        'aria-expanded': String(looked), 'aria-label': (excluded ? TAB_WORDS.leaveOutRun : TAB_WORDS.takeInRun)(run.run_name || run.run_id)},
      excluded ? TAB_WORDS.leaveOut : TAB_WORDS.takeIn)),
    looked ? previewView(known, preview) : null);
}

function previewView(known, preview) {
  const part = known.parts.exclusion, after = part?.document, current = after?.run_id === preview.runId && after.excluded === preview.excluded;
  return element('div', {class: 'inset', 'data-key': 'preview', role: 'status'}, element('p', {}, current || part?.failed ? outcome(known.page, after,
    preview) : TAB_WORDS.refitting),
    preview.refused ? element('p', {class: 'error', role: 'alert'}, preview.refused) : null,
    element('p', {class: 'row'},
      element('button', {type: 'button', class: 'button small', 'data-action': 'mark', 'data-key': 'mark'},
        preview.excluded ? TAB_WORDS.leaveOut : TAB_WORDS.takeIn),
      element('button', {type: 'button', class: 'button small', 'data-action': 'unmark', 'data-key': 'unmark'}, TAB_WORDS.cancel)));
}

function outcome(page, after, preview) {
  const start = preview.excluded ? TAB_WORDS.without : TAB_WORDS.withIt;
  const then = after?.advice, now = page.verdict?.parameter_count.estimate ? page.verdict : null;
  if (!then?.parameter_count.estimate) return `${start} ${after?.error ? TAB_WORDS.noAdviceFor(after.error) : TAB_WORDS.noAdvice}`;
  const {lower, upper} = then.parameter_count, size = lower === null ? null : figures.countBounds(lower, upper);
  const loss = figures.interval(then.loss_nats_per_token);
  return [`${start} ${now ? TAB_WORDS.bestSizeFrom(figures.count(now.parameter_count.estimate)) : TAB_WORDS.bestSize} `,
    ...estimateWith(figures.count(then.parameter_count.estimate), size, 'preview-size'),
    `, ${now ? TAB_WORDS.lossFrom(figures.interval(now.loss_nats_per_token).estimate) : TAB_WORDS.loss} `,
    ...estimateWith(loss.estimate, loss.bounds, 'preview-loss'), '.'];
}

const estimateWith = (estimate, bounds, key) => [figure(estimate, TAB_TIPS.preview, {class: 'strong', key}), bounds ? ' ' : null,
  bounds ? element('span', {class: 'bounds', 'data-key': `${key}-bounds`}, bounds) : null];
