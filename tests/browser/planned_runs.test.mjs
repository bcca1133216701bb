// Recorded plans beside the runs that followed them: planned, predicted, reached.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {after, before, test} from 'node:test';
import {interval, percent} from '../../integrations/mlflow/isoflop_mlflow/sidebar/figures.js';
import {assertAxeFindsNothing, axeFindings, launch} from './browser.mjs';
import {openPanel as open} from './open_panel.mjs';
import {plantedRuns} from './planted_runs.mjs';
import {Stack} from './stack.mjs';

const RUNS = plantedRuns(24);
/** Of the planted law. */
const lossOf = (parameters, tokens) => 1.7 + 400 / parameters ** 0.34 + 1200 / tokens ** 0.35;
const PLANS = [{name: 'kept', parameters: 4e8, tokens: 1.2e10}, {name: 'bad luck', parameters: 5e8, tokens: 1.4e10}, {name: 'cut short', parameters: 6e8, tokens: 2e10},
  {name: 'under way', parameters: 6e8, tokens: 1e10}, {name: 'not begun', parameters: 7e8, tokens: 1e10}];
let stack, browser, studied, kept;

before(async () => {
  [stack, browser] = await Promise.all([Stack.start(), launch()]);
  studied = await stack.createStudy('studied', RUNS);
});

after(async () => {
  await browser?.close();
  await stack?.stop();
});

async function openRunning() {
  const view = await open(browser, stack, studied);
  await view.panel.locator('[data-key=tab-running]').click();
  await view.panel.locator('[data-key=running]').waitFor();
  return view;
}

test('without recorded plans nothing is said of them', async () => {
  const {page, panel, errors} = await open(browser, stack, studied), asked = page.waitForResponse(/planned_runs/);
  await panel.locator('[data-key=tab-running]').click();
  assert.deepEqual((await (await asked).json()).plans, []);
  await panel.locator('[data-key=running]').waitFor();
  assert.equal(await panel.locator('[data-key=planned]').count(), 0);
  assert.deepEqual(errors, []);
  await page.context().close();
});

test('each recorded plan stands beside its run, with what was predicted and whether it held', async () => {
  const plan = `purpose: evidence\nruns:\n${PLANS.map(({name, parameters, tokens}) => `- {name: ${name}, parameter_count: ${parameters}, token_count: ${tokens}}\n`).join('')}`;
  const recorded = spawnSync(stack.binary, ['check', '-', '--server', `unix:${stack.folder}/home/isoflop.sock`, '--study', studied, '--record'], {input: plan, encoding: 'utf8'});
  assert.equal(recorded.status, 0, recorded.stderr);
  const [good, bad, cut, slow] = PLANS;
  kept = await stack.logRun(studied, {...good, loss: lossOf(good.parameters, good.tokens)});
  await stack.logRun(studied, {...bad, loss: 1.006 * lossOf(bad.parameters, bad.tokens)});
  await stack.logRun(studied, {...cut, tokens: cut.tokens / 2, loss: lossOf(cut.parameters, cut.tokens / 2)});
  await stack.logCurve(studied, {...slow, loss: lossOf(slow.parameters, slow.tokens), fraction: 0.3});
  await stack.panelWhen(studied, ({law, intervals_ready: ready}) => ready && law.observation_count === RUNS.length + 3);

  const {page, panel, errors} = await openRunning(), row = (name) => panel.locator(`[data-key^="planned-${name}"]`);
  const {plans, record} = await (await fetch(stack.route('planned_runs', {experiment_id: studied}))).json(), byName = new Map(plans.map((one) => [one.name, one]));
  assert.deepEqual({count: record.count, held: record.held_count, otherwise: record.off_plan_count}, {count: 2, held: 1, otherwise: 1});
  const said = await panel.locator('[data-key=planned-record]').innerText();
  assert.equal(said, `1 of 2\u00a0planned runs came out inside their 95\u00a0% interval. Mean miss: ${percent(record.mean_absolute_deviation)}.` +
    ' 1\u00a0run went otherwise than planned and does not count.');
  for (const [name, outcome] of [['kept', 'Inside'], ['bad luck', 'Above'], ['cut short', 'Off plan'], ['under way', 'Running'], ['not begun', 'No run yet']]) {
    assert.equal(await row(name).locator('.chip').innerText(), outcome, name);
  }
  const {predicted, reached, law} = byName.get('kept'), {estimate, bounds} = interval(predicted);
  const loss = interval({...predicted, estimate: reached.loss_nats_per_token}).estimate;
  assert.equal(await row('kept').locator('p').first().innerText(), '400\u00a0M on 12\u00a0B, as planned');
  assert.equal(await row('kept').locator('p').nth(1).innerText(), `Law v${law.version} predicted ${estimate} ${bounds}, reached ${loss}`);
  assert.equal(await row('cut short').locator('p').first().innerText(), '600\u00a0M on 20\u00a0B, ran 600\u00a0M on 10\u00a0B');
  assert.match(await row('bad luck').getByRole('img').getAttribute('aria-label'), /^Reached \+0\.\d+\u00a0% from what was predicted\.$/);
  await assertAxeFindsNothing({page, panel});
  await row('kept').getByRole('link').click();
  await page.waitForURL(new RegExp(kept));
  assert.deepEqual(errors, []);
  await page.context().close();
});

test('the page of a run says what was planned and predicted for it', async () => {
  const {page, panel, errors} = await openRunning();
  await page.goto(`${stack.origin}/#/experiments/${studied}/runs/${kept}`);
  await panel.locator('[data-key=this-plan]').waitFor();
  const text = await panel.locator('[data-key=this-plan]').innerText();
  assert.match(text, /It was planned as kept\.\s+400\u00a0M on 12\u00a0B, as planned\s+Law v\d+ predicted .* reached .*\s+Inside/);
  assert.deepEqual(await axeFindings(page), []);
  assert.deepEqual(errors, []);
  await page.context().close();
});
