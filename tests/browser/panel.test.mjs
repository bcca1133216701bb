// The panel in a real browser, in a real MLflow with the plug-in and the sidecar.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {axeFindings, launch, openPage} from './browser.mjs';
import {close, numbersOf, openPanel as open, rounded} from './open_panel.mjs';
import {plantedRuns} from './planted_runs.mjs';
import {Stack} from './stack.mjs';

const RUNS = plantedRuns(32);
const BUDGET = 1e20;
let stack, browser, studied, thin, doubtful;

before(async () => {
  [stack, browser] = await Promise.all([Stack.start(), launch()]);
  studied = await stack.createExperiment('studied');
  thin = await stack.createExperiment('thin');
  for (const run of RUNS.slice(0, 3)) await stack.logRun(thin, run);
  await stack.logRun(thin, {...RUNS[3], status: 'FAILED'});
  for (const run of RUNS) await stack.logRun(studied, run);
  doubtful = await stack.createExperiment('doubtful');
  // All within a factor of three of compute: a law is found, and an ERROR says that it is not to be relied on.
  for (const run of plantedRuns(10)) {
    const parameters = run.parameters ** 0.2 * 1e7, tokens = run.tokens ** 0.2 * 1e8;
    await stack.logRun(doubtful, {...run, parameters, tokens, loss: 1.7 + 400 / parameters ** 0.34 + 1200 / tokens ** 0.35});
  }
  await stack.panelWhen(studied, ({law, intervals_ready: ready}) => ready && law.observation_count === RUNS.length);
});

after(async () => {
  await browser?.close();
  await stack?.stop();
});

const runsPage = (experimentId) => `${stack.origin}/#/experiments/${experimentId}/runs`;

const openPanel = (experimentId, options) => open(browser, stack, experimentId, options);

test('the entry stands in the navigation, and nothing of the panel is loaded before it is opened', async () => {
  const {page, entry, requests, errors} = await openPage(browser);
  await page.goto(runsPage(studied));
  await entry.waitFor();
  assert.equal(await entry.textContent(), 'Scaling');
  assert.equal(await entry.getAttribute('aria-expanded'), 'false');
  const ours = requests.filter((url) => url.includes('/isoflop/'));
  assert.equal(ours.length, 1, ours.join('\n'));
  assert.match(ours[0], /boot\.js/);
  assert.deepEqual(errors, []);
  await page.context().close();
});

test('the figures of the panel are the route’s, rounded by the published rules', async () => {
  const {page, panel, entry, errors, requests} = await openPanel(studied);
  const chosen = page.waitForResponse((response) => response.url().includes(`budget=${BUDGET}`));
  await panel.locator('[data-key=budget]').click();
  await panel.getByRole('textbox').fill('1e20');
  await panel.getByRole('textbox').press('Enter');
  const document = await (await chosen).json();
  await panel.locator('[data-key=budget]', {hasText: '1e20 FLOP'}).waitFor();
  assert.equal(await panel.getByRole('tooltip').isVisible(), false);  // The focus is back on the button; its tip would cover the verdict.
  const text = (key) => panel.locator(`[data-key="${key}"]`).first().innerText();

  const {verdict, law} = document;
  assert.ok(close(numbersOf(await text('parameters'))[0], Number(verdict.parameter_count.estimate.toPrecision(2))));
  assert.ok(close(numbersOf(await text('tokens'))[0], Number(verdict.token_count.estimate.toPrecision(2))));
  const loss = verdict.loss_nats_per_token;
  const shown = [...numbersOf(await text('loss')), ...numbersOf(await text('loss-bounds'))];
  [loss.estimate, loss.lower, loss.upper].forEach((value, index) => assert.ok(close(shown[index], rounded(value, loss)), `${shown[index]} for ${value}`));
  for (const parameter of law.parameters) {
    const found = [...numbersOf(await text(`law-${parameter.symbol}`)), ...numbersOf(await text(`law-${parameter.symbol}-bounds`))];
    [parameter.estimate, parameter.lower, parameter.upper].forEach((value, index) =>
      assert.ok(close(found[index], rounded(value, parameter, 1)), `${parameter.symbol}: ${found[index]} for ${value}`));
  }
  assert.equal(numbersOf(await text('run-count'))[0], RUNS.length);
  assert.equal(await text('law-version'), `Law v${document.version}`);
  assert.equal(await entry.getAttribute('aria-expanded'), 'true');
  assert.deepEqual(errors, []);
  assert.deepEqual(requests.filter((url) => !url.startsWith(stack.origin) && !/^(data|blob):/.test(url)), []);
  await page.context().close();
});

