// The panel on published runs (tests/data, chinchilla_figure4_subset.csv): advice past the runs, checks and versions.
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {after, before, test} from 'node:test';
import {count, countRange} from '../../integrations/mlflow/isoflop_mlflow/sidebar/figures.js';
import {rowsOf} from '../../integrations/mlflow/isoflop_mlflow/sidebar/tables.js';
import {axeFindings, launch} from './browser.mjs';
import {openPanel as open} from './open_panel.mjs';
import {plantedRuns} from './planted_runs.mjs';
import {Stack} from './stack.mjs';

const [HEADER, ...LINES] = readFileSync(new URL('../data/chinchilla_figure4_subset.csv', import.meta.url), 'utf8').trim().split(/\r?\n/).map((line) => line.split(','));
const RUNS = LINES.map((line, index) => Object.fromEntries([['name', `run-${index}`], ...HEADER.map((name, at) => [{N: 'parameters', D: 'tokens'}[name] ?? name, Number(line[at])])]));
/** Runs of a law that bends: the more compute, the less a model larger than a thirtieth of its tokens is worth. */
const BENT = plantedRuns(40).map((run) => {
  const bend = 0.006 * Math.max(0, Math.log((run.parameters * run.tokens) / 3e18));
  return {...run, loss: run.loss * Math.exp(bend * Math.log((30 * run.parameters) / run.tokens))};
});
let stack, browser, studied, bent;

before(async () => {
  [stack, browser] = await Promise.all([Stack.start(), launch()]);
  bent = await stack.createStudy('bent', BENT);
  studied = await stack.createStudy('published', RUNS.slice(1));
  await stack.logRun(studied, RUNS[0]);
  await stack.lawOf(studied, RUNS.length);
});

after(async () => {
  await browser?.close();
  await stack?.stop();
});

const json = async (route, query = {}) => (await fetch(stack.route(route, {experiment_id: studied, ...query}))).json();
const isApart = ({drift_weighted: weighted, as_good_parameter_count: asGood}) => weighted.parameter_count.estimate && asGood.lower ?
  weighted.parameter_count.estimate < asGood.lower || weighted.parameter_count.estimate > asGood.upper : null;

async function openAt(experimentId, budget, chip = 'past your runs') {
  const view = await open(browser, stack, experimentId);
  await view.panel.locator('[data-key=budget]').click();
  await view.panel.getByRole('textbox', {name: 'Another budget'}).fill(String(budget));
  await view.page.keyboard.press('Enter');
  await view.panel.locator('[data-key=chip-range]', {hasText: chip}).waitFor();
  return view;
}

test('past the runs the verdict says what trusting large runs more gives, and gives a range where the two part', async () => {
  const agreed = rowsOf((await json('advice_grid')).advice_grid).find((step) => isApart(step) === false);
  const apart = rowsOf((await json('advice_grid', {experiment_id: bent})).advice_grid).find((step) => isApart(step) === true);
  const near = await openAt(studied, agreed.budget_flops);
  await near.panel.locator('[data-key=weighted-parameters]', {hasText: count(agreed.drift_weighted.parameter_count.estimate)}).waitFor();
  assert.equal(await near.panel.locator('[data-key=parameters]').innerText(), count(agreed.parameter_count.estimate));
  assert.deepEqual(await axeFindings(near.page), []);
  await near.page.context().close();

  const far = await openAt(bent, apart.budget_flops);
  const range = countRange(...[apart.parameter_count.estimate, apart.drift_weighted.parameter_count.estimate].sort((a, b) => a - b));
  await far.panel.locator('[data-key=chip-unsettled]', {hasText: `Not settled: ${range}`}).waitFor();
  assert.equal(await far.panel.locator('[data-key=unsettled-parameters]').innerText(), range);
  assert.deepEqual(await axeFindings(far.page), []);
  assert.deepEqual([...near.errors, ...far.errors], []);
  await far.page.context().close();
});

test('below the runs the chip says so', async () => {
  const [smallest] = (await json('panel')).law.region.training_flops;
  const {page, errors} = await openAt(studied, smallest / 20, 'Below your runs');
  assert.deepEqual(errors, []);
  await page.context().close();
});

test('Why lists the checks passed and the versions with what changed, and an older one can be looked at', async () => {
  const {law, version} = await json('panel'), {versions} = await json('laws');
  const {page, panel, errors} = await open(browser, stack, studied);
  await panel.locator('[data-key=tab-why]').click();
  assert.ok(law.diagnostics.some(({code}) => code === 'HOLD_OUT'));
  await panel.locator('[data-key=check-sizes]', {hasText: count(law.region.parameter_count[1])}).waitFor();
  assert.equal(await panel.locator('[data-key=check-unseen]').count(), 0);  // The check that failed stands among the cautions.
  await panel.locator('[data-key=show-versions]').click();
  const row = panel.locator(`[data-key=version-${version}]`);
  await row.getByText('1 added').waitFor();
  const text = (value) => Number(value.toPrecision(3)), [now, before] = versions.map(({parameters}) => new Map(parameters.map(({symbol, estimate}) => [symbol, estimate])));
  const moved = [...now.keys()].filter((symbol) => text(now.get(symbol)) !== text(before.get(symbol)));
  assert.equal((await row.innerText()).split('→').length - 1, moved.length);
  assert.deepEqual(await axeFindings(page), []);
  await panel.locator(`[data-key=pin-${version - 1}]`).click();
  await panel.locator('[data-key=pinned]').waitFor();
  assert.equal(await panel.locator('[data-key=law-version]').innerText(), `Law v${version - 1}`);
  await panel.locator('[data-key=unpin]').click();
  await panel.locator('[data-key=law-version]', {hasText: `Law v${version}`}).waitFor();
  assert.deepEqual(errors, []);
  await page.context().close();
});
