/**
 * How a chart is read: the run under the pointer with its card, keys that walk the runs, and the table.
 *
 * @typedef {Object} Mark Something on the chart that can be pointed at.
 * @property {number} x @property {number} y In the units of the axes.
 * @property {'run'|'next'|'line'} kind
 * @property {string=} key Of a run, which its details say more of.
 * @property {string=} title @property {string[]=} lines Of all else.
 *
 * @typedef {Object} Reading
 * @property {function(Object): Mark[]} marks Of a page.
 * @property {function(Object, function(): Promise<Array<Object>>): {columns: string[], rows: Array<Array<string|Node>>}} table Of a page and all runs, or a
 *   promise of it.
 */

import {element} from './element.js';
import {shortName} from './tab_figures.js';
import {runLines} from './run_marks.js';
import {openRun} from './runs.js';
import {WORDS} from './words.js';
import {TAB_SENTENCES, TAB_WORDS} from './tab_words.js';

const REACH_PX = 12;
const ROWS_A_FRAME = 1000;

export class ChartReader {
  #chart;
  #reading;
  #details;
  #allRuns;
  #marks = null;
  #ringed = null;
  #pointed = null;
  #ringNode = element('div', {class: 'ring', hidden: true});

  /**
   * @param {import('./chart.js').Chart} chart @param {Reading} reading @param {import('./run_details.js').RunDetails} details
   * @param {function(): Promise<Array<Object>>} allRuns
   */
  constructor(chart, reading, details, allRuns) {
    this.#chart = chart;
    this.#reading = reading;
    this.#details = details;
    this.#allRuns = allRuns;
    this.#listen();
    chart.reader = this;
    chart.redraw();
  }

