/**
 * The frame of every chart: heading, legend, canvas, hover card, keys, text twin and table. What differs between charts is their subject.
 *
 * @typedef {Object} Mark Something on the chart that can be pointed at.
 * @property {number} x @property {number} y In the units of the axes.
 * @property {'run'|'next'|'line'} kind
 * @property {string} title @property {string[]} lines
 * @property {?string} runId
 *
 * @typedef {Object} Subject
 * @property {string} name For the element's key.
 * @property {string} title
 * @property {function(Object): [string, string]} aside What stands at the right of the heading, and its tip.
 * @property {[string, string]} caption The x axis' name and tip.
 * @property {string} yTip
 * @property {number} yWidth Room for the labels of the y axis, in px.
 * @property {{narrow: number, wide: number}} height In px.
 * @property {function(Object): Array<[string, string, string]>} legend Of a page: mark, words, tip.
 * @property {function(Object): {x: number[], y: number[], xTicks: number[], yTicks: number[], xText: function, yText: function, yLog: boolean}} axes
 * @property {function(import('./paint.js').Paint, Object, boolean): void} draw
 * @property {function(Object): Mark[]} marks
 * @property {function(Object): string} sentence
 * @property {string=} help What keys do; runs are walked by default.
 * @property {function(Object): {columns: string[], rows: Array<Array<string|Node>>}} table
 */

import {element} from './element.js';
import {Paint} from './paint.js';
import {figure, placeTabStops} from './tip.js';
import {openRun} from './runs.js';
import {SENTENCES, WORDS} from './words.js';
import uPlot from './vendor/uPlot/uPlot.esm.js';

const REACH_PX = 12;
const LABEL_PX = 11;
const ROWS_A_FRAME = 1000;

export class Chart {
  #subject;
  #plot = null;
  #page = null;
  #allRuns = null;
  #wide = false;
  #axes = null;
  #marks = [];
  #ringed = null;
  #resize;

  /** @param {Subject} subject */
  constructor(subject) {
    this.#subject = subject;
    this.legend = element('div', {class: 'legend', 'data-figures': true});
    this.aside = element('div');
    this.canvas = element('div', {class: 'canvas', tabindex: '0', role: 'application', 'aria-roledescription': 'chart', 'data-key': `chart-${subject.name}`});
    this.card = element('div', {class: 'hover-card', hidden: true});
    this.voice = element('p', {class: 'unseen', 'aria-live': 'polite'});
    this.table = element('div', {class: 'table-box', hidden: true, tabindex: '0', role: 'region', 'aria-label': subject.title});
    this.toggle = element('button', {type: 'button', class: 'link table-toggle'}, WORDS.showTable);
    this.plotBox = element('div', {class: 'plot', 'data-figures': true}, this.canvas, this.card,
      element('p', {class: 'caption'}, figure(...subject.caption)));
    this.node = element('section', {class: 'part chart', 'data-key': `part-${subject.name}`, 'data-keep': true},
      element('div', {class: 'heading', 'data-figures': true}, element('h3', {}, subject.title), this.aside), this.legend, this.plotBox, this.table,
      this.voice, this.toggle);
    this.#listen();
    this.#resize = new ResizeObserver(() => requestAnimationFrame(() => this.#fit()));
    this.#resize.observe(this.canvas);
  }

