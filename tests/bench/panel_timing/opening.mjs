/** Opens the panel in a browser that has kept nothing, and tells how long that took. */
import {openPage} from '../../browser/browser.mjs';

/**
 * Runs in the page. `drawn`, called while a frame is being prepared, resolves with the time when that frame is done; `painted` with the time at
 * which the first frame is done that meets a condition.
 */
function instruments() {
  window.drawn = () => new Promise((done) => {
    const {port1, port2} = new MessageChannel();
    port1.onmessage = () => done(performance.now());
    port2.postMessage(null);
  });
  window.painted = (condition) => new Promise((done) => {
    const look = () => condition(document.querySelector('[data-isoflop=panel]')?.shadowRoot) ? drawn().then(done) : requestAnimationFrame(look);
    requestAnimationFrame(look);
  });
}

const QUIET_MS = 400;
const MOST_LOOKS = 25;

/** Resolves when nothing has been asked of the server for a while. @param {{page: import('playwright-core').Page, requests: string[]}} view */
export async function settle({page, requests}) {
  for (let look = 0, count = -1; look < MOST_LOOKS && count !== requests.length; look++) {
    count = requests.length;
    await page.waitForTimeout(QUIET_MS);
  }
}

/**
 * @param {Object} subject
 * @returns {Promise<{view: Object, verdict: number, charts: number, loaded: string[]}>} ms after the click; addresses of what was loaded till then.
 */
export async function openCold({browser, stack, experimentId}) {
  const view = await openPage(browser), {page} = view;
  await page.addInitScript(instruments);
  await page.goto(`${stack.origin}/#/experiments/${experimentId}/runs`);
  await view.entry.waitFor();
  await settle(view);  // MLflow's own loading is none of the panel's.
  const times = await page.evaluate(async () => {
    const start = performance.now();
    document.querySelector('aside nav [data-isoflop=entry]').click();
    const verdict = painted((root) => root?.querySelector('[data-key=parameters]'));
    const charts = painted((root) => ['loss', 'split'].every((name) => root?.querySelector(`[data-chart=${name}] canvas`)));
    const shown = {verdict: await verdict - start, charts: await charts - start};
    const loaded = performance.getEntriesByType('resource').filter(({startTime, name}) => startTime >= start && startTime <= start + shown.charts && name.includes('/isoflop/'));
    return {...shown, loaded: loaded.map(({name}) => name)};
  });
  return {view, ...times};
}
