// Settings, kept as tags of the experiment through MLflow's own API. MLflow's own basic authentication decides who may change them.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {axeFindings, launch} from './browser.mjs';
import {openPanel as open} from './open_panel.mjs';
import {plantedRuns} from './planted_runs.mjs';
import {ADMIN, startWithUsers} from './users.mjs';

const RUNS = plantedRuns(20), READER = {username: 'reader', password: 'a-long-reader-password'};
let stack, browser, studied;

before(async () => {
  [stack, browser] = await Promise.all([startWithUsers(), launch()]);
  studied = await stack.createExperiment('studied');
  for (const run of RUNS) await stack.logRun(studied, run);
  await stack.rest('users/create', READER);
  await stack.rest('users/permissions/grant', {username: READER.username, resource_type: 'experiment', resource_id: studied, permission: 'READ'}, '3.0');
  await stack.panelWhen(studied, ({law, intervals_ready: ready}) => ready && law.observation_count === RUNS.length);
});

after(async () => {
  await browser?.close();
  await stack?.stop();
});

const tags = async (experimentId = studied) => {
  const response = await fetch(`${stack.origin}/api/2.0/mlflow/experiments/get?experiment_id=${experimentId}`, {headers: stack.headers});
  return Object.fromEntries(((await response.json()).experiment.tags ?? []).filter(({key}) => key.startsWith('isoflop.')).map(({key, value}) => [key, value]));
};

async function openSettings(httpCredentials) {
  const view = await open(browser, stack, studied, {httpCredentials});
  await view.panel.locator('[data-key=budget]').waitFor();
  await view.panel.locator('[data-key=settings]').click();
  await view.panel.getByRole('dialog', {name: 'Settings'}).waitFor();
  return view;
}

test('settings are tags that everyone’s panel reads, and emptied ones are forgotten', async () => {
  const {page, panel, errors} = await openSettings({username: 'admin', password: ADMIN});
  assert.deepEqual(await axeFindings(page), []);
  await panel.getByRole('textbox', {name: 'Budget'}).fill('3e19');
  await panel.getByRole('textbox', {name: 'GPUs at hand'}).fill('64');
  await panel.getByRole('textbox', {name: 'Share of it in use'}).fill('40');
  await panel.locator('[data-key=save-settings]').click();
  await panel.getByRole('alert').getByText('Share of it in use').waitFor();  // It is a share, not a percentage.
  assert.deepEqual(await tags(), {});
  await panel.getByRole('textbox', {name: 'Share of it in use'}).fill('0.4');
  await panel.locator('[data-key=save-settings]').click();
  await panel.getByRole('dialog', {name: 'Settings'}).waitFor({state: 'detached'});
  assert.deepEqual(await tags(), {'isoflop.budget_flops': '3e19', 'isoflop.gpu_count': '64', 'isoflop.utilisation': '0.4'});
  await panel.locator('[data-key=budget]', {hasText: '3e19 FLOP'}).waitFor();

  const other = await open(browser, stack, studied, {httpCredentials: READER});
  await other.panel.locator('[data-key=budget]', {hasText: '3e19 FLOP'}).waitFor();
  await other.page.context().close();

  await panel.locator('[data-key=settings]').click();
  await panel.getByRole('textbox', {name: 'GPUs at hand'}).fill('');
  await panel.locator('[data-key=save-settings]').click();
  await panel.getByRole('dialog', {name: 'Settings'}).waitFor({state: 'detached'});
  assert.deepEqual(await tags(), {'isoflop.budget_flops': '3e19', 'isoflop.utilisation': '0.4'});
  assert.deepEqual(errors, []);
  await page.context().close();
});

test('a reader whom MLflow does not let change the experiment is told so; Escape returns to the button', async () => {
  const before = await tags(), {page, panel} = await openSettings(READER);
  await panel.getByRole('textbox', {name: 'GPUs at hand'}).fill('8');
  await page.keyboard.press('Enter');
  await panel.getByRole('alert').getByText('MLflow does not let you change this experiment.').waitFor();
  assert.deepEqual(await tags(), before);
  await page.keyboard.press('Escape');
  await panel.getByRole('dialog', {name: 'Settings'}).waitFor({state: 'detached'});
  assert.equal(await panel.locator('[data-key=settings]').evaluate((node) => node.getRootNode().activeElement === node), true);
  await page.context().close();
});

/** A run under names that nobody knows. */
async function logOddly(experimentId, {name, parameters, tokens, loss}) {
  const {run} = await stack.rest('runs/create', {experiment_id: experimentId, run_name: name, start_time: Date.now()}), run_id = run.info.run_id;
  await stack.rest('runs/log-batch', {run_id, params: [{key: 'zzz', value: String(parameters)}, {key: 'optimizer', value: 'adam'}],
    metrics: [{key: 'seen', value: tokens, timestamp: Date.now(), step: 1}, {key: 'quality/final', value: loss, timestamp: Date.now(), step: 1}]});
  await stack.rest('runs/update', {run_id, status: 'FINISHED', end_time: Date.now()});
}

