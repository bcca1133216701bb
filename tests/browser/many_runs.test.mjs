// More runs than a chart can show: some are drawn, and tables and exports hold all.
import assert from 'node:assert/strict';
import {readFile} from 'node:fs/promises';
import {after, before, test} from 'node:test';
import {axeFindings, launch} from './browser.mjs';
import {openPanel} from './open_panel.mjs';
import {plantedRuns} from './planted_runs.mjs';
import {Stack} from './stack.mjs';
import {storeRuns} from './stored_runs.mjs';

const COUNT = 2100;
let stack, browser, experimentId;

before(async () => {
  [stack, browser] = await Promise.all([Stack.start({}, (folder) => { experimentId = storeRuns(folder, plantedRuns(COUNT)); }), launch()]);
  await stack.panelWhen(experimentId, ({law, intervals_ready: ready}) => ready && law.observation_count === COUNT);
});

after(async () => {
  await browser?.close();
  await stack?.stop();
});

test('of over 2,000 runs some are drawn, and the page says which', async () => {
  const {runs, run_selection: selection} = await (await fetch(stack.route('panel', {experiment_id: experimentId}))).json();
  assert.equal(runs.run_key.length, 2000);
  assert.equal(selection.run_count, COUNT);
  const {page, panel, errors} = await openPanel(browser, stack, experimentId);
  await panel.locator('[data-key=run-selection]', {hasText: `2,000 of 2,100\u00a0runs: ${selection.frontier_count} on the frontier`}).waitFor();
  await panel.getByText('2,100\u00a0runs', {exact: true}).waitFor();
  const chart = panel.locator('[data-key=part-loss]');
  await chart.getByRole('button', {name: 'Show as table'}).click();
  await chart.locator(`tbody tr:nth-child(${COUNT})`).waitFor();
  assert.equal(await chart.locator('tbody tr').count(), COUNT);
  assert.deepEqual(errors, []);
  await page.context().close();
});

test('a run that is not drawn has its place on the law, and the export holds all', async () => {
  const drawn = new Set((await stack.document('runs', {experiment_id: experimentId, drawn: true})).runs.map((run) => run.run_id));
  const {runs} = await stack.document('runs', {experiment_id: experimentId});
  assert.deepEqual([drawn.size, runs.length], [2000, COUNT]);
  const {page, panel, errors} = await openPanel(browser, stack, experimentId);
  await panel.locator('[data-key=expand]').click();
  await panel.locator('[data-key=export]').click();
  const [download] = await Promise.all([page.waitForEvent('download'), panel.locator('[data-key=export-csv]').click()]);
  assert.equal((await readFile(await download.path(), 'utf8')).split('\r\n').length, COUNT + 2);
  const {run_id: left} = runs.find((run) => !drawn.has(run.run_id));
  await page.goto(`${stack.origin}/#/experiments/${experimentId}/runs/${left}`);
  await panel.locator('[data-key=this-place]').waitFor();
  assert.deepEqual(errors, []);
  await page.context().close();
});

test('while a refit is under way the advice stays and the badge says so, and axe finds nothing', async () => {
  const {page, panel, errors} = await openPanel(browser, stack, experimentId);
  await panel.locator('.badge.live').waitFor();
  await stack.logRun(experimentId, {...plantedRuns(COUNT)[700], name: 'one more'});
  await panel.locator('.badge.refitting').waitFor();  // Intervals of so many runs take a while.
  let release;
  const held = new Promise((done) => { release = done; });
  await page.route(/isoflop\/panel/, async (route) => {
    await held;
    await route.continue();
  });
  assert.deepEqual(await axeFindings(page), []);
  assert.equal(await panel.locator('.badge').innerText(), 'Refitting');
  assert.match(await panel.locator('[data-key=parameters]').innerText(), /^\d/);
  release();
  await panel.locator('.badge.live').waitFor();
  await panel.locator('[data-key=loss-bounds]', {hasText: /^\[\d/}).waitFor();
  assert.deepEqual(errors, []);
  await page.context().close();
});
