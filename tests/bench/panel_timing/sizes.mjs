/** What the panel loads, in kB (1,000 bytes) as they cross the wire. */
import {get} from 'node:http';
import {openCold, settle} from './opening.mjs';

/** Bytes of the body that a browser is sent. @param {string} url @param {Object<string, string>} headers */
function wireBytes(url, headers) {
  return new Promise((done, fail) => get(url, {headers: {...headers, 'Accept-Encoding': 'gzip'}}, (response) => {
    let bytes = 0;
    response.on('data', (chunk) => { bytes += chunk.length; });
    response.on('end', () => response.statusCode === 200 ? done(bytes) : fail(new Error(`${url}: ${response.statusCode}`)));
    response.on('error', fail);
  }).on('error', fail));
}

/** The first pattern that fits says what a file counts for. */
const FILES = [
  ['uPlot', 22, /uPlot[^/]*\.js\b/],
  ['panel script, first opening', 16, /\.js\b/],
  ['styles, first opening', 3, /\.css\b/],
];
/** What the tabs ask, by the part that they wait for. */
const TABS = ['trade', 'next', 'running', 'why'];
const PANEL_KB = 12;

/** @param {Object} subject @returns {Promise<import('./print_table.mjs').Row[]>} */
export async function measureSizes(subject) {
  const {stack, experimentId, runCount} = subject;
  const kilobytes = async (url) => await wireBytes(url, stack.headers) / 1000;
  const {view, loaded} = await openCold(subject), row = (name, budget, sample) => ({name, unit: 'kB', budget, samples: [sample]});
  const boot = view.requests.find((url) => url.includes('boot'));
  const rows = [row('boot script', 3, await kilobytes(boot))];
  for (const [name, budget] of FILES) {
    const files = loaded.filter((url) => FILES.find(([, , pattern]) => pattern.test(url))?.[0] === name);
    const sizes = await Promise.all(files.map(kilobytes));
    rows.push(row(name, budget, sizes.reduce((sum, size) => sum + size, 0)));
  }
  rows.push(row(`document panel, ${runCount} runs`, runCount <= 234 ? PANEL_KB : null, await kilobytes(stack.route('panel', {experiment_id: experimentId}))));
  for (const url of await documentsOfTabs(view)) rows.push(row(`document ${new URL(url).pathname.split('/').at(-1)}`, 4, await kilobytes(url)));
  await view.page.context().close();
  return rows;
}

/** Addresses of the documents that are asked for on the first opening of each tab, and of what opens within. */
async function documentsOfTabs(view) {
  const {panel, requests} = view;
  const before = requests.length;
  for (const tab of TABS) {
    await panel.locator(`[data-key=tab-${tab}]`).click();
    await panel.locator(`[data-key=panel-${tab}]`).waitFor();
    await settle(view);
  }
  await panel.locator('[data-action=versions]').click();
  await settle(view);
  const asked = requests.slice(before).filter((url) => /\/isoflop\/[a-z_]+\?/.test(url));
  return [...new Map(asked.map((url) => [new URL(url).pathname, url])).values()];
}
