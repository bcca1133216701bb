// The tab Trade-offs: the what-if slider and another size, against the routes.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {count} from '../../integrations/mlflow/isoflop_mlflow/sidebar/figures.js';
import {rowsOf} from '../../integrations/mlflow/isoflop_mlflow/sidebar/tables.js';
import {assertAxeFindsNothing, launch} from './browser.mjs';
import {close, isRounded, numbersOf, openPanel as open, rounded} from './open_panel.mjs';
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

async function openTradeOffs(options) {
  const view = await open(browser, stack, studied, options);
  await view.panel.locator('[data-key=tab-trade]').click();
  await view.panel.locator('[data-key=slider]').waitFor();
  return view;
}

const json = async (route, query = {}) => (await fetch(stack.route(route, {experiment_id: studied, ...query}))).json();

test('the slider moves on served steps; Back forgets and Keep keeps', async () => {
  const {page, panel, errors} = await openTradeOffs();
  const text = (key) => panel.locator(`[data-key="${key}"]`).first().innerText();
  const steps = rowsOf((await json('advice_grid')).advice_grid), own = await json('panel');
  const slider = panel.locator('[data-key=slider]');
  const at = Number(await slider.inputValue()), nearest = steps.map((step) => Math.abs(Math.log(step.budget_flops / own.budget_flops)));
  assert.equal(at, nearest.indexOf(Math.min(...nearest)));
  const before = await text('parameters');

  await slider.focus();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('PageDown');  // A decade.
  const step = steps[at - 13];
  await panel.locator('[data-key=what-if-note]').waitFor();
  assert.equal(Number(await slider.inputValue()), at - 13);
  assert.ok(close(numbersOf(await text('parameters'))[0], Number(step.parameter_count.estimate.toPrecision(2))));
  assert.ok(close(numbersOf(await text('loss'))[0], rounded(step.loss_nats_per_token.estimate, step.loss_nats_per_token)));
  assert.equal(numbersOf(await text('what-if-budget'))[0], step.budget_flops);
  const spoken = await slider.getAttribute('aria-valuetext');
  assert.equal(spoken, `${await text('what-if-budget')}, predicted loss ${await text('loss')}`);
  const share = own.verdict.parameter_count.estimate / step.parameter_count.estimate;
  assert.equal(await text('what-if-size'), `1/${Number(share.toPrecision(2)).toFixed(share < 10 ? 1 : 0)}`);

  await panel.locator('[data-key=back]').click();
  await panel.locator('[data-key=what-if-note]').waitFor({state: 'detached'});
  assert.equal(await text('parameters'), before);

  await slider.focus();
  await page.keyboard.press('PageDown');
  const kept = await text('what-if-budget');
  await panel.locator('[data-key=keep]').click();
  await panel.locator('[data-key=what-if-note]').waitFor({state: 'detached'});
  assert.equal(await text('budget'), kept);
  await page.reload();
  await page.keyboard.press('Alt+Shift+S');
  await panel.locator('[data-key=budget]', {hasText: kept}).waitFor();
  assert.deepEqual(errors, []);
  await page.context().close();
});

test('past a hundred times the largest run the slider gives the band and no size', async () => {
  const {page, panel} = await openTradeOffs();
  await panel.locator('[data-key=slider]').focus();
  await page.keyboard.press('End');
  await panel.getByText('Too far to advise a size.').waitFor();
  assert.match(await panel.locator('[data-key=slider]').getAttribute('aria-valuetext'), /too far to advise/);
  await panel.locator('[data-key=other-sizes]').waitFor({state: 'detached'});
  await page.context().close();
});

