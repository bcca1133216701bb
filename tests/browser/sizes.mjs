/** What the first opening of the panel loads, and what it may weigh: kB of 1,000 bytes, as they cross the wire. */
import {get} from 'node:http';

/** The first pattern that fits says what a file counts for. */
export const FILES = [
  ['boot script', 3, /\/boot\.js/],
  ['uPlot, first opening', 22, /uPlot[^/]*\.js/],
  ['panel script, first opening', 16, /\.js/],
  ['styles, first opening', 3, /\.css/],
];

/** What documents may weigh: the panel of up to 234 runs, and each that comes with a tab. */
export const DOCUMENT_KB = {panel: 12, tab: 4};

/** Bytes of the body that a browser is sent. @param {string} url @param {Object<string, string>} headers @returns {Promise<number>} */
export function wireBytes(url, headers = {}) {
  return new Promise((done, fail) => get(url, {headers: {...headers, 'Accept-Encoding': 'gzip'}}, (response) => {
    let bytes = 0;
    response.on('data', (chunk) => { bytes += chunk.length; });
    response.on('end', () => response.statusCode === 200 ? done(bytes) : fail(new Error(`${url}: ${response.statusCode}`)));
    response.on('error', fail);
  }).on('error', fail));
}

/** @param {string[]} urls Of the boot script and all that is loaded on opening. @returns {Promise<Array<{name: string, budget: number, kilobytes: number}>>} */
export async function weighFiles(urls) {
  return Promise.all(FILES.map(async ([name, budget]) => {
    const files = urls.filter((url) => FILES.find(([, , pattern]) => pattern.test(url))?.[0] === name);
    const sizes = await Promise.all(files.map((url) => wireBytes(url)));
    return {name, budget, kilobytes: sizes.reduce((sum, size) => sum + size, 0) / 1000};
  }));
}
