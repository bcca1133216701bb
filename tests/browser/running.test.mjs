// The tab Running: how the runs under way will end, and which are off the law.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {assertAxeFindsNothing, axeFindings, launch} from './browser.mjs';
import {close, isRounded, numbersOf, openPanel as open} from './open_panel.mjs';
import {plantedRuns} from './planted_runs.mjs';
import {Stack} from './stack.mjs';

const RUNS = plantedRuns(24), PLANNED = plantedRuns(32);
let stack, browser, studied, onLaw, offLaw, early;

before(async () => {
  [stack, browser] = await Promise.all([Stack.start(), launch()]);
  studied = await stack.createExperiment('studied');
  onLaw = await stack.logCurve(studied, {...PLANNED[20], name: 'on the law', fraction: 0.6});
  offLaw = await stack.logCurve(studied, {...PLANNED[22], name: 'off the law', loss: PLANNED[22].loss * 1.05, fraction: 0.6});
  early = await stack.logCurve(studied, {...PLANNED[24], name: 'just begun', fraction: 0.03});
  for (const run of RUNS) await stack.logCurve(studied, run);
  await stack.panelWhen(studied, ({law, intervals_ready: ready}) => ready && law.observation_count === RUNS.length);
});

after(async () => {
  await browser?.close();
  await stack?.stop();
});

async function openRunning(options) {
  const view = await open(browser, stack, studied, options);
  await view.panel.locator('[data-key=tab-running]').click();
  await view.panel.locator('[data-key=running]').waitFor();
  return view;
}

test('forecasts are the route’s, each with its state in words, and say what stopping would free', async () => {
  const {page, panel, errors} = await openRunning();
  assert.equal(numbersOf(await panel.locator('[data-key=tab-running]').innerText())[0], 3);
  const document = await (await fetch(stack.route('forecasts', {experiment_id: studied}))).json();
  const states = new Map(document.forecasts.map((run) => [run.run, run]));
  assert.equal(states.get(onLaw).state, 'ON_LAW');
  assert.equal(states.get(offLaw).state, 'ABOVE');
  assert.equal(states.get(early).state, 'TOO_EARLY');
  await panel.locator(`[data-key="state-${onLaw}"]`, {hasText: 'On law'}).waitFor();
  await panel.locator(`[data-key="state-${offLaw}"]`, {hasText: 'Off law'}).waitFor();
  await panel.locator(`[data-key="state-${early}"]`, {hasText: 'Too early'}).waitFor();
  for (const id of [onLaw, offLaw]) {
    const {forecast} = states.get(id);
    assert.ok(isRounded(numbersOf(await panel.locator(`[data-key="ends-${id}"]`).innerText())[0], forecast.estimate, forecast));
  }
  assert.equal(await panel.locator(`[data-key="ends-${early}"]`).count(), 0);
  await panel.getByText('1 of 3 running runs is off the law.').waitFor();
  assert.ok(close(numbersOf(await panel.locator('[data-key=stoppable]').innerText())[0], Number(document.stoppable.remaining_flops.toPrecision(2))));
  await panel.locator(`[data-key="forecast-${onLaw}"] a`).first().click();
  await page.waitForURL(new RegExp(onLaw));
  assert.deepEqual(errors, []);
  await page.context().close();
});

test('when a run that was forecast ends, the calibration counts it', async () => {
  const {page, panel, errors} = await openRunning();
  await panel.locator(`[data-key="ends-${onLaw}"]`).waitFor();
  await stack.rest('runs/log-batch', {run_id: onLaw, metrics: [{key: 'val/loss', value: PLANNED[20].loss, timestamp: Date.now(), step: 100}]});
  await stack.rest('runs/update', {run_id: onLaw, status: 'FINISHED', end_time: Date.now()});
  await panel.locator('[data-key=held-share]').waitFor();
  const {calibration} = await (await fetch(stack.route('forecasts', {experiment_id: studied}))).json();
  assert.equal(calibration.points.at(-1).run, onLaw);
  assert.equal(numbersOf(await panel.locator('[data-key=held-share]').innerText())[0], 100 * calibration.held_share);
  await panel.locator('[data-key=calibration-table] summary').click();
  assert.equal(await panel.locator('[data-key=calibration-table] tbody tr').count(), calibration.points.length);
  assert.deepEqual(await axeFindings(page), []);
  assert.deepEqual(errors, []);
  await page.context().close();
});

test('axe finds nothing in Running in both themes at 380, 800 and 1,400 px', async () => {
  const {page, panel, errors} = await openRunning();
  await assertAxeFindsNothing({page, panel});
  assert.deepEqual(errors, []);
  await page.context().close();
});
