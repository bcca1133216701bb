/** Marks of the charts, in the theme's colours, on the canvas that uPlot owns. Points are in the units of the axes. */

let dotPicture = null;

/** Brings what draws many dots fast (dots.js). @param {typeof import('./dots.js').dotPicture} draw */
export function takeDotPicture(draw) {
  dotPicture = draw;
}

/** @param {CanvasRenderingContext2D} context */
export function drawDot(context, color, x, y, radius) {
  context.fillStyle = color;
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fill();
}

export class Paint {
  /** @param {import('./vendor/uPlot/uPlot.esm.js').default} plot @param {function(string): string} color By token name. */
  constructor(plot, color) {
    this.plot = plot;
    this.color = color;
    this.context = plot.ctx;
    this.ratio = devicePixelRatio;
    this.box = plot.bbox;
  }

  /** Draws inside the axes only. @param {function(): void} draw */
  clipped(draw) {
    const {left, top, width, height} = this.box;
    this.context.save();
    this.context.beginPath();
    this.context.rect(left, top, width, height);
    this.context.clip();
    draw();
    this.context.restore();
  }

  x(value) { return this.plot.valToPos(value, 'x', true); }
  y(value) { return this.plot.valToPos(value, 'y', true); }

  #trace(points) {
    this.context.beginPath();
    points.forEach(([x, y], index) => this.context[index ? 'lineTo' : 'moveTo'](this.x(x), this.y(y)));
  }

  /** @param {Array<[number, number]>} points @param {{color: string, width?: number, dash?: number[], cap?: string}} style */
  line(points, {color, width = 1, dash = [], cap = 'butt'}) {
    if (points.length < 2) return;
    const context = this.context;
    context.save();
    context.strokeStyle = this.color(color);
    context.lineWidth = width * this.ratio;
    context.lineCap = cap;
    context.lineJoin = 'round';
    context.setLineDash(dash.map((length) => length * this.ratio));
    this.#trace(points);
    context.stroke();
    context.restore();
  }

  /** The area between two lines. */
  band(lower, upper) {
    if (lower.length < 2) return;
    this.context.fillStyle = this.color('--band');
    this.#trace([...lower, ...[...upper].reverse()]);
    this.context.fill();
  }

  /** A rectangle of quiet ground, from its low to its high corner. */
  ground([left, bottom], [right, top]) {
    this.context.fillStyle = this.color('--zone');
    this.context.fillRect(this.x(left), this.y(top), this.x(right) - this.x(left), this.y(bottom) - this.y(top));
  }

  dots(points, radius = 2.2) {
    const {context, box: {left, top, width, height}} = this, color = this.color('--runs'), size = radius * this.ratio;
    if (context.drawImage && dotPicture) {
      context.drawImage(dotPicture(points, (x) => this.x(x) - left, (y) => this.y(y) - top, {color, radius: size, width, height}), left, top);
    } else {  // It writes a drawing, or is the first sight.
      for (const [x, y] of points) drawDot(context, color, this.x(x), this.y(y), size);
    }
  }

  /** With a rim of the ground, so that it stands out from lines and dots. */
  diamond(x, y, size = 6.5) {
    const context = this.context, half = size * this.ratio, cx = this.x(x), cy = this.y(y);
    context.save();
    context.beginPath();
    context.moveTo(cx, cy - half);
    context.lineTo(cx + half, cy);
    context.lineTo(cx, cy + half);
    context.lineTo(cx - half, cy);
    context.closePath();
    context.strokeStyle = this.color('--bg');
    context.lineWidth = 3 * this.ratio;
    context.stroke();
    context.fillStyle = this.color('--ink');
    context.fill();
    context.restore();
  }

  ring(x, y) {
    const context = this.context;
    context.beginPath();
    context.arc(this.x(x), this.y(y), 5 * this.ratio, 0, 2 * Math.PI);
    context.strokeStyle = this.color('--ink');
    context.lineWidth = 2 * this.ratio;
    context.stroke();
  }

  /** Half a label's width and height on the canvas. */
  labelSize(text, font = '11px') {
    this.context.font = this.#font(font);
    return [this.context.measureText(text).width / 2, 7 * this.ratio];
  }

  /** A label centred at a place of the canvas, on a patch of the ground. */
  label(text, px, py, {color = '--text2', font = '11px', patch = true, align = 'center'} = {}) {
    const context = this.context, [half, height] = this.labelSize(text, font);
    context.save();
    if (patch) {
      context.fillStyle = this.color('--bg');
      context.globalAlpha = 0.8;
      const left = align === 'center' ? px - half : align === 'right' ? px - 2 * half : px;
      context.fillRect(left - 2 * this.ratio, py - height, 2 * half + 4 * this.ratio, 2 * height);
      context.globalAlpha = 1;
    }
    context.font = this.#font(font);
    context.fillStyle = this.color(color);
    context.textAlign = align;
    context.textBaseline = 'middle';
    context.fillText(text, px, py);
    context.restore();
  }

  #font(font) {
    return `${font.replace(/([\d.]+)px/, (_, size) => `${size * this.ratio}px`)} ${this.color('--font')}`;
  }
}
