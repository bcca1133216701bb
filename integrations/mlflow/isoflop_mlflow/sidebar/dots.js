/**
 * Thousands of dots as one picture: each pixel is worked out here, as the canvas would lay one dot over the other. A canvas takes five times as long, and the
 * charts are drawn anew for each step of the slider.
 */

import {drawDot} from './paint.js';

const sheet = document.createElement('canvas');
const stamps = new Map();
let image = new ImageData(1, 1);

/** The pixels of a dot, those that it leaves bare left out. @param {string} color @param {number} radius In pixels. */
function stampOf(color, radius) {
  const key = `${color} ${radius}`, half = Math.ceil(radius), size = 2 * half;
  if (stamps.has(key)) return stamps.get(key);
  sheet.width = sheet.height = size;
  const context = sheet.getContext('2d');
  drawDot(context, color, half, half, radius);
  const pixels = new Uint32Array(context.getImageData(0, 0, size, size).data.buffer), ink = pixels[half * size + half] & 0xffffff;
  const stamp = {half, size, ink, dots: Array.from(pixels, (pixel, at) => [at % size, at / size | 0, pixel >>> 24]).filter(([, , opacity]) => opacity)};
  stamps.set(key, stamp);
  return stamp;
}

/**
 * @param {Array<[number, number]>} points @param {function(number): number} toX @param {function(number): number} toY From units to pixels of the picture.
 * @param {{color: string, radius: number, width: number, height: number}} style In pixels. @returns {HTMLCanvasElement} to be used before the next call
 */
export function dotPicture(points, toX, toY, {color, radius, width, height}) {
  const {half, size, ink, dots} = stampOf(color, radius), places = dots.map(([x, y]) => y * width + x), opacities = dots.map(([, , opacity]) => opacity);
  if (image.width !== width || image.height !== height) image = new ImageData(width, height);
  const pixels = new Uint32Array(image.data.buffer).fill(0);
  for (const [x, y] of points) {
    const left = Math.round(toX(x)) - half, top = Math.round(toY(y)) - half, inside = left >= 0 && top >= 0 && left + size <= width && top + size <= height;
    for (let at = 0; at < places.length; at++) {
      if (!inside && (left + dots[at][0] < 0 || left + dots[at][0] >= width || top + dots[at][1] < 0 || top + dots[at][1] >= height)) continue;
      const place = top * width + left + places[at], under = pixels[place] >>> 24;
      const added = opacities[at] * (255 - under);
      pixels[place] = under + (added + 1 + (added >> 8) >> 8) << 24 | ink;  // A 255th of what is added, without a division.
    }
  }
  sheet.width = width;
  sheet.height = height;
  sheet.getContext('2d').putImageData(image, 0, 0);
  return sheet;
}
