// A user whom MLflow denies an experiment learns nothing about it from the panel. MLflow's own basic authentication decides.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {axeFindings, launch, openPage} from './browser.mjs';
import {openPanel} from './open_panel.mjs';
import {plantedRuns} from './planted_runs.mjs';
import {storeRuns} from './stored_runs.mjs';
import {startWithUsers} from './users.mjs';

const GUEST = {username: 'guest', password: 'a-long-guest-password'};
const RUNS = plantedRuns(20);
let stack, browser, experimentId;

before(async () => {
  [stack, browser] = await Promise.all([startWithUsers((folder) => { experimentId = storeRuns(folder, RUNS); }), launch()]);
  await stack.rest('users/create', GUEST);
  await stack.panelWhen(experimentId, ({law, intervals_ready: ready}) => ready && law.observation_count === RUNS.length);
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
  assert.doesNotMatch(text, /planted|timed|\d/);
  assert.deepEqual(await axeFindings(page), []);
  await page.context().close();
});

test('who may no longer see the experiment gets no verdict on a plan', async () => {
  const grant = {username: GUEST.username, resource_type: 'experiment', resource_id: experimentId, permission: 'READ'};
  await stack.rest('users/permissions/grant', grant, '3.0');
  const {page, panel} = await openPanel(browser, stack, experimentId, {httpCredentials: GUEST}), summary = panel.locator('[data-key=check-summary]');
  await panel.locator('[data-key=tab-next]').click();
  await panel.locator('[data-key=check-plan]').click();
  await summary.waitFor();
  assert.match(await summary.innerText(), /pass/);  // Who may read may ask.
  await stack.rest('users/permissions/revoke', grant, '3.0');
  await panel.locator('[data-key=check-plan]').click();
  await panel.locator('[data-key=check-summary]', {hasText: 'MLflow does not let you see this experiment.'}).waitFor();
  assert.equal(await panel.locator('[data-key=check] .findings').count(), 0);
  await page.context().close();
});
