/** Chromium, and what the tests ask of MLflow's page in it. */
import assert from 'node:assert/strict';
import {createRequire} from 'node:module';
import {chromium} from 'playwright-core';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

export function launch() {
  return chromium.launch({executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
    '--disable-background-networking', '--disable-component-update', '--disable-sync']});
}

/** MLflow asks for its user even where it has none; that answer is its own affair. */
const OWN_NOISE = /mlflow\/users\/current/;

/**
 * A page of MLflow that notes errors and requests.
 * @param {import('playwright-core').Browser} browser
 * @param {{theme?: string, prepare?: function(import('playwright-core').BrowserContext): Promise<void>}} options And those of a context.
 */
export async function openPage(browser, {theme = 'light', prepare = () => {}, ...options} = {}) {
  const context = await browser.newContext({viewport: {width: 1400, height: 850}, ...options});
  await prepare(context);
  const page = await context.newPage();
  const errors = [], requests = [];
  page.on('console', (message) => {
    if (message.type() === 'error' && !OWN_NOISE.test(message.location().url)) errors.push(`${message.text()} (${message.location().url})`);
  });
  page.on('pageerror', (error) => errors.push(error.stack));
  page.on('request', (request) => requests.push(request.url()));
  await page.addInitScript((dark) => {
    localStorage.setItem('databricks-dark-mode-pref', dark ? 'dark' : 'light');
    localStorage.setItem('_mlflow_dark_mode_toggle_enabled', String(dark));
    localStorage.setItem('mlflow.assistant.fab.autoOpenedOnFirstLoad_v1', 'true');
  }, theme === 'dark');
  return {page, errors, requests, panel: page.locator('[data-isoflop=panel]'), entry: page.locator('aside nav [data-isoflop=entry]')};
}

const WIDTHS = [1400, 800, 380];

/** What axe finds wrong with the panel as it stands, in words: at each width, in both themes. @param {import('playwright-core').Page} page */
export async function axeFindings(page) {
  if (!await page.evaluate(() => 'axe' in window)) await page.addScriptTag({path: AXE});
  const before = page.viewportSize(), found = [];
  for (const width of WIDTHS) {
    await page.setViewportSize({width, height: before.height});
    found.push(...await page.evaluate(findInBothThemes, width));
  }
  await page.setViewportSize(before);
  return found;
}

/** Runs in the page. MLflow's theme is a class of its body, so switching it takes no reload. */
async function findInBothThemes(width) {
  const {classList} = document.body, own = classList.contains('dark-mode'), found = [];
  for (const dark of [own, !own]) {
    classList.toggle('dark-mode', dark);
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    const {violations} = await window.axe.run(document.querySelector('[data-isoflop=panel]'), {resultTypes: ['violations']});
    found.push(...violations.map(({id, nodes}) => `${width} px, ${dark ? 'dark' : 'light'}: ${id}: ` +
      nodes.map(({target, failureSummary}) => `${target.flat()} ${failureSummary}`).join('; ')));
  }
  classList.toggle('dark-mode', own);
  return found;
}

/**
 * Asserts that axe finds nothing in the open tab, beside MLflow's page and then on the full page, where it stays.
 * @param {{page: import('playwright-core').Page, panel: import('playwright-core').Locator}} view
 */
export async function assertAxeFindsNothing({page, panel}) {
  assert.deepEqual(await axeFindings(page), []);
  await panel.locator('[data-key=expand]').click();
  await page.waitForURL(/isoflop=full/);
  assert.deepEqual(await axeFindings(page), [], 'full page');
}