test('a run finished while the panel is open changes the page without a reload', async () => {
  const {page, panel, errors} = await openPanel(studied);
  await panel.getByText(`${RUNS.length}\u00a0runs`, {exact: true}).waitFor();
  await panel.locator('.badge.live').waitFor();
  await page.evaluate(() => { window.sameDocument = true; });
  await stack.logRun(studied, {name: 'latest', parameters: 4e8, tokens: 9e9, loss: 2.55});
  await panel.getByText(`${RUNS.length + 1}\u00a0runs`, {exact: true}).waitFor();
  await panel.locator('.badge.live').waitFor();
  assert.equal(await page.evaluate(() => window.sameDocument), true);
  assert.deepEqual(errors, []);
  await page.context().close();
});

test('axe finds nothing in the ready, why, full-page and thin states', async () => {
  const ready = await openPanel(studied);
  await ready.panel.locator('[data-chart=split] canvas').waitFor();
  assert.deepEqual(await axeFindings(ready.page), []);
  await ready.panel.locator('[data-key=tab-why]').click();
  await ready.panel.locator('[data-chart=residual] canvas').waitFor();
  assert.deepEqual(await axeFindings(ready.page), []);
  await ready.panel.locator('[data-key=expand]').click();
  await ready.page.waitForURL(/isoflop=full/);
  assert.deepEqual(await axeFindings(ready.page), []);
  await ready.page.context().close();

  const few = await openPanel(thin);
  await few.panel.getByText('Not enough runs yet to advise.').waitFor();
  assert.equal(await few.panel.getByText('Predicted loss').count(), 0);
  assert.deepEqual(await axeFindings(few.page), []);
  assert.deepEqual([...ready.errors, ...few.errors], []);
  await few.page.context().close();
});

test('a law that an error speaks against gives no advice, and says why', async () => {
  const {state, law} = await stack.panelWhen(doubtful, ({law, intervals_ready: ready}) => ready && law.observation_count === 10);
  assert.equal(state, 'not_trusted');
  const worst = law.diagnostics.find(({severity}) => severity === 'ERROR');
  const {page, panel, errors} = await openPanel(doubtful);
  await panel.getByText("Can't advise from this law.").waitFor();
  await panel.locator(`[data-key="caution-${worst.code}"]`, {hasText: worst.message}).waitFor();
  await panel.locator('[data-key=law-alpha]').waitFor();
  assert.equal(await panel.getByText('Predicted loss').count(), 0);
  assert.equal(await panel.locator('[data-key=budget]').count(), 0);
  await panel.locator('[data-chart=loss] canvas').waitFor();
  assert.deepEqual(await axeFindings(page), []);
  assert.deepEqual(errors, []);
  await page.context().close();
});

test('each figure says what it is, to the pointer, to the keyboard and to a screen reader', async () => {
  const {page, panel} = await openPanel(studied);
  await panel.locator('[data-key=law-beta]').waitFor();
  const bare = await panel.locator('.figure').evaluateAll((figures) => figures.filter((figure) => !(figure.getAttribute('aria-description') ?? '').trim()).length);
  assert.equal(bare, 0);
  await panel.locator('[data-key=loss]').hover();
  await panel.getByRole('tooltip').getByText('95 of 100').waitFor();
  await page.mouse.move(5, 5);
  await panel.getByRole('tooltip').waitFor({state: 'hidden'});
  await panel.locator('[data-key=budget]').focus();
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Tab');
  await panel.getByRole('tooltip').waitFor();
  await page.keyboard.press('Escape');
  await panel.getByRole('tooltip').waitFor({state: 'hidden'});
  assert.equal(await panel.locator('.body').count(), 1);
  await page.context().close();
});

