/** Budgets in device time, such as `500 H100 hours` or `256 GPUs for 30 days`, where a study's settings say how fast one device is. */

import {parseBudget} from './figures.js';
import {readNumber} from './settings.js';

const SECONDS = {hour: 3600, day: 86400, week: 604800, month: 2629746};  // A month: a twelfth of a Gregorian year.
/** A number, a device by any name, and `hours` or `for`, a number, `hours`. */
const DEVICE_TIME = /^([\d.,_e+]+)\s*(?:(?!for\b)[a-z][a-z0-9]*[\s-]+)+(?:for\s+([\d.,_e+]+)\s*)?(hour|day|week|month)s?$/i;

/** Seconds of one device. @param {string} text @returns {?number} Null where it is no device time. */
export function parseDeviceTime(text) {
  const [, count, number = '1', unit] = DEVICE_TIME.exec(text.trim()) ?? [];
  const devices = parseBudget(count ?? ''), time = parseBudget(number);
  return devices === null || time === null ? null : devices * time * SECONDS[unit.toLowerCase()];
}

/** What one device does in a second, in FLOP, as the settings say; null where they do not. @param {Object<string, string>} settings */
export function deviceRate(settings) {
  const rate = readNumber('gpu_flops_per_sec', settings.gpu_flops_per_sec ?? '');
  return rate && rate * (readNumber('utilisation', settings.utilisation ?? '') ?? 1);
}
