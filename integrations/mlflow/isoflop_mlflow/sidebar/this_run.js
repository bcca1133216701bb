/** On the page of a run: its place on the law, or its forecast while it is under way, or why the law leaves it out. */

import {drawing, element, ICON} from './element.js';
import * as figures from './tab_figures.js';
import {planOfRun} from './planned_runs.js';
import {forecastRow} from './running.js';
import {TAB_TIPS, TAB_WORDS} from './tab_words.js';
import {TAB_ICON} from './tab_icons.js';
import {figure} from './tip.js';
import {WORDS} from './words.js';

/** @param {import('./model.js').Known} known @param {string} runId */
export function thisRunView(known, runId) {
  return element('section', {class: 'part', 'data-key': 'this-run', 'data-figures': true}, element('h3', {}, TAB_WORDS.thisRun), runView(known, runId),
    planOfRun(known.parts.planned_runs, runId));
}

function runView({page, parts}, runId) {
  const run = parts.runs?.document?.runs.find((one) => one.run_id === runId), noise = page.law?.noise?.log_loss_standard_deviation ?? null;
  if (run) return placeLines(run, noise);
  const forecast = parts.forecasts?.document?.forecasts.find((one) => one.run === runId);
  if (forecast) return element('ul', {}, forecastRow(forecast, noise, page.study.id));
  if (!parts.runs || parts.runs.waiting) return element('div', {class: 'block', style: 'height:44px;margin:0'});
  const reason = page.excluded.find((group) => group.point_count === 0 && group.runs.some((one) => one.run_id === runId))?.reason;
  return element('p', {}, reason ? TAB_WORDS.leftOutBecause(reason) : TAB_WORDS.notReadYet);
}

function placeLines(run, noise) {
  const size = TAB_WORDS.sizeOn(figures.count(run.parameter_count), figures.count(run.token_count));
  if (run.log_residual === null) return element('p', {}, `${size}, ${WORDS.loss} `, figure(figures.loss(run.loss_nats_per_token), TAB_TIPS.lastLoss,
    {key: 'this-loss'}), '.');
  const off = noise !== null && Math.abs(run.log_residual) > 2 * noise, law = run.loss_nats_per_token * Math.exp(-run.log_residual);
  return [element('p', {}, `${size}, ${WORDS.loss} `, figure(figures.loss(run.loss_nats_per_token), TAB_TIPS.lastLoss, {class: 'strong',
    key: 'this-loss'}), `, ${TAB_WORDS.law} `,
    figure(figures.loss(law), TAB_TIPS.lawLoss)),
  element('p', {class: 'chips'}, element('span', {class: `chip figure ${off ? 'off' : 'good'}`, tabindex: '-1', 'data-key': 'this-place',
    'aria-description': noise === null ? TAB_TIPS.offLaw : TAB_TIPS.noise(figures.percent(Math.expm1(noise)))},
    drawing(off ? run.log_residual > 0 ? TAB_ICON.up : TAB_ICON.downArrow : ICON.check, {width: 12, height: 12}),
      TAB_WORDS.place(figures.offLaw(run.log_residual), off)))];
}
