// Plans judged in the panel: those that Next runs proposes and a reader's own, as `isoflop check` judges them.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {after, before, test} from 'node:test';
import {prose} from '../../integrations/mlflow/isoflop_mlflow/sidebar/prose.js';
import {assertAxeFindsNothing, axeFindings, launch} from './browser.mjs';
import {openPanel as open} from './open_panel.mjs';
import {plantedRuns} from './planted_runs.mjs';
import {Stack} from './stack.mjs';

const RUNS = plantedRuns(32);
/** Of the law that the runs come from: the first wastes most of its compute, the second none, and the third lies far past all runs. */
const OWN = `runs:
- name: wasteful
  parameter_count: 20B
  token_count: 2B
- name: sound
  parameter_count: 300M
  token_count: 8B
- name: <img src=x onerror=window.hit=1>
  parameter_count: 10T
  token_count: 100T
- name: waived
  parameter_count: 20B
  token_count: 2B
  waive:
  - {code: OFF_OPTIMUM, reason: the hardware is fixed, until: 2099-01-31}
`;
const VERDICTS = {pass: 'Pass', violated: 'Policy violated', cannot_judge: "Can't judge"};
const SEVERITIES = {error: 'Error', warning: 'Warning', note: 'Note', unknown: "Can't tell"};
let stack, browser, studied;

before(async () => {
  [stack, browser] = await Promise.all([Stack.start(), launch()]);
  studied = await stack.createStudy('studied', RUNS);
});

after(async () => {
  await browser?.close();
  await stack?.stop();
});

/** What the command line says. */
function isoflop(input, ...args) {
  const {stdout} = spawnSync(stack.binary, ['check', ...args, '--format', 'json'], {input, encoding: 'utf8'});
  return JSON.parse(stdout);
}

async function judgedByCommandLine(plan) {
  const fit = join(stack.folder, 'fit.json');
  await writeFile(fit, await (await fetch(stack.route('law', {experiment_id: studied}))).text());
  return isoflop(plan, '-', '--fit', fit);
}

async function openNextRuns(options) {
  const view = await open(browser, stack, studied, {permissions: ['clipboard-read', 'clipboard-write'], ...options});
  await view.panel.locator('[data-key=tab-next]').click();
  await view.panel.locator('[data-key=next-summary]').waitFor();
  return view;
}

async function checkOwn({panel}, text) {
  const field = panel.getByRole('textbox', {name: 'Your plan'});
  if (!await field.isVisible()) await panel.locator('[data-key=own-plan] summary').click();
  await field.fill(text);
  await panel.locator('[data-key=check-own]').click();
  await panel.locator('[data-key=own-check]').waitFor();
}

/** Verdict, findings and suggested edits as the page lists them. */
const listed = (panel, key) => panel.locator(`[data-key=${key}] > ul > li`).evaluateAll((rows) => rows.map((row) => ({
  name: row.querySelector('.strong').textContent, verdict: row.querySelector('.chip').textContent,
  findings: [...row.querySelectorAll('.finding')].map((finding) => ({severity: finding.querySelector('b').textContent, title: finding.querySelector('.figure').textContent,
    texts: [...finding.querySelectorAll('p')].slice(1).map((line) => line.textContent)}))})));

/** The same of what `isoflop check --format json` prints. */
const printed = (document, nameOf) => document.runs.map((run) => ({
  name: nameOf(run), verdict: VERDICTS[run.verdict],
  findings: run.findings.map(({severity, title, message, reason, edit, waiver}) => ({
    severity: waiver === null ? SEVERITIES[severity] : `${SEVERITIES[severity]}, waived`, title,
    texts: [prose(message), reason && prose(reason), edit && `Try: ${prose(edit.sentence)}`,
      waiver === null ? null : `Waived to the end of ${run.waivers[waiver].until} (UTC): ${run.waivers[waiver].reason}`].filter(Boolean)}))}));

const listen = (panel) => panel.evaluate((host) => {
  window.told = [];
  const voice = host.shadowRoot.querySelector('.unseen[role=status]');
  new MutationObserver(() => window.told.push(voice.textContent)).observe(voice, {childList: true, characterData: true, subtree: true});
});

test('the ticked runs are judged as the command line judges the copied plan, and what it comes to is said once', async () => {
  const {page, panel, errors} = await openNextRuns();
  await panel.locator('[data-key=copy-plan]').click();
  await panel.locator('[data-key=copy-plan]', {hasText: 'Copied'}).waitFor();
  const plan = await page.evaluate(() => navigator.clipboard.readText());
  await listen(panel);
  await panel.locator('[data-key=copy-plan]').focus();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await panel.locator('[data-key=check]').waitFor();
  assert.equal(await panel.evaluate((host) => host.shadowRoot.activeElement.dataset.key), 'check-plan');
  const document = await judgedByCommandLine(plan), shown = await listed(panel, 'check');
  assert.equal(document.verdict, 'pass');  // The advice does not speak against itself.
  assert.ok(document.runs.length >= 2);
  assert.deepEqual(shown, printed(document, () => '').map((run, at) => ({...run, name: shown[at].name})));
  const told = [`All ${document.runs.length} runs pass.`];
  assert.equal(await panel.locator('[data-key=check-summary]').innerText(), told[0]);
  assert.deepEqual(await page.evaluate(() => window.told), told);

  await panel.locator('.tick:checked').first().uncheck();
  await panel.getByText('The plan has changed since.').waitFor();
  await panel.locator('[data-key=check-plan]').click();
  await panel.getByText('The plan has changed since.').waitFor({state: 'detached'});
  await panel.locator('[data-key=check]').waitFor();
  assert.equal((await listed(panel, 'check')).length, document.runs.length - 1);
  assert.deepEqual(errors, []);
  await page.context().close();
});

