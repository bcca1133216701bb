// The tab Next runs: what to launch next, and a plan to copy.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {countBounds, flops} from '../../integrations/mlflow/isoflop_mlflow/sidebar/figures.js';
import {assertAxeFindsNothing, launch} from './browser.mjs';
import {openPanel as open} from './open_panel.mjs';
import {plantedRuns} from './planted_runs.mjs';
import {Stack} from './stack.mjs';

const RUNS = plantedRuns(32);
let stack, browser, studied;

before(async () => {
  [stack, browser] = await Promise.all([Stack.start(), launch()]);
  studied = await stack.createStudy('studied', RUNS);
});

after(async () => {
  await browser?.close();
  await stack?.stop();
});

const json = async (route, query = {}) => (await fetch(stack.route(route, {experiment_id: studied, ...query}))).json();

async function openNextRuns(options) {
  const view = await open(browser, stack, studied, {permissions: ['clipboard-read', 'clipboard-write'], ...options});
  await view.panel.locator('[data-key=tab-next]').click();
  await view.panel.locator('[data-key=next-summary]').waitFor();
  return view;
}

test('ticks choose what the plan holds, what it costs and how far it narrows the best size', async () => {
  const {page, panel, errors} = await openNextRuns();
  const {budget_flops: budget} = await json('panel'), document = await json('next_runs', {budget}), runs = document.next_runs;
  assert.ok(runs.length >= 2);
  const shows = async (ticked) => {
    const index = ticked.reduce((sum, tick, at) => sum + (tick ? 2 ** at : 0), 0), after = document.interval_after_selection;
    assert.equal(await panel.locator('[data-key=interval-after]').innerText(), countBounds(after.size_lower[index], after.size_upper[index]));
    assert.equal(await panel.locator('[data-key=plan-cost]').innerText(), `${flops(runs.reduce((sum, run, at) => sum + (ticked[at] ? run.training_flops : 0), 0))} FLOP`);
    await panel.locator('[data-key=copy-plan]').click();
    await panel.locator('[data-key=copy-plan]', {hasText: 'Copied'}).waitFor();
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), `runs:\n${document.plan.filter((_, at) => ticked[at]).join('')}`);
  };
  assert.equal(await panel.locator('[data-key=interval-before]').innerText(), countBounds(...document.interval_before.parameter_count));
  const ticked = runs.map((run) => run.kind !== 'FRONTIER');
  for (const [at, run] of runs.entries()) assert.equal(await panel.locator(`[data-key="tick-${run.name}"]`).isChecked(), ticked[at]);
  await shows(ticked);
  await panel.locator(`[data-key="tick-${runs[0].name}"]`).focus();
  await page.keyboard.press('Space');
  ticked[0] = !ticked[0];
  await shows(ticked);
  for (const [at, run] of runs.entries()) if (ticked[at]) await panel.locator(`[data-key="tick-${run.name}"]`).uncheck();
  assert.equal(await panel.locator('[data-key=copy-plan]').isDisabled(), true);
  assert.deepEqual(errors, []);
  await page.context().close();
});

test('nothing is cut off or needs sideways scrolling at 320 px, on any tab', async () => {
  const {page, panel} = await openNextRuns();
  await page.setViewportSize({width: 320, height: 850});
  for (const [tab, part] of [['advice', 'law-a'], ['trade', 'size-2-parameters'], ['next', 'copy-plan'], ['running', 'running'], ['why', 'exclusions']]) {
    await panel.locator(`[data-key=tab-${tab}]`).click();
    await panel.locator(`[data-key=${part}]`).waitFor();
    const body = await panel.locator('.body').evaluate((node) => node.scrollWidth - node.clientWidth);
    assert.equal(body, 0, tab);
  }
  await page.context().close();
});

test('axe finds nothing in Next runs in both themes at 380, 800 and 1,400 px', async () => {
  const {page, panel, errors} = await openNextRuns();
  await assertAxeFindsNothing({page, panel});
  assert.deepEqual(errors, []);
  await page.context().close();
});