test('where names are not recognised they are chosen from those that the runs have, and the law follows', async () => {
  const odd = await stack.createExperiment('odd'), runs = plantedRuns(12);
  for (const run of runs) await logOddly(odd, run);
  await stack.panelWhen(odd, ({state, study}) => state === 'no_mapping' && study.run_count === runs.length);
  const {page, panel, errors} = await open(browser, stack, odd, {httpCredentials: {username: 'admin', password: ADMIN}});
  await panel.getByText('Some quantities were not found.').waitFor();
  await panel.locator('[data-key=mapping]').click();
  const dialog = panel.getByRole('dialog', {name: 'What each quantity is read from'});
  const field = (name) => dialog.getByRole('combobox', {name});
  await dialog.waitFor();
  assert.deepEqual(await axeFindings(page), []);
  assert.deepEqual(await field('Loss').locator('optgroup option').allTextContents(), [`quality/final (${runs.at(-1).loss})`, `seen (${runs.at(-1).tokens})`]);
  assert.ok(!(await dialog.textContent()).includes('optimizer'));  // No number.
  await field('Loss').selectOption('metric:quality/final');
  await field('Parameters N').selectOption('param:zzz');
  await field('Tokens D').selectOption('metric:seen');
  await panel.locator('[data-key=save-mapping]').click();
  await dialog.waitFor({state: 'detached'});
  assert.deepEqual(await tags(odd), {'isoflop.mapping.loss_nats_per_token': 'metric:quality/final', 'isoflop.mapping.parameter_count': 'param:zzz',
    'isoflop.mapping.token_count': 'metric:seen'});
  await panel.locator('[data-key=budget]').waitFor();  // A law, and its advice.
  await panel.locator('[data-key=tab-why]').click();
  await panel.locator('[data-key=source-loss_nats_per_token]', {hasText: 'set by hand; in 12 of 12 finished runs'}).waitFor();

  await stack.rest('experiments/set-experiment-tag', {experiment_id: odd, key: 'isoflop.mapping.training_flops', value: 'metric:flip'});
  await panel.locator('[data-key=setting-issues]', {hasText: 'none of 12 finished runs has metric `flip`'}).waitFor();

  await panel.locator('[data-key=settings]').click();
  await panel.locator('[data-key=choose-names]').click();
  await field('Tokens D').selectOption('');
  await panel.locator('[data-key=save-mapping]').click();
  await dialog.waitFor({state: 'detached'});
  await panel.getByText('Some quantities were not found.').waitFor();
  assert.deepEqual(errors, []);
  await page.context().close();
});

test('a refit is asked for by who may change the experiment, and makes a version of the same runs', async () => {
  const {version} = await stack.panelWhen(studied, () => true), kept = await tags();
  const reader = await openSettings(READER);
  await reader.panel.locator('[data-key=refit]').click();
  await reader.panel.getByRole('alert').getByText('MLflow does not let you change this experiment.').waitFor();
  await reader.page.context().close();
  assert.deepEqual(await tags(), kept);

  const {page, panel, errors} = await openSettings({username: 'admin', password: ADMIN});
  await panel.locator('[data-key=refit]').click();
  await panel.getByRole('dialog', {name: 'Settings'}).waitFor({state: 'detached'});
  const after = await stack.panelWhen(studied, (page) => page.version > version && page.intervals_ready);
  assert.equal(after.version, version + 1);
  assert.equal(after.law.observations_hash, (await stack.panelWhen(studied, () => true, {version})).law.observations_hash);
  await panel.locator('[data-key=tab-why]').click();
  await panel.locator('[data-key=show-versions]').click();
  await panel.getByText('refitted as asked, runs as before').first().waitFor();
  assert.deepEqual(errors, []);
  await page.context().close();
});

test('a budget in device time is one in FLOP by the rate that is set', async () => {
  for (const [name, value] of [['gpu_flops_per_sec', '1e13'], ['utilisation', '0.4']]) {
    await stack.rest('experiments/set-experiment-tag', {experiment_id: studied, key: `isoflop.${name}`, value});
  }
  const {page, panel} = await open(browser, stack, studied, {httpCredentials: READER});
  await panel.locator('[data-key=budget]').click();
  await panel.getByPlaceholder('such as 3e22 or 500 GPU hours').fill('500 H100 hours');
  await page.keyboard.press('Enter');
  await panel.locator('[data-key=budget]', {hasText: '7.2e18 FLOP'}).waitFor();  // 500 * 3600 s * 1e13 FLOP/s * .4.
  await page.context().close();
});