test('runs can be walked with arrow keys, and Enter opens the page of one', async () => {
  const {page, panel} = await openPanel(studied);
  const chart = panel.locator('[data-key=chart-loss]');
  await chart.locator('canvas').waitFor();
  await chart.focus();
  await page.keyboard.press('Home');
  const cheapest = RUNS.reduce((a, b) => a.parameters * a.tokens <= b.parameters * b.tokens ? a : b);
  await panel.locator('.hover-card', {hasText: cheapest.name}).first().waitFor();
  await page.keyboard.press('Enter');
  await page.waitForURL(/#\/experiments\/\d+\/runs\/[0-9a-f]{32}/);
  await panel.locator('.body').waitFor();
  await page.context().close();
});

test('arrows, Home and End walk the tabs, of which one is a stop of the Tab key', async () => {
  const {page, panel, errors} = await openPanel(studied);
  const selected = () => panel.locator('[role=tab][aria-selected=true]').getAttribute('data-key');
  await panel.locator('[data-key=tab-advice]').focus();
  for (const [key, tab] of [['ArrowRight', 'trade'], ['ArrowRight', 'next'], ['End', 'why'], ['ArrowRight', 'advice'], ['ArrowLeft', 'why'], ['ArrowLeft', 'running'], ['Home', 'advice']]) {
    await page.keyboard.press(key);
    assert.equal(await selected(), `tab-${tab}`);
    assert.equal(await panel.locator(`[data-key=tab-${tab}]`).evaluate((node) => node.getRootNode().activeElement === node), true);
    assert.deepEqual(await panel.locator('[role=tab][tabindex="0"]').evaluateAll((tabs) => tabs.map((one) => one.dataset.key)), [`tab-${tab}`]);
  }
  assert.deepEqual(errors, []);
  await page.context().close();
});

test('where sizes are not recognised the panel says what it found and what is missing', async () => {
  const unnamed = await stack.createExperiment('unnamed');
  const {run} = await stack.rest('runs/create', {experiment_id: unnamed, run_name: 'odd', start_time: Date.now()});
  await stack.rest('runs/log-batch', {run_id: run.info.run_id, params: [{key: 'zzz', value: '1e8'}], metrics: [{key: 'val/loss', value: 3, timestamp: Date.now(), step: 1}]});
  await stack.rest('runs/update', {run_id: run.info.run_id, status: 'FINISHED', end_time: Date.now()});
  const {missing} = await stack.panelWhen(unnamed, ({state}) => state === 'no_mapping');
  assert.ok(missing.includes('parameter_count') && missing.includes('token_count'));
  const {page, panel, errors} = await openPanel(unnamed);
  await panel.getByText('Some quantities were not found.').waitFor();
  await panel.locator('[data-key=source-loss_nats_per_token]', {hasText: 'val/loss'}).waitFor();
  await panel.locator('.need', {hasText: 'Parameters N'}).waitFor();
  assert.deepEqual(await axeFindings(page), []);
  assert.deepEqual(errors, []);
  await page.context().close();
});

test('on the page of a run the panel shows its place on the law, and why the law leaves it out', async () => {
  const {runs: [run]} = await stack.document('runs', {experiment_id: studied});
  const {page, panel, errors} = await openPanel(studied);
  await page.goto(`${stack.origin}/#/experiments/${studied}/runs/${run.run_id}`);
  await panel.locator('[data-key=this-run]').waitFor();
  assert.ok(close(numbersOf(await panel.locator('[data-key=this-loss]').innerText())[0], Number(run.loss_nats_per_token.toPrecision(4))));
  const percent = numbersOf(await panel.locator('[data-key=this-place]').innerText())[0];
  assert.ok(Math.abs(percent - 100 * Math.expm1(run.log_residual)) <= 0.05 + 1e-9, `${percent} for ${run.log_residual}`);
  const failed = await stack.logRun(studied, {...RUNS[3], name: 'failed', status: 'FAILED'});
  await page.goto(`${stack.origin}/#/experiments/${studied}/runs/${failed}`);
  await panel.locator('[data-key=this-run]', {hasText: 'The law leaves it out: ended as FAILED.'}).waitFor();
  assert.deepEqual(await axeFindings(page), []);
  assert.deepEqual(errors, []);
  await page.context().close();
});

test('where MLflow’s navigation is not what it was, a tab at the edge opens the panel', async () => {
  const {page, panel, entry} = await openPage(browser);
  await page.goto(runsPage(studied));
  await entry.waitFor();
  await page.evaluate(() => {
    const old = document.querySelector('aside nav'), other = document.createElement('div');
    other.append(...old.childNodes);
    old.replaceWith(other);
  });
  const tab = page.locator('body > [data-isoflop=entry]');
  await tab.click();
  await panel.locator('[data-key=parameters]').waitFor();
  assert.equal(await tab.getAttribute('aria-expanded'), 'true');
  await page.context().close();
});

test('Escape closes the list, then the panel, and the focus returns to what opened them', async () => {
  const {page, panel, entry} = await openPanel(studied);
  await panel.locator('[data-key=budget]').click();
  await panel.getByRole('dialog', {name: 'Budget'}).waitFor();
  await page.keyboard.press('Escape');
  await panel.getByRole('dialog', {name: 'Budget'}).waitFor({state: 'detached'});
  assert.equal(await panel.locator('[data-key=budget]').evaluate((node) => node.getRootNode().activeElement === node), true);
  // The button's own explanation may show again, and goes first.
  while (await panel.count()) await page.keyboard.press('Escape');
  assert.equal(await entry.evaluate((node) => document.activeElement === node), true);
  await page.keyboard.press('Alt+Shift+S');
  await panel.locator('.body').waitFor();
  await page.context().close();
});

test('where the service is down the last advice stays, dated, and comes alive again by itself', async () => {
  const {page, panel} = await openPanel(studied);
  const advised = await panel.locator('[data-key=parameters]').innerText();
  await stack.breakSidecar();
  await panel.getByRole('alert').getByText('The advice service cannot be reached.').waitFor();
  await panel.locator('.dashed', {hasText: advised}).waitFor();
  await panel.getByText('Last advice').waitFor();
  await panel.getByText('No run has finished since.').waitFor();
  assert.deepEqual(await axeFindings(page), []);
  await stack.mendSidecar();
  await panel.locator('.badge.live').waitFor({timeout: 60000});
  assert.equal(await panel.locator('[data-key=parameters]').innerText(), advised);
  await page.context().close();
});
