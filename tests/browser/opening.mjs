/** Opens the panel in a browser that has kept nothing, and tells how long that took. */
import {openPage} from './browser.mjs';

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

/**
 * @param {{browser: import('playwright-core').Browser, stack: import('./stack.mjs').Stack, experimentId: string}} subject
 * @param {function(Object): Promise<void>} settle What to wait for before the click.
 * @returns {Promise<{view: Object, verdict: number, charts: number, loaded: string[]}>} ms after the click; addresses of what was loaded till then.
 */
export async function openCold({browser, stack, experimentId}, settle = async () => {}) {
  const view = await openPage(browser), {page} = view;
  await page.addInitScript(instruments);
  await page.goto(`${stack.origin}/#/experiments/${experimentId}/runs`);
  await view.entry.waitFor();
  await settle(view);
  const times = await page.evaluate(async () => {
    const start = performance.now();
    document.querySelector('aside nav [data-isoflop=entry]').click();
    const verdict = painted((root) => root?.querySelector('[data-key=parameters]'));
    let loaded = null;  // The panel fetches more once this frame is done.
    const charts = painted((root) => {
      const stand = ['loss', 'split'].every((name) => root?.querySelector(`[data-chart=${name}] canvas`));
      if (stand) loaded = performance.getEntriesByType('resource').filter(({startTime, name}) => startTime >= start && name.includes('/isoflop/'));
      return stand;
    });
    const shown = {verdict: await verdict - start, charts: await charts - start};
    return {...shown, loaded: loaded.map(({name}) => name)};
  });
  return {view, ...times};
}
