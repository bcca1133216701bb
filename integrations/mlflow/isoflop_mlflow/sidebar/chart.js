/**
 * The frame of every chart: heading, legend, canvas and text twin. What differs between charts is their subject. Hover card, keys and table come with
 * chart_reader.js, which is loaded once the charts stand.
 *
 * @typedef {Object} Subject
 * @property {string} name For the element's key.
 * @property {string} title
 * @property {function(Object): [string, string]} aside What stands at the right of the heading, and its tip.
 * @property {function(): [string, string]} caption The x axis' name and tip.
 * @property {function(): string} yTip
 * @property {number} yWidth Room for the labels of the y axis, in px.
 * @property {{narrow: number, wide: number}} height In px.
 * @property {function(Object): Array<[string, string, string]>} legend Of a page: mark, words, tip.
 * @property {function(Object): {x: number[], y: number[], xTicks: number[], yTicks: number[], xText: function, yText: function, yLog: boolean}} axes
 * @property {function(import('./paint.js').Paint, Object, boolean): void} draw
 * @property {function(Object): string} sentence
 * @property {boolean=} onlyRuns It shows the same whatever is advised.
 * @property {string=} help What keys do; runs are walked by default.
 */

import {element} from './element.js';
import {Paint} from './paint.js';
import {explain, figure, placeTabStops} from './tip.js';
import {WORDS} from './words.js';

const LABEL_PX = 11;

let Plot = null;

/** Loads the plotting library, without which charts stay blank. */
export async function loadPlot() {
  Plot ??= (await import('./vendor/uPlot/uPlot.esm.js')).default;
}

export class Chart {
  #subject;
  #wide = false;
  #axes = null;
  #written = '';
  #resize;
  /** By token, as the theme has them: charts are drawn anew for each step of the slider. */
  #colors = {};
  plot = null;
  page = null;
  /** @type {?import('./chart_reader.js').ChartReader} */
  reader = null;

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
    this.caption = element('p', {class: 'caption'});
    this.plotBox = element('div', {class: 'plot', 'data-figures': true}, this.canvas, this.card, this.caption);
    this.node = element('section', {class: 'part chart', 'data-key': `part-${subject.name}`, 'data-keep': true},
      element('div', {class: 'heading', 'data-figures': true}, element('h3', {}, subject.title), this.aside), this.legend, this.plotBox, this.table,
      this.voice, this.toggle);
    this.#resize = new ResizeObserver(() => requestAnimationFrame(() => this.fit()));
    this.#resize.observe(this.canvas);
  }

  get subject() { return this.#subject; }

  /** @param {Object} page @param {boolean} wide Of the full page. */
  update(page, wide) {
    const resized = wide !== this.#wide;
    this.page = page;
    this.#wide = wide;
    this.#axes = this.#subject.axes(page);
    this.canvas.setAttribute('aria-label', `${this.#subject.sentence(page)} ${this.#subject.help ?? explain('charts.help')}`);
    this.#write(this.#subject.legend(page), this.#subject.caption(), this.#subject.aside(page));
    this.reader?.renew();
    if (this.canvas.isConnected) this.#draw();
    if (resized) this.fit();
  }

  /** What stands around the plot. Charts follow the slider, which changes none of it. */
  #write(legend, caption, aside) {
    const written = JSON.stringify([legend, caption, aside]);
    if (written === this.#written) return;
    this.#written = written;
    this.legend.replaceChildren(...legend.map(([mark, words, tip]) => {
      const item = figure(words, tip);
      item.prepend(element('span', {class: `mark ${mark}`, 'aria-hidden': 'true'}));
      return item;
    }));
    this.caption.replaceChildren(figure(...caption));
    this.aside.replaceChildren(figure(...aside, {class: 'muted'}));
    placeTabStops(this.node);
  }

  /** What an export needs of a chart that is drawn. */
  picture() {
    return {plot: this.plot, axes: this.#axes, title: this.#subject.title, color: this.#color, draw: (paint) => this.#subject.draw(paint, this.page, this.#wide)};
  }

  /** Colours have changed. */
  redraw() {
    this.#colors = {};
    this.plot?.redraw(false, true);
  }

  destroy() {
    this.#resize.disconnect();
    this.plot?.destroy();
  }

  #height() {
    return this.#wide ? this.#subject.height.wide : this.#subject.height.narrow;
  }

  /** Makes the plot as large as its place. */
  fit() {
    if (!this.page || !this.canvas.isConnected || !this.canvas.clientWidth) return;
    if (!this.plot) this.#draw();
    else if (this.plot.width !== this.canvas.clientWidth || this.plot.height !== this.#height()) {
      this.plot.setSize({width: this.canvas.clientWidth, height: this.#height()});
    }
  }

  #draw() {
    const data = [this.#axes.x, this.#axes.y];
    if (this.plot) {
      this.plot.setData(data);
    } else {
      const width = this.canvas.clientWidth;
      if (!width || !Plot) return;
      this.plot = new Plot(this.#options(width), data, this.canvas);
    }
    // uPlot's boxes over the axes are where the pointer finds out what an axis is.
    const [below, left] = this.canvas.querySelectorAll('.u-axis');
    below.setAttribute('aria-description', this.#subject.caption()[1]);
    left.setAttribute('aria-description', this.#subject.yTip());
  }

  #color = (token) => this.#colors[token] ??= getComputedStyle(this.node).getPropertyValue(token).trim();

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
    this.#subject.draw(paint, this.page, this.#wide);
    for (const mark of this.reader?.ringed() ?? []) paint.ring(mark.x, mark.y);
    plot.ctx.restore();
  }
}