test('a plan of the reader’s own is judged with findings, edits and waivers, each code explained as the command line explains it', async () => {
  const view = await openNextRuns(), {page, panel, errors} = view;
  await checkOwn(view, OWN);
  const document = await judgedByCommandLine(OWN);
  assert.deepEqual(document.runs.map(({verdict}) => verdict), ['violated', 'pass', 'cannot_judge', 'pass']);
  assert.deepEqual(await listed(panel, 'own-check'), printed(document, ({name}) => name));
  assert.equal(await panel.locator('[data-key=own-check-summary]').innerText(), "1 of 4\u00a0runs violates the policy, 1 can't be judged.");
  assert.equal(await page.evaluate(() => window.hit), undefined);

  const [code] = isoflop('', '--explain', 'OFF_OPTIMUM').codes;
  const title = panel.locator('[data-key=own-check] [data-key=code-OFF_OPTIMUM]').first(), tip = panel.getByRole('tooltip');
  await title.evaluate((node) => {
    node.scrollIntoView({block: 'center'});  // Scrolling hides a tip, so it comes first.
    return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  });
  await title.hover();
  await tip.waitFor();
  for (const part of [code.code, code.meaning, code.fix]) assert.ok((await tip.innerText()).includes(part), part);
  await page.mouse.move(0, 0);
  await tip.waitFor({state: 'hidden'});
  await panel.locator('[data-key=choose-plan]').focus();
  await page.keyboard.press('Tab');
  await page.keyboard.press('ArrowRight');  // From what the law expects of the run to the first finding.
  await tip.waitFor();
  assert.ok((await tip.innerText()).includes(code.meaning));
  await assertAxeFindsNothing(view);
  assert.deepEqual(errors, []);
  await page.context().close();
});

test('a plan that cannot be read says where, and leads there', async () => {
  const view = await openNextRuns(), {page, panel, errors} = view, plan = 'name: x\nparmeter_count: 7B\ntoken_count: -3\n';
  await listen(panel);
  await checkOwn(view, plan);
  const {problems} = await judgedByCommandLine(plan);
  assert.equal(problems.length, 3);
  assert.deepEqual(await panel.locator('[data-key=own-check] .need').allInnerTexts(),
    problems.map(({place, message}) => `line ${place.line}, column ${place.column}: ${message}`));
  assert.deepEqual(await page.evaluate(() => window.told), ["The plan can't be read: 3\u00a0problems."]);
  await panel.getByRole('button', {name: 'line 2, column 1'}).click();
  assert.equal(await panel.getByRole('textbox', {name: 'Your plan'}).evaluate((field) => field.value.slice(field.selectionStart, field.selectionEnd)), 'parmeter_count: 7B');
  await page.keyboard.type('parameter_count: 7B');
  await panel.getByText('The plan has changed since.').waitFor();
  assert.deepEqual(await axeFindings(page), []);

  await checkOwn(view, ' \n');
  await panel.locator('[data-key=own-check-summary]', {hasText: 'There is no plan yet: paste one, or choose a file.'}).waitFor();
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), panel.locator('[data-key=choose-plan]').click()]);
  await chooser.setFiles({name: '7b.yaml', mimeType: 'application/yaml', buffer: Buffer.from(OWN)});
  await panel.locator('[data-key=own-check-summary]', {hasText: "1 of 4\u00a0runs violates the policy, 1 can't be judged."}).waitFor();
  assert.equal(await panel.getByRole('textbox', {name: 'Your plan'}).inputValue(), OWN);
  await panel.locator('[data-key=tab-why]').click();
  await panel.locator('[data-key=tab-next]').click();
  await panel.locator('[data-key=own-plan] summary').click();
  assert.equal(await panel.getByRole('textbox', {name: 'Your plan'}).inputValue(), OWN);
  assert.deepEqual(errors, []);
  await page.context().close();
});

test('findings cut nothing off at 320 px', async () => {
  const view = await openNextRuns({viewport: {width: 320, height: 850}});
  await checkOwn(view, OWN.replace('wasteful', `w${'a'.repeat(90)}steful`));
  await view.panel.locator('[data-key=check-plan]').click();
  await view.panel.locator('[data-key=check]').waitFor();
  assert.equal(await view.panel.locator('.body').evaluate((node) => node.scrollWidth - node.clientWidth), 0);
  await view.page.context().close();
});

test('a newer law is named beside what an older one judged', async () => {
  const view = await openNextRuns(), {page, panel} = view;
  await checkOwn(view, OWN);
  await stack.logRun(studied, {...RUNS[5], name: 'late'});
  const {version} = await stack.panelWhen(studied, ({law}) => law.observation_count === RUNS.length + 1);
  await panel.getByText(`The law is now v${version}: check again.`).waitFor();
  await panel.locator('[data-key=check-own]').click();
  await panel.getByText(`The law is now v${version}: check again.`).waitFor({state: 'detached'});
  await panel.getByText(`Judged by law v${version}`).waitFor();
  await page.context().close();
});

test('where the service is down nothing is checked, and it is said', async () => {
  const view = await open(browser, stack, studied), {page, panel} = view;
  await page.route('**/events?*', (route) => route.abort());  // Else the page hears of it first.
  await page.reload();
  await view.entry.click();
  await page.locator('[data-isoflop=panel][data-whole]').waitFor();
  await panel.locator('[data-key=tab-next]').click();
  await panel.locator('[data-key=next-summary]').waitFor();
  await stack.breakSidecar();
  await checkOwn(view, OWN);
  assert.equal(await panel.locator('[data-key=own-check]').innerText(), 'The advice service cannot be reached; try again.');
  await stack.mendSidecar();
  await page.context().close();
});
