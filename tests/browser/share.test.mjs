// Links that reproduce a view, and exports.
import assert from 'node:assert/strict';
import {readFile} from 'node:fs/promises';
import {after, before, test} from 'node:test';
import {axeFindings, launch, openPage} from './browser.mjs';
import {openPanel as open} from './open_panel.mjs';
import {plantedRuns} from './planted_runs.mjs';
import {Stack} from './stack.mjs';

const RUNS = plantedRuns(20);
let stack, browser, studied;

before(async () => {
  [stack, browser] = await Promise.all([Stack.start(), launch()]);
  studied = await stack.createStudy('studied', RUNS.map((run) => ({...run, name: `${run.name}, "a"`})));
});

after(async () => {
  await browser?.close();
  await stack?.stop();
});

async function openFull() {
  const view = await open(browser, stack, studied, {permissions: ['clipboard-read', 'clipboard-write']});
  await view.panel.locator('[data-key=expand]').click();
  await view.panel.locator('[data-chart=valley] canvas').waitFor();
  return view;
}

test('a link shows budget, law and tab as they were, also after the law has changed', async () => {
  const {page, panel} = await openFull();
  await panel.locator('[data-key=budget]').click();
  await panel.getByRole('textbox', {name: 'Another budget'}).fill('3e19');
  await page.keyboard.press('Enter');
  await panel.locator('[data-key=budget]', {hasText: '3e19 FLOP'}).waitFor();
  await panel.locator('[data-key=tab-trade]').click();
  await panel.locator('[data-key=copy-link]', {hasText: 'Copy link'}).click();
  await panel.locator('[data-key=copy-link]', {hasText: 'Copied'}).waitFor();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  const shown = async (where) => Promise.all(['parameters', 'tokens', 'loss', 'law-version'].map((key) => where.locator(`[data-key="${key}"]`).first().innerText()));
  const before = await shown(panel);

  await stack.logRun(studied, {name: 'later', parameters: 5e8, tokens: 2e10, loss: 2.4388});
  await stack.panelWhen(studied, ({law, intervals_ready: ready}) => ready && law.observation_count === RUNS.length + 1);
  const other = await openPage(browser);
  await other.page.goto(link);
  await other.panel.locator('[data-key=pinned]').waitFor();
  await other.panel.locator('[data-key=tab-trade][aria-selected=true]').waitFor();
  // The loss has the digits that its interval supports while the replicas of that version are kept, as they are here.
  assert.deepEqual(await shown(other.panel), before);
  assert.deepEqual(await axeFindings(other.page), []);
  await other.panel.locator('[data-key=unpin]').click();
  await other.panel.locator('[data-key=pinned]').waitFor({state: 'detached'});
  assert.notEqual(await other.panel.locator('[data-key=law-version]').innerText(), before[3]);
  assert.match(await other.panel.locator('[data-key=budget]').innerText(), /3e19/);

  assert.deepEqual(other.errors, []);
  const unkept = await openPage(browser);
  await unkept.page.goto(link.replace(/isoflop_law=\d+/, 'isoflop_law=999'));
  await unkept.panel.locator('[data-key=unkept]', {hasText: 'v999'}).waitFor();
  await unkept.panel.locator('[data-key=parameters]').waitFor();
  for (const view of [other, unkept]) await view.page.context().close();
  await page.context().close();
});

test('runs are exported as CSV, the law as JSON and charts as SVG', async () => {
  await stack.panelWhen(studied, ({law, intervals_ready: ready}) => ready && law.observation_count === RUNS.length + 1);
  const {page, panel, errors} = await openFull();
  const saved = async (key) => {
    await panel.locator('[data-key=export]').click();
    const [download] = await Promise.all([page.waitForEvent('download'), panel.locator(`[data-key=export-${key}]`).click()]);
    return {name: download.suggestedFilename(), text: await readFile(await download.path(), 'utf8')};
  };
  const document = await (await fetch(stack.route('panel', {experiment_id: studied}))).json();
  const csv = (await saved('csv')).text.split('\r\n');
  assert.equal(csv.length, document.runs.run_key.length + 2);  // The header, and nothing after the last line's end.
  const {runs} = await (await fetch(stack.route('runs', {experiment_id: studied}))).json(), run = runs[0];
  assert.ok(csv.includes([run.run_id, `"${run.run_name.replaceAll('"', '""')}"`, run.parameter_count, run.token_count, run.training_flops,
    run.loss_nats_per_token, run.log_residual].join(',')));
  const json = await saved('json');
  assert.equal(json.text, await (await fetch(stack.route('law', {experiment_id: studied}))).text());
  assert.match(json.name, new RegExp(`law-${document.version}\\.json$`));
  for (const chart of ['loss', 'split', 'residual', 'valley']) {
    const {text} = await saved(chart);
    const found = await page.evaluate((svg) => {
      const tree = new DOMParser().parseFromString(svg, 'image/svg+xml');
      return {valid: !tree.querySelector('parsererror') && tree.documentElement.localName === 'svg',
        circles: [...tree.querySelectorAll('path[fill]')].filter((path) => /^M[^A-Za-z]*a[^A-Za-z]*a[^A-Za-z]*$/.test(path.getAttribute('d'))).length,
        texts: tree.querySelectorAll('text').length};
    }, text);
    assert.ok(found.valid, text.slice(0, 400));
    assert.equal(found.circles, chart === 'valley' ? 0 : document.runs.run_key.length, chart);
    assert.ok(found.texts >= 6);
  }
  await panel.locator('[data-key=export]').click();
  await panel.getByRole('dialog', {name: 'Export'}).waitFor();
  assert.deepEqual(await axeFindings(page), []);
  await page.keyboard.press('Escape');
  await panel.getByRole('dialog', {name: 'Export'}).waitFor({state: 'detached'});
  assert.equal(await panel.locator('[data-key=export]').evaluate((node) => node.getRootNode().activeElement === node), true);
  assert.deepEqual(errors, []);
  await page.context().close();
});
