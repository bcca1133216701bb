// What axe does not see: order of tabbing, sizes of targets, zoom, text spacing, colours of the system, motion, announcements.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {axeFindings, launch, openPage} from './browser.mjs';
import {openPanel as open} from './open_panel.mjs';
import {plantedRuns} from './planted_runs.mjs';
import {Stack} from './stack.mjs';

const RUNS = plantedRuns(24);
const TABS = [['advice', 'law-a'], ['trade', 'size-2-parameters'], ['next', 'copy-plan'], ['running', 'running'], ['why', 'exclusions']];
let stack, browser, studied, view;

before(async () => {
  [stack, browser] = await Promise.all([Stack.start(), launch()]);
  studied = await stack.createStudy('studied', RUNS);
  view = await open(browser, stack, studied);
});

after(async () => {
  await browser?.close();
  await stack?.stop();
});

/** Opens one tab after the other and looks at each. */
async function onEachTab(look, {panel} = view) {
  for (const [tab, part] of TABS) {
    await panel.locator(`[data-key=tab-${tab}]`).click();
    await panel.locator(`[data-key=${part}]`).first().waitFor();
    await look(tab);
  }
  await panel.locator('[data-key=tab-advice]').click();
}

/** What reaches over the right edge of the panel's body, where that would have to be scrolled sideways. */
const sideways = ({panel} = view) => panel.locator('.body').evaluate((body) => body.scrollWidth === body.clientWidth ? [] :
  [...body.querySelectorAll('*')].filter((node) => !node.closest('.wide') && node.getBoundingClientRect().right > body.getBoundingClientRect().right)
    .map((node) => node.dataset.key ?? (node.className || node.textContent)));
const mediaStay = async (media) => {
  await view.page.emulateMedia(media);
  return () => view.page.emulateMedia({forcedColors: 'none', reducedMotion: 'no-preference'});
};

test('where nothing but MLflow’s own origin can be reached all is there, and nothing else was tried', async () => {
  const strange = [], own = (url) => url.startsWith(stack.origin) || /^(data|blob):/.test(url);
  const {page, panel, errors} = await open(browser, stack, studied, {prepare: (context) => context.route((url) => !own(url.href), (route) => {
    strange.push(route.request().url());
    return route.abort();
  })});
  for (const form of ['side', 'full']) {
    await onEachTab(async () => {}, {panel});
    for (const chart of form === 'full' ? ['loss', 'split', 'residual', 'valley'] : ['loss', 'split']) await panel.locator(`[data-chart=${chart}] canvas`).waitFor();
    if (form === 'side') await panel.locator('[data-key=expand]').click();
  }
  assert.deepEqual(strange, []);
  assert.deepEqual(errors, []);
  await page.context().close();
});

test('while the first answer is awaited grey blocks stand, and axe finds nothing', async () => {
  const {page, panel, errors} = await openPage(browser);
  let release;
  const held = new Promise((done) => { release = done; });
  await page.route(/isoflop\/panel/, async (route) => {
    await held;
    await route.continue();
  });
  await page.goto(`${stack.origin}/#/experiments/${studied}/runs`);
  await page.locator('[data-isoflop=entry]').waitFor();
  await page.keyboard.press('Alt+Shift+S');
  await panel.locator('.loading').waitFor();
  assert.deepEqual(await axeFindings(page), []);
  release();
  await panel.locator('[data-key=parameters]').waitFor();
  assert.deepEqual(errors, []);
  await page.context().close();
});

test('Tab goes through header, budget, chips, tabs and body, in this order', async () => {
  const {page, panel} = view, stops = [];
  await panel.locator('[data-key=law-a]').waitFor();
  await panel.locator('[data-key=expand]').focus();
  for (let press = 0; press < 14; press++) {
    stops.push(await panel.evaluate((host) => host.shadowRoot.activeElement?.dataset.key ?? ''));
    await page.keyboard.press('Tab');
  }
  const order = ['expand', 'settings', 'close', 'budget', 'tab-advice', 'chart-loss', 'chart-split'].map((key) => stops.indexOf(key));
  assert.ok(order.every((place) => place >= 0), stops.join());
  assert.deepEqual(order, order.toSorted((a, b) => a - b), stops.join());
});