  /** The chart shows another page. */
  renew() {
    this.#marks = this.#ringed = null;
    this.#chart.card.hidden = this.#ringNode.hidden = true;
    if (!this.#chart.table.hidden) this.#fillTable();
  }

  /** What is ringed of the page around: the run that is open, and the one that is pointed at. @returns {Mark[]} */
  ringed() {
    return [this.#chart.page.run_id, this.#pointed].map((runId) => runId && this.#all().find(({key}) => key && runId.startsWith(key))).filter(Boolean);
  }

  /** Rings a run that is pointed at elsewhere; null for none. @param {?string} runId */
  point(runId) {
    this.#pointed = runId;
    this.#chart.plot?.redraw(false);
  }

  /** Made when first pointed at: charts follow the slider. */
  #all() {
    return this.#marks ??= this.#reading.marks(this.#chart.page);
  }

  #listen() {
    this.#chart.canvas.addEventListener('pointermove', (event) => this.#ring(this.#nearest(event), false));
    this.#chart.canvas.addEventListener('pointerleave', () => this.#ring(null, false));
    this.#chart.canvas.addEventListener('click', (event) => this.#open(this.#nearest(event)));
    this.#chart.canvas.addEventListener('blur', () => this.#ring(null, false));
    this.#chart.canvas.addEventListener('keydown', (event) => this.#key(event));
    this.#chart.toggle.addEventListener('click', () => {
      const asTable = this.#chart.table.hidden;
      if (asTable) this.#fillTable();
      this.#chart.table.hidden = !asTable;
      this.#chart.plotBox.hidden = this.#chart.legend.hidden = asTable;
      this.#chart.toggle.textContent = asTable ? TAB_WORDS.hideTable : WORDS.showTable;
      if (!asTable) this.#chart.fit();
    });
  }

  #key(event) {
    const runs = this.#all().some(({kind}) => kind === 'run') ? this.#all().filter(({kind}) => kind === 'run') : this.#all();
    const at = runs.indexOf(this.#ringed);
    const places = {ArrowRight: at + 1, ArrowUp: at + 1, ArrowLeft: at < 0 ? runs.length - 1 : at - 1, ArrowDown: at < 0 ? runs.length - 1 : at - 1,
      Home: 0, End: runs.length - 1};
    if (event.key in places && runs.length) {
      event.preventDefault();
      this.#ring(runs[(places[event.key] + runs.length) % runs.length], true);
    } else if (event.key === 'Enter') {
      this.#open(this.#ringed);
    } else if (event.key === 'Escape' && this.#ringed) {
      event.stopPropagation();
      this.#ring(null, false);
    }
  }

  async #open(mark) {
    if (!mark?.key) return;
    const {page} = this.#chart;
    await this.#details.load(page);
    const run = this.#details.of(page, mark.key);
    if (run) openRun(page.study.id, run.run_id);
  }

  /** What the card says of a mark; null of a run whose details are not here yet. @param {Mark} mark @returns {?{title: string, lines: string[]}} */
  #written(mark) {
    if (!mark.key) return mark;
    const run = this.#details.of(this.#chart.page, mark.key);
    return run && {title: shortName(run.run_name || run.run_id), lines: runLines(run)};
  }

  /** Runs first, then the next run, then lines: the nearest within reach. @returns {?Mark} */
  #nearest(event) {
    const over = this.#chart.canvas.querySelector('.u-over')?.getBoundingClientRect();
    if (!over || !this.#chart.plot) return null;
    const left = event.clientX - over.left, top = event.clientY - over.top;
    let best = null, bestDistance = Infinity;
    for (const mark of this.#all()) {
      const distance = Math.hypot(this.#chart.plot.valToPos(mark.x, 'x') - left, this.#chart.plot.valToPos(mark.y, 'y') - top);
      // The next run lies over the dots, so it wins on its own ground; lines give way to both.
      const reach = mark.kind === 'line' ? REACH_PX / 2 : REACH_PX;
      const weighted = distance + {next: -4, run: 0, line: 6}[mark.kind];
      if (distance <= reach && weighted < bestDistance) [best, bestDistance] = [mark, weighted];
    }
    return best;
  }

  #ring(mark, aloud) {
    if (mark === this.#ringed) return;
    this.#ringed = mark;
    this.#chart.canvas.classList.toggle('on-run', Boolean(mark?.key));
    this.#chart.card.hidden = this.#ringNode.hidden = !mark;
    if (!mark) return;
    this.#placeRing(mark);
    this.#tell(mark, aloud);
    if (!this.#chart.card.hidden) return;
    this.#details.load(this.#chart.page).then(() => {
      if (this.#ringed === mark) this.#tell(mark, aloud);
    });
  }

  #tell(mark, aloud) {
    const written = this.#written(mark), {card, voice} = this.#chart;
    card.hidden = !written;
    if (!written) return;
    card.replaceChildren(element('b', {}, written.title), ...written.lines.map((line) => element('div', {}, line)));
    this.#placeCard(mark);
    if (aloud) voice.textContent = TAB_SENTENCES.run(written.title, written.lines);
  }

  /** Over the plot, which need not be drawn again. */
  #placeRing(mark) {
    const {plot} = this.#chart;
    plot.over.append(this.#ringNode);
    this.#ringNode.style.left = `${plot.valToPos(mark.x, 'x')}px`;
    this.#ringNode.style.top = `${plot.valToPos(mark.y, 'y')}px`;
  }

  #placeCard(mark) {
    const over = this.#chart.canvas.querySelector('.u-over'), box = this.#chart.plotBox;
    const x = over.offsetLeft + this.#chart.plot.valToPos(mark.x, 'x'), y = over.offsetTop + this.#chart.plot.valToPos(mark.y, 'y');
    const {offsetWidth: width, offsetHeight: height} = this.#chart.card;
    this.#chart.card.style.left = `${Math.max(0, Math.min(x - width / 2, box.clientWidth - width))}px`;
    this.#chart.card.style.top = `${y - height - 14 >= -30 ? y - height - 14 : y + 14}px`;
  }

  /** A thousand rows a frame. */
  async #fillTable() {
    const {page, table} = this.#chart, body = element('tbody');
    const found = await Promise.resolve(this.#reading.table(page, this.#allRuns)).catch(() => null);
    if (page !== this.#chart.page) return;
    if (!found) return table.replaceChildren(element('p', {class: 'secondary'}, TAB_WORDS.noRuns));
    const {columns, rows} = found;
    table.replaceChildren(element('table', {},
      element('thead', {}, element('tr', {}, columns.map((name, index) => element('th', {scope: 'col', class: index ? 'right' : null}, name)))), body));
    const fill = (from) => {
      body.append(...rows.slice(from, from + ROWS_A_FRAME).map((cells) =>
        element('tr', {}, cells.map((cell, index) => element('td', {class: index ? 'right' : null}, cell)))));
      if (from + ROWS_A_FRAME < rows.length && body.isConnected) requestAnimationFrame(() => fill(from + ROWS_A_FRAME));
    };
    fill(0);
  }
}
