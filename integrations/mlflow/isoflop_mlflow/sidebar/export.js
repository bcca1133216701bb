/** The list under Export: the runs as CSV, the law as JSON, each chart in sight as SVG. */

import {element} from './element.js';
import {Paint} from './paint.js';
import {lawText, runsInFull} from './requests.js';
import {SvgContext} from './svg_context.js';
import {TAB_WORDS} from './tab_words.js';

const COLUMNS = ['run_id', 'run_name', 'parameter_count', 'token_count', 'training_flops', 'loss_nats_per_token', 'log_residual'];
const LABEL_PX = 11;

/** RFC 4180. */
const cell = (value) => /[",\r\n]/.test(value ?? '') ? `"${value.replaceAll('"', '""')}"` : String(value ?? '');

/** @param {Array<Object>} runs */
export const runsCsv = (runs) => `${[COLUMNS, ...runs.map((run) => COLUMNS.map((name) => run[name]))].map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`;

/** @param {import('./chart.js').Chart} chart */
export function chartSvg(chart) {
  const {plot, axes, title, draw, color} = chart.picture(), context = new SvgContext(plot.ctx), {bbox} = plot;
  const {width, height} = plot.ctx.canvas;
  const paint = new Paint({ctx: context, bbox, scales: plot.scales, valToPos: (...at) => plot.valToPos(...at)}, color);
  context.fillStyle = color('--bg');
  context.fillRect(0, 0, width, height);
  const ends = {x: [bbox.top, bbox.top + bbox.height], y: [bbox.left, bbox.left + bbox.width]};
  for (const tick of axes.xTicks) {
    const x = paint.x(tick);
    gridLine(context, color, [x, ends.x[0]], [x, ends.x[1]], paint.ratio);
    paint.label(axes.xText(tick), x, ends.x[1] + 14 * paint.ratio, {patch: false, font: `${LABEL_PX}px`});
  }
  for (const tick of axes.yTicks) {
    const y = paint.y(tick);
    gridLine(context, color, [ends.y[0], y], [ends.y[1], y], paint.ratio);
    paint.label(axes.yText(tick), ends.y[0] - 4 * paint.ratio, y, {patch: false, font: `${LABEL_PX}px`, align: 'right'});
  }
  draw(paint);
  return context.document(width, height, title);
}

function gridLine(context, color, [x0, y0], [x1, y1], ratio) {
  context.strokeStyle = color('--line');
  context.lineWidth = ratio;
  context.beginPath();
  context.moveTo(x0, y0);
  context.lineTo(x1, y1);
  context.stroke();
}

/** @param {string} name @param {string} type @param {string} text */
function download(name, type, text) {
  const address = URL.createObjectURL(new Blob([text], {type}));
  element('a', {href: address, download: name}).click();
  setTimeout(() => URL.revokeObjectURL(address));
}

/**
 * @param {Object} page @param {Map<string, import('./chart.js').Chart>} charts Those in sight.
 * @param {import('./model.js').Model} model
 * @param {function(string): void} done Called with what to tell the reader.
 */
export function exportList(page, charts, model, done) {
  const stem = `isoflop-${page.study.id}-law-${page.version}`;
  const line = (key, words, make) => {
    const button = element('button', {type: 'button', class: 'choice', 'data-key': `export-${key}`}, words);
    button.addEventListener('click', async () => {
      try {
        await make();
        done(TAB_WORDS.exported);
      } catch {
        done(TAB_WORDS.notExported);
      }
    });
    return element('li', {}, button);
  };
  return element('div', {class: 'list', role: 'dialog', 'aria-label': TAB_WORDS.export, 'data-keep': true}, element('ul', {},
    line('csv', TAB_WORDS.exportRuns, async () => download(`${stem}-runs.csv`, 'text/csv', runsCsv(await runsInFull(model)))),
    line('json', TAB_WORDS.exportLaw, async () => download(`${stem}.json`, 'application/json', await lawText(model))),
    [...charts].map(([name, chart]) => line(name, TAB_WORDS.exportChart(chart.picture().title), () => download(`${stem}-${name}.svg`, 'image/svg+xml', chartSvg(chart))))));
}
