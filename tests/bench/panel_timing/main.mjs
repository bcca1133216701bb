/** Starts what is measured, measures it, and prints the table. */
import {parseArgs} from 'node:util';
import {launch} from '../../browser/browser.mjs';
import {plantedRuns} from '../../browser/planted_runs.mjs';
import {Stack} from '../../browser/stack.mjs';
import {storeRuns} from '../../browser/stored_runs.mjs';
import {printTable} from './print_table.mjs';
import {measureSizes} from './sizes.mjs';
import {measureTimes} from './times.mjs';

const {values: {runs, openings}} = parseArgs({options: {runs: {type: 'string', default: '234'}, openings: {type: 'string', default: '20'}}});
const runCount = Number(runs);

let experimentId;
const stack = await Stack.start({}, (folder) => { experimentId = storeRuns(folder, plantedRuns(runCount)); });
const browser = await launch();
try {
  for (const [index, run] of plantedRuns(4).entries()) await stack.logCurve(experimentId, {...run, name: `running-${index}`, fraction: 0.4});
  await stack.panelWhen(experimentId, ({law, intervals_ready: ready}) => ready && law.observation_count === runCount);
  const subject = {stack, browser, experimentId, runCount, openings: Number(openings)};
  const rows = [...await measureSizes(subject), ...await measureTimes(subject)];
  process.exitCode = printTable(rows) ? 0 : 1;
} finally {
  await browser.close();
  await stack.stop();
}
