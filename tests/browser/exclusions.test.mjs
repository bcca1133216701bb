// Leaving a run out of the law from the tab Why, and taking it in again. MLflow's own basic authentication decides who may.
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {after, before, test} from 'node:test';
import {axeFindings, launch} from './browser.mjs';
import {numbersOf, openPanel as open} from './open_panel.mjs';
import {plantedRuns} from './planted_runs.mjs';
import {ADMIN, startWithUsers} from './users.mjs';

const RUNS = plantedRuns(20), ODD = {name: 'odd one', parameters: 3e8, tokens: 1e10, loss: 2.614};
const READER = {username: 'reader', password: 'a-long-reader-password'};
/** Runs of Gadre et al. (tests/data) whose answer rests on one of them. */
const [HEADER, ...LINES] = readFileSync(new URL('../data/gadre_rpj.csv', import.meta.url), 'utf8').trim().split(/\r?\n/).map((line) => line.split(','));
const LEANING = LINES.map((line) => Object.fromEntries(Object.entries({name: 'name', parameters: 'N', tokens: 'D', loss: 'loss_c4_val'})
  .map(([key, column]) => [key, line[HEADER.indexOf(column)]])));
let stack, browser, studied, odd;

before(async () => {
  [stack, browser] = await Promise.all([startWithUsers(), launch()]);
  studied = await stack.createExperiment('studied');
  for (const run of RUNS) await stack.logRun(studied, run);
  odd = await stack.logRun(studied, ODD);
  await stack.rest('users/create', READER);
  await stack.rest('users/permissions/grant', {username: READER.username, resource_type: 'experiment', resource_id: studied, permission: 'READ'}, '3.0');
  await stack.panelWhen(studied, ({law, intervals_ready: ready}) => ready && law.observation_count === RUNS.length + 1);
});

after(async () => {
  await browser?.close();
  await stack?.stop();
});

async function openWhy(httpCredentials, experimentId = studied) {
  const view = await open(browser, stack, experimentId, {httpCredentials});
  await view.panel.locator('[data-key=tab-why]').click();
  await view.panel.locator('[data-key=exclusions] .run-row').first().waitFor();
  return view;
}

const tagsOf = async (runId) => {
  const response = await fetch(`${stack.origin}/api/2.0/mlflow/runs/get?run_id=${runId}`, {headers: stack.headers});
  return Object.fromEntries(((await response.json()).run.data.tags ?? []).map(({key, value}) => [key, value]));
};

test('a run is left out after a look at the refit, and taken in again', async () => {
  const {page, panel, errors} = await openWhy({username: 'admin', password: ADMIN});
  const advised = await panel.locator('[data-key=parameters]').innerText();
  assert.equal(await panel.locator('[data-key=exclusions] li').first().getAttribute('data-key'), `mark-${odd}`);  // The farthest off the law.
  await panel.locator(`[data-key="try-${odd}"]`).click();
  await panel.locator('[data-key=preview-size]').waitFor();
  const expected = await panel.locator('[data-key=preview-size]').innerText();
  const [low, high] = numbersOf(await panel.locator('[data-key=preview-size-bounds]').innerText()), [size] = numbersOf(expected);
  assert.ok(low <= size && size <= high && low < high, `${size} in [${low}, ${high}]`);
  assert.equal((await tagsOf(odd))['isoflop.exclude'], undefined);  // Not before it is asked for.
  assert.deepEqual(await axeFindings(page), []);
  await panel.locator('[data-key=mark]').click();
  await panel.locator('[data-key=run-count]', {hasText: `${RUNS.length}\u00a0runs`}).waitFor();
  assert.equal((await tagsOf(odd))['isoflop.exclude'], 'true');
  assert.equal(await panel.locator('[data-key=parameters]').innerText(), expected);
  await panel.locator('[data-key="excluded-excluded by hand"]').waitFor();

  await panel.locator('[data-key=run-filter]').fill(RUNS[3].name);
  await panel.locator('[data-key=exclusions] li', {hasText: RUNS[3].name}).waitFor();
  await panel.getByRole('button', {name: `Take in again ${ODD.name}`}).click();
  await panel.locator('[data-key=preview-size]').waitFor();
  assert.equal(await panel.locator('[data-key=preview-size]').innerText(), advised);
  await panel.locator('[data-key=mark]').click();
  await panel.locator('[data-key=run-count]', {hasText: `${RUNS.length + 1}\u00a0runs`}).waitFor();
  assert.equal((await tagsOf(odd))['isoflop.exclude'], undefined);
  assert.deepEqual(errors, []);
  await page.context().close();
});

test('a reader whom MLflow does not let change the run is told so, and nothing changes', async () => {
  const {page, panel} = await openWhy(READER);
  await panel.locator(`[data-key="try-${odd}"]`).click();
  await panel.locator('[data-key=mark]').click();
  await panel.getByRole('alert').getByText('MLflow does not let you change this run.').waitFor();
  assert.equal((await tagsOf(odd))['isoflop.exclude'], undefined);
  await panel.locator('[data-key=unmark]').click();
  await panel.locator('[data-key=preview]').waitFor({state: 'detached'});
  assert.equal(await panel.locator(`[data-key="try-${odd}"]`).evaluate((node) => node.getRootNode().activeElement === node), true);
  await page.context().close();
});

test('a law that one run spoils is trusted again without it', async () => {
  const spoilt = await stack.createExperiment('spoilt');
  for (const run of RUNS) await stack.logRun(spoilt, run);
  const worst = await stack.logRun(spoilt, {...ODD, loss: 3.1});
  await stack.panelWhen(spoilt, ({state, intervals_ready: ready, law}) => state === 'not_trusted' && ready && law.observation_count === RUNS.length + 1);
  const {page, panel} = await openWhy({username: 'admin', password: ADMIN}, spoilt);
  await panel.locator('[data-key=fix-HEAVY_TAILS]').click();  // The caution's own way to the run that it is about.
  assert.equal(await panel.locator(`[data-key="try-${worst}"]`).evaluate((node) => node.getRootNode().activeElement === node), true);
  const expected = await panel.locator('[data-key=preview-size]').innerText();
  await panel.locator('[data-key=mark]').click();
  await panel.locator('[data-key=budget]').waitFor();
  assert.match(expected, /^\d/);
  await page.context().close();
});

test('the run that carries the answer is named, and the law can be looked at without it', async () => {
  const leaning = await stack.createStudy('leaning', LEANING.map((run) => ({...run, loss: Number(run.loss)})));
  const {law} = await stack.document('panel', {experiment_id: leaning}), {run, message} = law.diagnostics.find(({code}) => code === 'INFLUENTIAL_RUN');
  assert.ok(message.includes(run.run_name), message);
  const {page, panel, errors} = await openWhy({username: 'admin', password: ADMIN}, leaning);
  await panel.locator('[data-key=fix-INFLUENTIAL_RUN]', {hasText: 'Look at the law without'}).click();
  assert.equal(await panel.locator(`[data-key="try-${run.run_id}"]`).evaluate((node) => node.getRootNode().activeElement === node), true);
  await panel.locator('[data-key=preview]', {hasText: 'Without this run: '}).waitFor();
  const {observation_count: count} = await stack.document('exclusion', {experiment_id: leaning, run_id: run.run_id, excluded: true, budget: law.region.training_flops[1]});
  assert.equal(count, LEANING.length - 1);
  assert.deepEqual(await axeFindings(page), []);
  assert.deepEqual(errors, []);
  await page.context().close();
});