test('another size shows what the route says it gives up, in chart and table', async () => {
  const {page, panel, errors} = await openTradeOffs();
  await panel.locator('[data-chart=valley] canvas').waitFor();
  const {budget_flops: budget} = await json('panel'), {sizes, valley} = await json('other_sizes', {budget});
  assert.deepEqual(sizes.map((size) => size.size_ratio), [0.25, 0.5, 1, 2]);
  for (const size of sizes) {
    const text = (part) => panel.locator(`[data-key="size-${size.size_ratio}${part}"]`).first().innerText();
    assert.ok(close(numbersOf(await text('-parameters'))[0], Number(size.parameter_count.toPrecision(2))));
    if (size.size_ratio === 1) continue;
    const penalty = size.penalty_nats_per_token;
    assert.ok(close(numbersOf(await text('-penalty'))[0], rounded(penalty.estimate, penalty)));
    if (!size.within_noise) assert.ok(close(numbersOf(await text('-bounds'))[1], rounded(penalty.upper, penalty)));
    assert.equal(await panel.locator(`[data-key="size-${size.size_ratio}"]`, {hasText: /within.noise/}).count(), Number(size.within_noise));
  }
  const chart = panel.locator('[data-key=chart-valley]');
  await chart.focus();
  await page.keyboard.press('Home');
  await panel.locator('[data-chart=valley] .hover-card', {hasText: 'above the best'}).waitFor();
  await panel.locator('[data-chart=valley] .table-toggle').click();
  assert.equal(await panel.locator('[data-chart=valley] tbody tr').count(), valley.length);
  // It follows the slider once that rests.
  const later = page.waitForResponse((response) => response.url().includes('other_sizes') && !response.url().includes(`budget=${budget}`));
  await panel.locator('[data-key=slider]').focus();
  await page.keyboard.press('ArrowLeft');
  const [, , best] = (await (await later).json()).sizes;
  await panel.locator('[data-key="size-1-parameters"]', {hasText: count(best.parameter_count)}).waitFor();
  assert.deepEqual(errors, []);
  await page.context().close();
});

test('more compute for a run, the next percent and the other questions are the route’s, under the settings of the study', async () => {
  await stack.rest('experiments/set-experiment-tag', {experiment_id: studied, key: 'isoflop.gpu_count', value: '64'});
  await stack.rest('experiments/set-experiment-tag', {experiment_id: studied, key: 'isoflop.gpu_flops_per_sec', value: '4e14'});
  await stack.rest('experiments/set-experiment-tag', {experiment_id: studied, key: 'isoflop.gpu_price_per_hour', value: '2.5'});
  await stack.rest('experiments/set-experiment-tag', {experiment_id: studied, key: 'isoflop.unique_token_count', value: '1e9'});
  const {page, panel, errors} = await openTradeOffs();
  const {budget_flops: budget} = await json('panel'), {runs} = await json('runs');
  const asked = {budget, gpu_count: 64, gpu_flops_per_sec: 4e14, gpu_price_per_hour: 2.5, unique_token_count: 1e9};
  const shows = async ({more_compute: more, margin, sentences}) => {
    await panel.locator('[data-key=more-compute]', {hasText: sentences.more_compute}).waitFor();
    for (const {kind, loss_change: change} of more.options) {
      const shown = numbersOf(await panel.locator(`[data-key="change-${kind}"]`).innerText())[0];
      assert.ok(isRounded(shown, change.estimate, change), `${kind}: ${shown} for ${change.estimate}`);
    }
    assert.equal(await panel.locator('[data-key=margin] tbody tr').count(), margin.filter((row) => row.loss_change.estimate !== null).length);
  };
  const document = await json('trade_offs', asked);
  await shows(document);
  for (const name of ['scale_up', 'data_limited', 'stopping']) {
    await panel.locator(`[data-key=answer-${name}]`, {hasText: document.sentences[name]}).waitFor();
  }
  assert.equal(await panel.locator('[data-key=set-costs]').count(), 0);
  const other = runs.toSorted((a, b) => b.training_flops - a.training_flops)[5];
  await panel.locator('[data-key=margin-run]').selectOption(other.run_id);
  await shows(await json('trade_offs', {...asked, run_id: other.run_id}));
  assert.deepEqual(errors, []);
  await page.context().close();
});

test('axe finds nothing in Trade-offs in both themes at 380, 800 and 1,400 px', async () => {
  const {page, panel, errors} = await openTradeOffs();
  await panel.locator('[data-key=slider]').focus();
  await page.keyboard.press('PageDown');
  await panel.locator('[data-chart=valley] canvas').waitFor();
  await assertAxeFindsNothing({page, panel});
  assert.deepEqual(errors, []);
  await page.context().close();
});
