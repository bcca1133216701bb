/** The tab Running: how the runs under way will end, which of them are off the law, and what stopping those would free. */

import {calibrationView} from './calibration.js';
import {drawing, element, ICON} from './element.js';
import * as figures from './tab_figures.js';
import {TAB_SENTENCES, TAB_TIPS, TAB_WORDS} from './tab_words.js';
import {plannedRunsView} from './planned_runs.js';
import {prose} from './prose.js';
import {runLink} from './runs.js';
import {glyphHeading, shiftGlyph} from './shift_glyph.js';
import {TAB_ICON} from './tab_icons.js';
import {figure} from './tip.js';

const CHIP = {ABOVE: 'off', DIVERGED: 'off', UNFINISHED: 'off', BELOW: 'off', ON_LAW: 'good', TOO_EARLY: 'still-early', LENGTH_UNKNOWN: 'still-early', UNJUDGED: 'still-early'};
const MARK = {ABOVE: TAB_ICON.up, BELOW: TAB_ICON.downArrow, DIVERGED: ICON.caution, UNFINISHED: ICON.caution, ON_LAW: ICON.check, TOO_EARLY: TAB_ICON.clock, LENGTH_UNKNOWN: TAB_ICON.clock,
  UNJUDGED: TAB_ICON.info};

/** @param {Object<string, import('./parts.js').Part>} parts @param {Object} page */
export function runningView({forecasts: part, planned_runs: planned}, page) {
  const document = part?.document;
  if (!document) return part?.failed ? element('p', {class: 'part secondary', 'data-key': 'running-failed'}, TAB_WORDS.noForecasts) : element('div',
    {class: 'block', 'data-key': 'running-wait', style: 'height:240px'});
  const noise = document.noise?.log_loss_standard_deviation ?? null;
  return [element('section', {class: 'part', 'data-key': 'running', 'data-figures': true}, summary(document),
    document.forecasts.length ? glyphHeading(TAB_WORDS.forecastOf, TAB_WORDS.law) : null,
    element('ul', {class: 'rows'}, document.forecasts.map((run) => forecastRow(run, noise, page.study.id))),
    document.left_out_count ? element('p', {class: 'secondary'}, TAB_WORDS.moreRunning(document.left_out_count)) : null,
    document.smallest_visible_shift ? element('p', {class: 'secondary'},
      figure(TAB_WORDS.visibleShift(figures.percent(Math.expm1(document.smallest_visible_shift))), TAB_TIPS.visibleShift)) : null),
  calibrationView(document.calibration, page.study.id), plannedRunsView(planned, page.study.id), offLawView(document.off_law, page.study.id)];
}

function summary(document) {
  const {running_count: running, off_law_count: off, broken_count: broken, stoppable} = document;
  if (running === 0) return element('p', {}, TAB_WORDS.nothingRuns);
  const frees = stoppable.run_count && stoppable.remaining_flops ? [` ${TAB_WORDS.stopping(stoppable.run_count, off + broken)} `,
    figure(`${figures.flops(stoppable.remaining_flops)} FLOP`, TAB_TIPS.stoppable, {key: 'stoppable'}), '.'] : null;
  return element('p', {'data-key': 'running-summary'}, element('b', {}, TAB_WORDS.offOf(off, running)), broken ? ` ${TAB_WORDS.broken(broken)}` : null, frees);
}

/** @param {Object} run Of the document. @param {?number} noise @param {string} experimentId */
export function forecastRow(run, noise, experimentId) {
  const {estimate, bounds} = run.forecast ? figures.interval(run.forecast) : {estimate: null, bounds: null};
  return element('li', {class: 'forecast', 'data-key': `forecast-${run.run}`},
    element('div', {class: 'grow'},
      element('div', {class: 'run-row'}, runLink({run_id: run.run, run_name: run.name}, experimentId),
        element('span', {class: `chip figure ${CHIP[run.state] ?? 'still-early'}`, tabindex: '-1', 'data-key': `state-${run.run}`,
          'aria-description': TAB_TIPS.states[run.state] ?? ''},
          drawing(MARK[run.state] ?? TAB_ICON.info, {width: 12, height: 12}), TAB_WORDS.states[run.state] ?? run.state)),
      estimate ? element('p', {}, `${TAB_WORDS.endsAt} `, figure(estimate, TAB_TIPS.forecast(TAB_WORDS.methods[run.method] ?? run.method,
        run.compared_run_count), {class: 'strong', key: `ends-${run.run}`}), ' ',
        bounds ? element('span', {class: 'bounds'}, bounds) : null, run.law_loss ? [`, ${TAB_WORDS.law}${figures.NBSP}`, figure(figures.interval({...run.forecast,
          estimate: run.law_loss}).estimate, TAB_TIPS.lawLoss)] : null) : null,
      run.state === 'TOO_EARLY' ? element('p', {class: 'secondary'}, TAB_WORDS.forecastLater) : null, progressLine(run)),
    shiftGlyph({shift: run.shift, band: noise === null ? null : [-2 * noise, 2 * noise], off: run.state === 'ABOVE' || run.state === 'BELOW',
      label: run.shift ? TAB_SENTENCES.glyph(figures.offLaw(Math.log1p(run.shift.estimate))) : TAB_SENTENCES.noGlyph}), causeNote(run, experimentId));
}

function causeNote(run, experimentId) {
  if (!run.cause) return null;
  const {shift, neighbour_run: neighbour} = run;
  return element('p', {class: 'off-note'}, shift ? [element('b', {}, TAB_WORDS.shiftOf(figures.percent(Math.abs(shift.estimate)), shift.estimate > 0)), ' '] : null,
    prose(run.cause.message),
    neighbour ? [` ${TAB_WORDS.compareWith} `, runLink({run_id: neighbour.run, run_name: neighbour.name}, experimentId), '.'] : null);
}

function progressLine(run) {
  const parts = [run.progress === null ? null : TAB_WORDS.progress(figures.percent(run.progress), run.token_count ? figures.count(run.token_count) : null),
    run.remaining_sec === null ? null : TAB_WORDS.left(figures.span(run.remaining_sec))].filter(Boolean);
  return parts.length ? element('p', {class: 'secondary'}, figure(parts.join(', '), TAB_TIPS.progress)) : null;
}

function offLawView(runs, experimentId) {
  if (!runs.length) return null;
  return element('section', {class: 'part', 'data-key': 'off-law', 'data-figures': true}, element('h3', {}, TAB_WORDS.finishedOffLaw),
    element('ul', {class: 'rows'}, runs.map((run) => element('li', {class: 'run-row', 'data-key': `off-${run.run}`}, element('span', {class: 'grow'},
      runLink({run_id: run.run, run_name: run.name}, experimentId)),
      figure(figures.offLaw(run.shift), TAB_TIPS.offLaw), figure(TAB_WORDS.timesScale(figures.significant(Math.abs(run.z), 2)), TAB_TIPS.timesScale,
        {class: 'muted'})))));
}
