/** What the panel loads, in kB of 1,000 bytes. */
import {openCold} from '../../browser/opening.mjs';
import {DOCUMENT_KB, weighFiles, wireBytes} from '../../browser/sizes.mjs';
import {settle} from './settle.mjs';

/** What the tabs ask, by the part that they wait for. */
const TABS = ['trade', 'next', 'running', 'why'];

/** @param {Object} subject @returns {Promise<import('./print_table.mjs').Row[]>} */
export async function measureSizes(subject) {
  const {stack, experimentId, runCount} = subject;
  const kilobytes = async (url) => await wireBytes(url, stack.headers) / 1000;
  const {view, loaded} = await openCold(subject, settle), row = (name, budget, sample) => ({name, unit: 'kB', budget, samples: [sample]});
  const weights = await weighFiles([view.requests.find((url) => url.includes('/boot.js')), ...loaded]);
  const rows = weights.map(({name, budget, kilobytes: size}) => row(name, budget, size));
  rows.push(row(`document panel, ${runCount} runs`, runCount <= 234 ? DOCUMENT_KB.panel : null, await kilobytes(stack.route('panel', {experiment_id: experimentId}))));
  for (const url of await documentsOfTabs(view)) rows.push(row(`document ${new URL(url).pathname.split('/').at(-1)}`, DOCUMENT_KB.tab, await kilobytes(url)));
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
