// A user whom MLflow denies an experiment learns nothing about it from the panel. MLflow's own basic authentication decides.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {axeFindings, launch, openPage} from './browser.mjs';
import {plantedRuns} from './planted_runs.mjs';
import {startWithUsers} from './users.mjs';

const GUEST = {username: 'guest', password: 'a-long-guest-password'};
let stack, browser, experimentId;

before(async () => {
  [stack, browser] = await Promise.all([startWithUsers(), launch()]);
  experimentId = await stack.createExperiment('secret');
  for (const run of plantedRuns(3)) await stack.logRun(experimentId, run);
  await stack.rest('users/create', GUEST);
});

after(async () => {
  await browser?.close();
  await stack?.stop();
});

test('a denied experiment shows one sentence and no figure', async () => {
  const {page, panel} = await openPage(browser, {httpCredentials: GUEST});
  await page.goto(`${stack.origin}/#/experiments/${experimentId}/runs`);
  await page.locator('[data-isoflop=entry]').waitFor();
  await page.keyboard.press('Alt+Shift+S');
  await panel.getByText('You cannot see this experiment.').waitFor();
  const text = await panel.locator('.panel').innerText();
  assert.doesNotMatch(text, /planted|secret|\d/);
  assert.deepEqual(await axeFindings(page), []);
});
