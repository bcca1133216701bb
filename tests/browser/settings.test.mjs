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

test('what counts as good is a setting in a share or in percent, and the page says so', async () => {
  const {page, panel, errors} = await openSettings({username: 'admin', password: ADMIN});
  const field = panel.getByRole('textbox', {name: 'Sizes do as well up to'});
  await panel.getByText('do as well, within run noise.').waitFor();
  for (const bad of ['50 %', '0.5', 'none']) {
    await field.fill(bad);
    await panel.locator('[data-key=save-settings]').click();
    await panel.getByRole('alert').getByText(`Sizes do as well up to: must be a positive number up to 0.1, got ${bad}.`).waitFor();
  }
  await field.fill('2 %');
  await panel.locator('[data-key=save-settings]').click();
  await panel.getByText('do as well, within 2 %.').waitFor();
  assert.equal((await tags())['isoflop.tolerance'], '2 %');
  const {verdict} = await stack.panelWhen(studied, ({law}) => law.as_good_tolerance === 0.02);
  assert.deepEqual(verdict.tolerance, {loss_share: 0.02, is_set: true});
  await panel.locator('[data-key=tab-trade]').click();
  await panel.locator('[data-key=other-sizes]', {hasText: 'within\u00a02\u00a0%'}).waitFor();

  await panel.locator('[data-key=settings]').click();
  await field.fill('');
  await panel.locator('[data-key=save-settings]').click();
  await panel.getByText('do as well, within run noise.').waitFor();
  assert.deepEqual(errors, []);
  await page.context().close();
});

test('a published law stands in for runs that are missing, by name, where it is taken, until it is taken back', async () => {
  const six = await stack.createExperiment('six runs');
  for (const run of plantedRuns(6)) await stack.logRun(six, run);
  const {prior_offer: offer} = await stack.panelWhen(six, ({law}) => law?.observation_count === 6);
  await stack.rest('users/permissions/grant', {username: READER.username, resource_type: 'experiment', resource_id: six, permission: 'READ'}, '3.0');
  const reader = await open(browser, stack, six, {httpCredentials: READER});
  await reader.panel.locator('[data-key=take-prior]').click();
  await reader.panel.getByRole('alert').getByText('MLflow does not let you change this experiment.').waitFor();
  await reader.page.context().close();

  const {page, panel, errors} = await open(browser, stack, six, {httpCredentials: {username: 'admin', password: ADMIN}});
  const section = panel.locator('[data-key=prior-offer]'), share = `${Math.round(100 * offer.weight)} %`;
  await section.getByText('Besiroglu et al. 2024').waitFor();
  await section.getByText(share.replace(' ', '\u00a0')).waitFor();
  assert.deepEqual(await axeFindings(page), []);
  await panel.locator('[data-key=take-prior]').click();
  await panel.locator('[data-key=chip-worst]', {hasText: `Rests ${share} on besiroglu2024`}).waitFor();
  assert.deepEqual(await tags(six), {'isoflop.prior': 'besiroglu2024'});
  await panel.locator('[data-key=law-prior]', {hasText: 'Besiroglu et al. 2024'}).waitFor();
  await panel.locator('[data-key=chip-worst]').click();
  await panel.locator('[data-key=caution-PRIOR]', {hasText: 'Besiroglu et al. 2024'}).waitFor();
  await panel.locator('[data-key=show-versions]').click();
  await panel.getByText('besiroglu2024 taken as a prior').waitFor();
  assert.deepEqual(await axeFindings(page), []);

  await panel.locator('[data-key=settings]').click();
  await panel.getByRole('combobox', {name: 'Published law as a prior'}).selectOption('none');
  await panel.locator('[data-key=save-settings]').click();
  await section.waitFor();
  assert.deepEqual(await tags(six), {});
  assert.deepEqual(errors, []);
  await page.context().close();
});

test('the picker of names sets units and what a size counts', async () => {
  const sizes = await stack.createExperiment('sizes in billions');
  for (const run of plantedRuns(12)) await logOddly(sizes, {...run, parameters: run.parameters / 1e9});
  await stack.panelWhen(sizes, ({study}) => study.run_count === 12);
  const {page, panel, errors} = await open(browser, stack, sizes, {httpCredentials: {username: 'admin', password: ADMIN}});
  await panel.locator('[data-key=mapping]').click();
  const dialog = panel.getByRole('dialog', {name: 'What each quantity is read from'});
  const group = (name) => dialog.getByRole('group', {name, exact: true});
  await group('Loss').getByRole('combobox', {name: 'Loss'}).selectOption('metric:quality/final');
  await group('Loss').getByRole('combobox', {name: 'Unit'}).selectOption('bits');
  await group('Tokens D').getByRole('combobox', {name: 'Tokens D'}).selectOption('metric:seen');
  await group('Parameters N').getByRole('combobox', {name: 'Parameters N'}).selectOption('param:zzz');
  await group('Parameters N').getByRole('combobox', {name: 'Unit'}).selectOption('billions');
  await group('Parameters N').getByRole('combobox', {name: 'What it counts'}).selectOption('parameters without embeddings');
  assert.deepEqual(await axeFindings(page), []);
  await panel.locator('[data-key=save-mapping]').click();
  const {law} = await stack.panelWhen(sizes, (page) => page.law?.observation_count === 12);
  const {runs} = await stack.document('runs', {experiment_id: sizes});
  assert.deepEqual(await tags(sizes), {'isoflop.mapping.loss_nats_per_token': `metric:quality/final * ${Math.LN2}`,
    'isoflop.mapping.non_embedding_parameter_count': 'param:zzz * 1e9', 'isoflop.mapping.token_count': 'metric:seen'});
  assert.equal(law.convention, 'NON_EMBEDDING');
  const [planted] = plantedRuns(12), read = runs.find(({token_count: tokens}) => tokens === planted.tokens);
  assert.ok(Math.abs(read.parameter_count / planted.parameters - 1) < 1e-5 && Math.abs(read.loss_nats_per_token / (planted.loss * Math.LN2) - 1) < 1e-5);

  await panel.locator('[data-key=settings]').click();
  await panel.locator('[data-key=choose-names]').click();
  assert.equal(await group('Parameters N').getByRole('combobox', {name: 'Unit'}).inputValue(), '1e9');
  await group('Parameters N').getByRole('combobox', {name: 'What it counts'}).selectOption('all parameters');
  await panel.locator('[data-key=save-mapping]').click();
  await stack.panelWhen(sizes, (page) => page.law?.convention === 'TOTAL');
  assert.equal((await tags(sizes))['isoflop.mapping.parameter_count'], 'param:zzz * 1e9');
  assert.deepEqual(errors, []);
  await page.context().close();
});
