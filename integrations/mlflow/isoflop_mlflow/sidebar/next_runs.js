/** The tab Next runs: what to launch next, ranked by what it teaches per FLOP, a plan of it to copy or check, and a plan of the reader's own. */

import {checkView, ownPlanView} from './check_view.js';
import {element} from './element.js';
import * as figures from './figures.js';
import {prose} from './prose.js';
import {TAB_TIPS, TAB_WORDS} from './tab_words.js';
import {figure} from './tip.js';
import {WORDS} from './words.js';

/** Whether a run's row is ticked: all but those that only test the law, unless the reader says otherwise. */
const isTicked = (run, ticks) => ticks[run.name] ?? run.kind !== 'FRONTIER';

const share = (ratio) => `${ratio >= 0.1 ? figures.significant(100 * ratio, 2) : figures.significant(100 * ratio, 1)}${figures.NBSP}%`;

/** The answer once the ticked runs are done; null where the server gives none. @param {Object} document @param {Object<string, boolean>} ticks */
function intervalAfter(document, ticks) {
  const after = document.interval_after_selection;
  if (!after) return null;
  const index = document.next_runs.reduce((sum, run, at) => sum + (isTicked(run, ticks) ? 2 ** at : 0), 0);
  return {parameter_count: [after.size_lower[index], after.size_upper[index]], loss_nats_per_token: [after.loss_lower[index], after.loss_upper[index]]};
}

/** The plan of the ticked runs, as `isoflop check` reads it. @param {Object} document @param {Object<string, boolean>} ticks */
export const planText = (document, ticks) => `runs:\n${document.next_runs.map((run, at) => isTicked(run, ticks) ? document.plan[at] : '').join('')}`;

/** @param {?import('./parts.js').Part} part @param {import('./views.js').Choice} choice */
export function nextRunsView(part, choice) {
  return [proposalView(part, choice), choice.tab === 'next' ? ownPlanView(choice) : null];
}

function proposalView(part, choice) {
  const document = part?.document, ticks = choice.ticks;
  if (!document) return part?.failed ? element('p', {class: 'part secondary', 'data-key': 'next-failed'}, TAB_WORDS.noNextRuns) : element('div',
    {class: 'block', 'data-key': 'next-wait', style: 'height:300px'});
  const ticked = document.next_runs.filter((run) => isTicked(run, ticks)), most = Math.max(...document.next_runs.map((run) => run.bits_per_flop ?? 0));
  const cost = ticked.reduce((sum, run) => sum + run.training_flops, 0), ready = document.target_flops !== null;
  return element('section', {class: 'part', 'data-key': 'next-runs', 'data-figures': true},
    choice.form === 'full' && choice.tab === 'advice' ? element('h3', {}, WORDS.tabs.next) : null,
    ready ? summary(document, ticked.length, intervalAfter(document, ticks), cost) : element('p', {}, TAB_WORDS.firstDesign),
    precisionNote(document.precision),
    element('table', {class: 'next-table', 'aria-label': WORDS.tabs.next},
      element('thead', {}, element('tr', {}, element('th', {scope: 'col'}, element('span', {class: 'unseen'}, TAB_WORDS.chosen)), element('th',
        {scope: 'col'}, TAB_WORDS.onTokens),
        element('th', {scope: 'col', class: 'right'}, WORDS.flop), element('th', {scope: 'col', class: 'right'}, TAB_WORDS.narrows, element('div',
          {class: 'muted'}, TAB_WORDS.barPerFlop)))),
      element('tbody', {}, document.next_runs.map((run) => runRow(run, isTicked(run, ticks), most)))),
    element('p', {class: 'buttons'}, element('button', {type: 'button', class: 'button primary', 'data-action': 'copy-plan', 'data-key': 'copy-plan',
      disabled: ticked.length === 0}, TAB_WORDS.copyPlan), element('button', {type: 'button', class: 'button', 'data-action': 'check-plan',
      'data-key': 'check-plan', disabled: ticked.length === 0}, TAB_WORDS.check.checkPlan)),
    checkView(choice.checks.ticked, planText(document, ticks), choice.shown?.version),
    document.tokens_per_parameter ? element('p', {class: 'inset'}, element('b', {}, `${TAB_WORDS.whyThese} `),
      TAB_WORDS.whyTheseText(figures.significant(document.tokens_per_parameter, 2))) : null,
    element('p', {class: 'secondary'}, TAB_WORDS.planIs[0], element('code', {}, 'isoflop check'), TAB_WORDS.planIs[1]));
}

function summary(document, number, after, cost) {
  const now = figures.countBounds(...document.interval_before.parameter_count), then = after && figures.countBounds(...after.parameter_count);
  const before = figure(now, TAB_TIPS.intervalBefore, {key: 'interval-before'});
  if (number === 0 || !after) return summaryLine(`${TAB_WORDS.bestSizeIn(figures.flops(document.target_flops))} `, before, '.');
  const narrowed = [figure(then, TAB_TIPS.intervalAfter, {class: 'strong', key: 'interval-after'}), `. ${TAB_WORDS.cost} `,
    figure(`${figures.flops(cost)} ${WORDS.flop}`, TAB_TIPS.planCost, {key: 'plan-cost'}), `, ${TAB_WORDS.ofBudget(share(cost / document.target_flops))}`];
  if (now === then) return summaryLine(`${TAB_WORDS.hardlyNarrow(number)} `, ...narrowed);
  return summaryLine(`${TAB_WORDS.wouldNarrow(number)} `, before, ` ${TAB_WORDS.to} `, ...narrowed);
}

const summaryLine = (...parts) => element('p', {'data-key': 'next-summary', role: 'status'}, parts);

/** Where no choice of runs for the budget can tell what is wanted. */
function precisionNote(precision) {
  const title = TAB_WORDS.precision[precision?.state];
  return title ? element('p', {class: 'inset', 'data-key': 'precision'}, element('b', {}, `${title} `), prose(precision.message)) : null;
}

function runRow(run, ticked, most) {
  const test = run.kind === 'FRONTIER', loss = run.loss_nats_per_token?.estimate ? figures.interval(run.loss_nats_per_token) : null;
  const narrowing = run.size_narrowing ?? run.narrowing, width = most > 0 && run.bits_per_flop ? 100 * run.bits_per_flop / most : 0;
  const name = TAB_WORDS.sizeOn(figures.count(run.parameter_count), figures.count(run.token_count));
  return element('tr', {'data-key': `next-${run.name}`},
    element('td', {}, element('label', {class: 'tick-box'}, element('input', {type: 'checkbox', class: 'tick', 'data-tick': run.name, 'data-key': `tick-${run.name}`,
      'aria-label': TAB_WORDS.tickRun(name), checked: ticked}))),
    element('td', {}, figure(name, TAB_TIPS.nextRun), element('p', {class: 'secondary'}, run.reason,
      test && loss ? ['; ', figure(TAB_WORDS.expect(loss.estimate, loss.bounds), TAB_TIPS.expectedLoss)] : null)),
    element('td', {class: 'right'}, figure(figures.flops(run.training_flops), TAB_TIPS.runFlops), run.target_share === null ? null :
      element('p', {class: 'secondary'}, figure(share(run.target_share), TAB_TIPS.runShare))),
    element('td', {class: 'right'}, test ? TAB_WORDS.test : narrowing === null ? '' :
      [figure(`\u2212${share(narrowing)}`, TAB_TIPS.narrowing, {key: `narrowing-${run.name}`}),
        element('div', {class: 'mini-bar', 'aria-hidden': 'true'}, element('div', {style: `width:${width.toFixed(1)}%`}))]));
}
