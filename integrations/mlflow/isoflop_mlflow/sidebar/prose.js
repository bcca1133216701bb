/** Sentences of the server's in the page's spelling. */

import {count, NBSP} from './figures.js';

const MINUS = '\u2212';

/** Counts with their letter, real minus signs, no break before a per cent sign. @param {string} text */
export const prose = (text) => text.replace(/\d[\d.]*e\+(0[6-9]|1[0-4])/g, (digits) => count(Number(digits))).replace(/e\+(?=\d)/g, 'e')
  .replace(/(^|[\s[(])-(?=\d)/g, `$1${MINUS}`).replace(/ %/g, `${NBSP}%`);
