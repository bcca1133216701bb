/** Figures that only the tabs write, and all of figures.js. */

import {decimals, leadingPlace, NBSP, significant, times} from './figures.js';

export * from './figures.js';

/** A log ratio as a signed percentage of what the law says: one decimal, below 1 % two digits. @param {number} logRatio */
export function offLaw(logRatio) {
  const percent = Math.expm1(logRatio) * 100;
  const text = decimals(percent, percent && Math.abs(percent) < 0.95 ? Math.max(-4, leadingPlace(percent, 2) - 1) : -1);
  return `${percent > 0 && /[1-9]/.test(text) ? '+' : ''}${text}${NBSP}%`;
}

/** One decimal and its sign. @param {number} value */
export const signed = (value) => `${value > 0 ? '+' : ''}${decimals(value, -1)}`;

/** How many times, below 1 as its inverse: 0.01 is `1/100`. @param {number} factor */
export const share = (factor) => factor < 0.995 ? `1/${times(1 / factor).slice(0, -1)}` : times(factor);

/** One loss value, as a run logged it. @param {number} value */
export const loss = (value) => significant(value, 4);

/** A length of time in its two greatest units: `1 d 2 h`. @param {number} seconds */
export function span(seconds) {
  const minutes = Math.max(1, Math.round(seconds / 60)), hours = Math.round(seconds / 3600);
  if (minutes < 60) return `${minutes}${NBSP}min`;
  if (hours < 24) return `${hours}${NBSP}h`;
  return `${Math.floor(hours / 24)}${NBSP}d${hours % 24 ? ` ${hours % 24}${NBSP}h` : ''}`;
}

/** Names over 28 characters keep both ends, where runs of a sweep differ. @param {string} name */
export function shortName(name) {
  return name.length <= 28 ? name : `${name.slice(0, 14)}…${name.slice(-13)}`;
}
