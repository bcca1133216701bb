// What the panel costs: the bytes of its first opening, and nothing at all once it is closed. How long it takes: tests/bench/panel.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {launch, openPage} from './browser.mjs';
import {openCold} from './opening.mjs';
import {plantedRuns} from './planted_runs.mjs';
import {DOCUMENT_KB, weighFiles, wireBytes} from './sizes.mjs';
import {Stack} from './stack.mjs';
import {storeRuns} from './stored_runs.mjs';

const RUNS = plantedRuns(234);
/** Of scripts and styles. */
const MOST_REQUESTS = 6;
let stack, browser, experimentId;

before(async () => {
  [stack, browser] = await Promise.all([Stack.start({}, (folder) => { experimentId = storeRuns(folder, RUNS); }), launch()]);
  await stack.lawOf(experimentId, RUNS.length);
});

after(async () => {
  await browser?.close();
  await stack?.stop();
});

test('the boot script and what the first opening loads keep to their sizes', async () => {
  const {view, loaded} = await openCold({browser, stack, experimentId});
  const files = loaded.filter((url) => url.includes('/assets/'));
  // Above that where the files are served as written: `cmake --build build --target isoflop_sidebar` packs them.
  assert.ok(files.length <= MOST_REQUESTS, files.join('\n'));
  for (const {name, budget, kilobytes} of await weighFiles([view.requests.find((url) => url.includes('/boot.js')), ...files])) {
    assert.ok(kilobytes > 0 && kilobytes <= budget, `${name}: ${kilobytes} of ${budget} kB`);
  }
  await view.page.context().close();
});

test('the documents of the panel and of its tabs keep to their sizes', async () => {
  const {budget_flops: budget} = await stack.document('panel', {experiment_id: experimentId});
  const tabs = {advice_grid: {}, trade_offs: {budget}, other_sizes: {budget}, next_runs: {budget}, forecasts: {}, laws: {count: 13}};
  for (const [name, query] of Object.entries({panel: {}, ...tabs})) {
    const kilobytes = await wireBytes(stack.route(name, {experiment_id: experimentId, ...query}), stack.headers) / 1000;
    const most = name === 'panel' ? DOCUMENT_KB.panel : DOCUMENT_KB.tab;
    assert.ok(kilobytes <= most, `${name}: ${kilobytes} of ${most} kB`);
  }
});

/** Runs in the page: keeps the timers and streams that the panel's own files have started and not ended. */
function watchOwn() {
  const own = () => new Error().stack.includes('/isoflop/assets/');
  window.ownTimers = new Set();
  window.ownStreams = [];
  for (const [set, clear] of [['setTimeout', 'clearTimeout'], ['setInterval', 'clearInterval']]) {
    const start = window[set], end = window[clear];
    window[set] = (act, ...rest) => {
      const id = start((...given) => {
        if (set === 'setTimeout') window.ownTimers.delete(id);
        act(...given);
      }, ...rest);
      if (own()) window.ownTimers.add(id);
      return id;
    };
    window[clear] = (id) => {
      window.ownTimers.delete(id);
      end(id);
    };
  }
  window.EventSource = class extends EventSource {
    constructor(...given) {
      super(...given);
      window.ownStreams.push(this);
    }
  };
}

test('a closed panel has no timer and no stream, and asks for nothing when the law changes', async () => {
  const {page, panel, entry, requests} = await openPage(browser);
  await page.addInitScript(watchOwn);
  await page.goto(`${stack.origin}/#/experiments/${experimentId}/runs`);
  await entry.click();
  await panel.locator('.badge.live').waitFor();
  await page.locator('[data-isoflop=panel][data-whole]').waitFor();
  const own = () => page.evaluate(() => ({timers: window.ownTimers.size, streams: window.ownStreams.filter(({readyState}) => readyState !== 2).length}));
  const open = await own();
  assert.ok(open.timers > 0 && open.streams === 1, JSON.stringify(open));
  await panel.locator('[data-key=close]').click();
  await panel.waitFor({state: 'detached'});
  assert.deepEqual(await own(), {timers: 0, streams: 0});
  const before = requests.length;
  await stack.logRun(experimentId, {...RUNS[5], name: 'late'});
  await stack.panelWhen(experimentId, ({law, intervals_ready: ready}) => ready && law.observation_count === RUNS.length + 1);
  assert.deepEqual(requests.slice(before).filter((url) => url.includes('/isoflop/')), []);
  assert.deepEqual(await own(), {timers: 0, streams: 0});
  await page.context().close();
});
