/**
 * What the charts need of a canvas' drawing context, writing SVG: a chart exported is the chart that is seen. Text is measured by a real
 * context.
 */

const escaped = (text) => String(text).replace(/[&<>"]/g, (letter) => ({'&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;'})[letter]);
const place = (number) => Number(number.toFixed(2));
const ANCHORS = {left: 'start', right: 'end', center: 'middle'};

export class SvgContext {
  #parts = [];
  #path = '';
  #states = [];
  #dash = [];
  #clips = 0;
  #groups = 0;
  strokeStyle = '#000';
  fillStyle = '#000';
  lineWidth = 1;
  lineCap = 'butt';
  lineJoin = 'miter';
  globalAlpha = 1;
  font = '10px sans-serif';
  textAlign = 'left';

  /** @param {CanvasRenderingContext2D} ruler */
  constructor(ruler) {
    this.ruler = ruler;
  }

  /** @param {number} width @param {number} height @param {string} title */
  document(width, height, title) {
    return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">` +
      `<title>${escaped(title)}</title>\n${this.#parts.join('\n')}\n</svg>\n`;
  }

  save() {
    const {strokeStyle, fillStyle, lineWidth, lineCap, lineJoin, globalAlpha, font, textAlign} = this;
    this.#states.push([{strokeStyle, fillStyle, lineWidth, lineCap, lineJoin, globalAlpha, font, textAlign}, this.#dash, this.#groups]);
    this.#groups = 0;
  }

  restore() {
    for (; this.#groups > 0; this.#groups--) this.#parts.push('</g>');
    const [state, dash, groups] = this.#states.pop();
    Object.assign(this, state);
    this.#dash = dash;
    this.#groups = groups;
  }

  beginPath() { this.#path = ''; }
  moveTo(x, y) { this.#path += `M${place(x)} ${place(y)}`; }
  lineTo(x, y) { this.#path += `L${place(x)} ${place(y)}`; }
  closePath() { this.#path += 'Z'; }
  rect(x, y, width, height) { this.#path += `M${place(x)} ${place(y)}h${place(width)}v${place(height)}h${place(-width)}Z`; }
  /** Whole circles only. */
  arc(x, y, radius) { this.#path += `M${place(x - radius)} ${place(y)}a${radius} ${radius} 0 1 0 ${2 * radius} 0a${radius} ${radius} 0 1 0 ${-2 * radius} 0`; }
  setLineDash(dash) { this.#dash = dash; }

  clip() {
    const id = `clip${++this.#clips}`;
    this.#parts.push(`<clipPath id="${id}"><path d="${this.#path}"/></clipPath>`, `<g clip-path="url(#${id})">`);
    this.#groups++;
  }

  stroke() {
    const dash = this.#dash.length ? ` stroke-dasharray="${this.#dash.join(' ')}"` : '';
    this.#parts.push(`<path d="${this.#path}" fill="none" stroke="${escaped(this.strokeStyle)}" stroke-width="${place(this.lineWidth)}"` +
      ` stroke-linecap="${this.lineCap}" stroke-linejoin="${this.lineJoin}"${dash}/>`);
  }

  fill() { this.#parts.push(`<path d="${this.#path}" fill="${escaped(this.fillStyle)}"/>`); }

  fillRect(x, y, width, height) {
    this.#parts.push(`<rect x="${place(x)}" y="${place(y)}" width="${place(width)}" height="${place(height)}" fill="${escaped(this.fillStyle)}"` +
      ` fill-opacity="${this.globalAlpha}"/>`);
  }

  measureText(text) {
    this.ruler.font = this.font;
    return this.ruler.measureText(text);
  }

  fillText(text, x, y) {
    this.#parts.push(`<text x="${place(x)}" y="${place(y)}" fill="${escaped(this.fillStyle)}" text-anchor="${ANCHORS[this.textAlign]}"` +
      ` dominant-baseline="central" style="font:${escaped(this.font)}">${escaped(text)}</text>`);
  }
}
