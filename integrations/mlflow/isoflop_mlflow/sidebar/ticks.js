/** Where axes have ticks. All axes are in true log or linear units, never in logs of values. */

import {count} from './figures.js';

/** Powers of ten inside [low, high]; with `between`, also those multiples of each power. */
function powers(low, high, between = [1]) {
  const ticks = [];
  for (let exponent = Math.floor(Math.log10(low)); exponent <= Math.ceil(Math.log10(high)); exponent++) {
    for (const multiple of between) {
      const value = Number(`${multiple}e${exponent}`);
      if (value >= low && value <= high) ticks.push(value);
    }
  }
  return ticks;
}

/** The share of an axis at its end where a label would be cut off. */
const EDGE = 0.02;

/** A tick a decade where three or more fit, else 1-3, else 1-2-5; thinned so that labels do not touch. */
export function decadeTicks(low, high, room = 8) {
  const choice = [[1], [1, 3], [1, 2, 5]].map((between) => powers(low, high, between));
  const ticks = choice.find((found) => found.length >= 3) ?? choice[2];
  const every = Math.ceil(ticks.length / room);
  const last = high / (high / low) ** EDGE;
  return ticks.filter((tick, index) => index % every === 0 && tick <= last);
}

/** Ticks at 1, 2 and 5 times powers of ten, for an axis of a decade or two. */
export function sizeTicks(low, high, room = 6) {
  const ticks = powers(low, high, [1, 2, 5]);
  return ticks.length <= room ? ticks : decadeTicks(low, high, room);
}

/** A round count on an axis: `1 B`. */
export const countTick = (value) => count(value).replace(/\.0(?=\D)/, '');

/** Round steps (1, 2, 2.5 or 5 times a power of ten) that put three to six ticks into [low, high]. */
export function roundTicks(low, high) {
  const rough = (high - low) / 5, power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((multiple) => multiple * power).find((size) => size >= rough * 0.999);
  const ticks = [];
  for (let index = Math.ceil(low / step - 1e-9); index * step <= high * (1 + 1e-12); index++) ticks.push(Number((index * step).toPrecision(12)));
  return ticks;
}

/** Writes with as many decimals as the step between the ticks needs, one at least. @param {number[]} ticks */
export function tickText(ticks) {
  const step = ticks.length > 1 ? ticks[1] - ticks[0] : 1;
  const places = Math.max(1, -Math.floor(Math.log10(step) + 1e-9) + (/[1-9]5/.test(step.toPrecision(3)) ? 1 : 0));
  return (value) => value.toFixed(places);
}

/** [least, greatest] of the values, or null without any. @param {Iterable<number>} values */
export function spanOf(values) {
  let low = Infinity, high = -Infinity;
  for (const value of values) {
    if (value === null || value === undefined || !Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return low <= high ? [low, high] : null;
}