  /** @param {Object} page @param {boolean} wide Of the full page. @param {function(): Promise<Array<Object>>} allRuns */
  update(page, wide, allRuns) {
    this.#page = page;
    this.#allRuns = allRuns;
    this.#wide = wide;
    this.#axes = this.#subject.axes(page);
    this.#marks = this.#subject.marks(page);
    this.#ringed = null;
    this.card.hidden = true;
    this.canvas.setAttribute('aria-label', `${this.#subject.sentence(page)} ${this.#subject.help ?? SENTENCES.chartHelp}`);
    this.legend.replaceChildren(...this.#subject.legend(page).map(([mark, words, tip]) => {
      const item = figure(words, tip);
      item.prepend(element('span', {class: `mark ${mark}`, 'aria-hidden': 'true'}));
      return item;
    }));
    this.aside.replaceChildren(figure(...this.#subject.aside(page), {class: 'muted'}));
    placeTabStops(this.node);
    if (!this.table.hidden) this.#fillTable();
    if (this.canvas.isConnected) this.#draw();
  }

  /** What an export needs of a chart that is drawn. */
  picture() {
    return {plot: this.#plot, axes: this.#axes, title: this.#subject.title, color: this.#color, draw: (paint) => this.#subject.draw(paint, this.#page, this.#wide)};
  }

  /** Colours have changed. */
  redraw() {
    this.#plot?.redraw(false, true);
  }

  destroy() {
    this.#resize.disconnect();
    this.#plot?.destroy();
  }

  #height() {
    return this.#wide ? this.#subject.height.wide : this.#subject.height.narrow;
  }

  #fit() {
    if (!this.#page || !this.canvas.isConnected || !this.canvas.clientWidth) return;
    if (!this.#plot) this.#draw();
    else if (this.#plot.width !== this.canvas.clientWidth || this.#plot.height !== this.#height()) {
      this.#plot.setSize({width: this.canvas.clientWidth, height: this.#height()});
    }
  }

  #draw() {
    const width = this.canvas.clientWidth;
    if (!width) return;
    const data = [this.#axes.x, this.#axes.y];
    if (!this.#plot) {
      this.#plot = new uPlot(this.#options(width), data, this.canvas);
      // uPlot's boxes over the axes are where the pointer finds out what an axis is.
      const [below, left] = this.canvas.querySelectorAll('.u-axis');
      below.setAttribute('aria-description', this.#subject.caption[1]);
      left.setAttribute('aria-description', this.#subject.yTip);
      return;
    }
    this.#plot.setData(data);
    this.#fit();
  }

  #color = (token) => getComputedStyle(this.node).getPropertyValue(token).trim();

  #options(width) {
    const axis = (side, ticks, text, size, gap) => ({
      side, size, gap, font: `${LABEL_PX}px ${this.#color('--font')}`, stroke: () => this.#color('--text2'),
      grid: {stroke: () => this.#color('--line'), width: 1}, ticks: {show: false},
      splits: () => this.#axes[ticks], filter: (plot, splits) => splits, values: (plot, splits) => splits.map(this.#axes[text]),
    });
    return {
      width, height: this.#height(), padding: [8, 8, 0, 0], legend: {show: false}, cursor: {show: false},
      scales: {
        x: {time: false, distr: 3, range: () => this.#axes.x},
        y: {distr: this.#axes.yLog ? 3 : 1, range: () => this.#axes.y},
      },
      series: [{}, {show: false, scale: 'y'}],
      axes: [axis(2, 'xTicks', 'xText', 26, 8), axis(3, 'yTicks', 'yText', this.#subject.yWidth, 4)],  // Apart where both start in the corner.
      hooks: {draw: [(plot) => this.#paint(plot)]},
    };
  }

  #paint(plot) {
    const paint = new Paint(plot, this.#color);
    plot.ctx.save();  // uPlot remembers what it set last on the context.
    this.#subject.draw(paint, this.#page, this.#wide);
    const here = this.#page.run_id && this.#marks.find((mark) => mark.runId === this.#page.run_id);
    for (const mark of [here, this.#ringed]) if (mark) paint.ring(mark.x, mark.y);
    plot.ctx.restore();
  }

  #listen() {
    this.canvas.addEventListener('pointermove', (event) => this.#ring(this.#nearest(event), false));
    this.canvas.addEventListener('pointerleave', () => this.#ring(null, false));
    this.canvas.addEventListener('click', (event) => this.#open(this.#nearest(event)));
    this.canvas.addEventListener('blur', () => this.#ring(null, false));
    this.canvas.addEventListener('keydown', (event) => this.#key(event));
    this.toggle.addEventListener('click', () => {
      const asTable = this.table.hidden;
      if (asTable) this.#fillTable();
      this.table.hidden = !asTable;
      this.plotBox.hidden = this.legend.hidden = asTable;
      this.toggle.textContent = asTable ? WORDS.hideTable : WORDS.showTable;
      if (!asTable) this.#fit();
    });
  }

  #key(event) {
    const runs = this.#marks.some(({kind}) => kind === 'run') ? this.#marks.filter(({kind}) => kind === 'run') : this.#marks;
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

  #open(mark) {
    if (mark?.runId) openRun(this.#page.study.id, mark.runId);
  }

  /** Runs first, then the next run, then lines: the nearest within reach. @returns {?Mark} */
  #nearest(event) {
    const over = this.canvas.querySelector('.u-over')?.getBoundingClientRect();
    if (!over || !this.#plot) return null;
    const left = event.clientX - over.left, top = event.clientY - over.top;
    let best = null, bestDistance = Infinity;
    for (const mark of this.#marks) {
      const distance = Math.hypot(this.#plot.valToPos(mark.x, 'x') - left, this.#plot.valToPos(mark.y, 'y') - top);
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
    this.canvas.classList.toggle('on-run', Boolean(mark?.runId));
    this.#plot?.redraw(false);
    this.card.hidden = !mark;
    if (!mark) return;
    this.card.replaceChildren(element('b', {}, mark.title), ...mark.lines.map((line) => element('div', {}, line)));
    this.#placeCard(mark);
    if (aloud) this.voice.textContent = SENTENCES.run(mark.title, mark.lines);
  }

  #placeCard(mark) {
    const over = this.canvas.querySelector('.u-over'), box = this.plotBox;
    const x = over.offsetLeft + this.#plot.valToPos(mark.x, 'x'), y = over.offsetTop + this.#plot.valToPos(mark.y, 'y');
    const {offsetWidth: width, offsetHeight: height} = this.card;
    this.card.style.left = `${Math.max(0, Math.min(x - width / 2, box.clientWidth - width))}px`;
    this.card.style.top = `${y - height - 14 >= -30 ? y - height - 14 : y + 14}px`;
  }

  /** Of all runs, also where only some are drawn; a thousand rows a frame. */
  async #fillTable() {
    const page = this.#page, runs = page.run_selection ? await this.#allRuns().catch(() => page.runs) : page.runs;
    const {columns, rows} = this.#subject.table({...page, runs}), body = element('tbody');
    if (page !== this.#page) return;
    this.table.replaceChildren(element('table', {},
      element('thead', {}, element('tr', {}, columns.map((name, index) => element('th', {scope: 'col', class: index ? 'right' : null}, name)))), body));
    const fill = (from) => {
      body.append(...rows.slice(from, from + ROWS_A_FRAME).map((cells) =>
        element('tr', {}, cells.map((cell, index) => element('td', {class: index ? 'right' : null}, cell)))));
      if (from + ROWS_A_FRAME < rows.length && body.isConnected) requestAnimationFrame(() => fill(from + ROWS_A_FRAME));
    };
    fill(0);
  }
}