test('what can be pressed is at least 24 px large, on every tab', async () => {
  await onEachTab(async (tab) => {
    const small = await view.panel.locator('button, input, select, summary, [role=tab]').evaluateAll((nodes) => nodes.map((node) => node.closest('label') ?? node)
      .filter((node) => node.offsetParent).map((node) => [node.dataset.key ?? node.className, node.getBoundingClientRect()])
      .filter(([, box]) => Math.min(box.width, box.height) < 23.9).map(([name, box]) => `${name} ${box.width} x ${box.height}`));
    assert.deepEqual(small, [], tab);
  });
});

test('at 200 % zoom nothing is cut off sideways, on any tab', async () => {
  await view.page.setViewportSize({width: 700, height: 425});  // What 1,400 x 850 leaves at 200 %.
  await onEachTab(async (tab) => assert.deepEqual(await sideways(), [], tab));
  await view.page.setViewportSize({width: 1400, height: 850});
});

test('wider text spacing (WCAG 1.4.12) cuts nothing off, on any tab', async () => {
  // A page of its own: Chromium keeps words as they were shaped so, and would then draw the labels of charts otherwise than before.
  const spaced = await open(browser, stack, studied);
  await spaced.panel.evaluate((host) => {
    const style = document.createElement('style');
    style.textContent = '* { letter-spacing: 0.12em !important; word-spacing: 0.16em !important; line-height: 1.5 !important; } p { margin-bottom: 2em !important; }';
    host.shadowRoot.append(style);
  });
  await onEachTab(async (tab) => assert.deepEqual(await sideways(spaced), [], tab), spaced);
  await spaced.page.context().close();
});

test('with the system’s own colours marks still stand out from the ground', async () => {
  const back = await mediaStay({forcedColors: 'active'});
  const grounds = await view.panel.evaluate((host) => [...host.shadowRoot.querySelectorAll('.mark.dot, .mark.diamond, .mark.thick')].filter((node) => node.offsetParent)
    .map((node) => [node.className, getComputedStyle(node).backgroundColor, getComputedStyle(host.shadowRoot.querySelector('.panel')).backgroundColor]));
  assert.ok(grounds.length >= 3);
  for (const [name, mark, ground] of grounds) assert.notEqual(mark, ground, name);
  await back();
});

test('where motion is unwanted nothing moves and nothing is tinted', async () => {
  const back = await mediaStay({reducedMotion: 'reduce'});
  const moving = await view.panel.evaluate((host) => {
    host.shadowRoot.querySelector('[data-key=parameters]').classList.add('changed');
    return [...host.shadowRoot.querySelectorAll('*')].filter((node) => getComputedStyle(node).animationName !== 'none' ||
      getComputedStyle(node).transitionDuration.split(', ').some((time) => parseFloat(time) > 0)).map((node) => node.className);
  });
  assert.deepEqual(moving, []);
  await back();
});

test('of two new versions within a minute one is announced', async () => {
  const {panel} = view;
  await panel.locator('.badge.live').waitFor();
  await panel.evaluate((host) => {
    window.told = [];
    const voice = host.shadowRoot.querySelector('.unseen[role=status]');
    new MutationObserver(() => window.told.push(voice.textContent)).observe(voice, {childList: true, characterData: true, subtree: true});
  });
  for (const [index, run] of plantedRuns(30).slice(7, 9).entries()) {
    await stack.logRun(studied, run);
    await panel.getByText(`${RUNS.length + 1 + index}\u00a0runs`, {exact: true}).waitFor();
  }
  const told = await view.page.evaluate(() => window.told);
  assert.equal(told.length, 1, told.join());
  assert.match(told[0], /^New law, version \d+\.$/);
  assert.deepEqual(view.errors, []);
});

test('pointing at a run in MLflow’s own table rings it in the charts', async () => {
  const {page, panel} = view, canvas = panel.locator('[data-key=chart-loss] canvas');
  const run = page.locator('[role=row][row-id] a[href*="/runs/"]').first();
  await canvas.waitFor();
  await run.waitFor();
  await page.mouse.move(5, 5);
  const bare = await canvas.evaluate((node) => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(node.toDataURL())))));
  const drawn = (likeBare) => page.waitForFunction(([picture, wanted]) => wanted === (picture === document.querySelector('[data-isoflop=panel]').shadowRoot
    .querySelector('[data-key=chart-loss] canvas').toDataURL()), [bare, likeBare]);
  await run.hover();
  await drawn(false);
  await page.mouse.move(5, 5);
  await drawn(true);
});
