/** How long a reader waits, in ms; each till what was asked for is on screen. */
import {openCold} from '../../browser/opening.mjs';
import {settle} from './settle.mjs';

const LIVE_RUNS = 5;
const FRAME_MS = 16.7;
const TABS = ['trade', 'next', 'running', 'why', 'advice'];

/** @param {Object} subject @returns {Promise<import('./print_table.mjs').Row[]>} */
export async function measureTimes(subject) {
  const openings = [], tabs = [], filled = [], again = [];
  for (let opening = 0; opening < subject.openings; opening++) {
    const {view, verdict, charts} = await openCold(subject, settle);
    openings.push({verdict, charts});
    await settle(view);
    for (const tab of TABS) {
      const times = await changeTab(view.page, tab);
      tabs.push(times.shown);
      filled.push(times.filled);
    }
    for (const tab of TABS) again.push((await changeTab(view.page, tab)).filled);
    await view.page.context().close();
  }
  const {view} = await openCold(subject, settle);
  const row = (name, budget, samples) => ({name, unit: 'ms', budget, samples});
  const rows = [
    row('opening to verdict, nothing kept', 300, openings.map(({verdict}) => verdict)),
    row('opening to charts, nothing kept', 500, openings.map(({charts}) => charts)),
    row('tab change, first', 50, tabs),
    row('  until its document is shown', null, filled),
    row('tab change, again', 50, again),
    row('hover, a frame', FRAME_MS, await walkFrames(view.page, hoverStep)),
    row('scroll, a frame', FRAME_MS, await walkFrames(view.page, scrollStep)),
    row('slider, a frame', FRAME_MS, await slide(view)),
    row('finished run to new advice', 2000, await finishRuns(view, subject)),
  ];
  await view.page.context().close();
  return rows;
}

function changeTab(page, tab) {
  return page.evaluate(async (name) => {
    const root = document.querySelector('[data-isoflop=panel]').shadowRoot, start = performance.now();
    root.querySelector(`[data-key=tab-${name}]`).click();
    const shown = painted(() => root.querySelector(`[data-key=panel-${name}]`));
    const filled = painted(() => root.querySelector(`[data-key=panel-${name}]`) && !root.querySelector('.tab-panel .block'));
    return {shown: await shown - start, filled: await filled - start};
  }, tab);
}

/** The time that each of 120 frames takes of the page's main thread, from the step that it shows to the end of its drawing. */
function walkFrames(page, step) {
  return page.evaluate(async (source) => {
    const act = eval(source), root = document.querySelector('[data-isoflop=panel]').shadowRoot, times = [];
    for (let frame = 0; frame < 120; frame++) {
      await new Promise(requestAnimationFrame);
      const start = performance.now();
      act(root, frame);
      times.push(await drawn() - start);
    }
    return times;
  }, `(${step})`);
}

function hoverStep(root, frame) {
  const over = root.querySelector('[data-chart=split] .u-over'), box = over.getBoundingClientRect();
  over.dispatchEvent(new PointerEvent('pointermove', {bubbles: true, composed: true, clientX: box.left + box.width * frame / 120,
    clientY: box.bottom - box.height * frame / 120}));
}

function scrollStep(root, frame) {
  root.querySelector('.body').scrollTop = frame * 5;
}

function sliderStep(root, frame) {
  const slider = root.querySelector('.slider');
  slider.value = frame % (Number(slider.max) + 1);
  slider.dispatchEvent(new Event('input', {bubbles: true, composed: true}));
}

/** On the full page, where verdict and charts are in sight beside the slider. */
async function slide(view) {
  const {page, panel} = view;
  await panel.locator('[data-key=expand]').click();
  await panel.locator('.slider').waitFor();
  await settle(view);
  return walkFrames(page, sliderStep);
}

async function finishRuns({page, panel}, {stack, experimentId, runCount}) {
  await panel.locator('[data-key=back]').click();
  const times = [];
  for (let index = 1; index <= LIVE_RUNS; index++) {
    const {run} = await stack.rest('runs/create', {experiment_id: experimentId, run_name: `late-${index}`, start_time: Date.now()});
    const run_id = run.info.run_id, parameters = 3e8 * 1.1 ** index, tokens = 20 * parameters;
    await stack.rest('runs/log-batch', {run_id, params: [{key: 'n_params', value: String(parameters)}, {key: 'tokens', value: String(tokens)}],
      metrics: [{key: 'val/loss', value: 1.7 + 400 / parameters ** 0.34 + 1200 / tokens ** 0.35, timestamp: Date.now(), step: 1}]});
    const shown = page.evaluate(async (count) => {
      const counted = (root) => Number(root.querySelector('[data-key=run-count]').textContent.replace(/\D/g, ''));
      await painted((root) => counted(root) === count);
      return Date.now();
    }, runCount + index);
    const start = Date.now();
    await stack.rest('runs/update', {run_id, status: 'FINISHED', end_time: start});
    times.push(await shown - start);
  }
  return times;
}
