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

const tags = async () => {
  const response = await fetch(`${stack.origin}/api/2.0/mlflow/experiments/get?experiment_id=${studied}`, {headers: stack.headers});
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
