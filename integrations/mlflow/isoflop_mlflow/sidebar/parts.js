/**
 * Documents that a part of the page needs besides the panel's: fetched when first wanted, and again when they may have changed. What is
 * held stays on the page until its successor is here.
 *
 * @typedef {Object} Part
 * @property {?Object} document The newest that came; of an older query or law while `waiting`.
 * @property {boolean} waiting @property {boolean} failed
 */

export class Parts {
  #urlOf;
  #report;
  #entries = new Map();

  /** @param {function(string, Object): URL} urlOf @param {function(Object<string, Part>): void} report Called after each change. */
  constructor(urlOf, report) {
    this.#urlOf = urlOf;
    this.#report = report;
  }

  /** @param {string} route @param {Object} query @param {*} occasion Another one whenever the document may have changed. */
  want(route, query, occasion) {
    const entry = this.#entries.get(route), address = this.#urlOf(route, query).href;
    if (entry?.address !== address || entry.occasion !== occasion) this.#fetch(route, address, occasion, entry);
  }

  stop() {
    for (const {request} of this.#entries.values()) request.abort();
  }

  async #fetch(route, address, occasion, before) {
    before?.request.abort();
    const request = new AbortController();
    const entry = {address, occasion, request, tag: before?.tag, document: before?.document ?? null, waiting: true, failed: false};
    this.#entries.set(route, entry);
    const known = entry.tag ? {'If-None-Match': entry.tag} : {};
    try {
      const response = await fetch(address, {cache: 'no-store', signal: request.signal, headers: known});
      if (response.status !== 304) {
        entry.document = response.ok ? await response.json() : null;
        entry.tag = response.ok ? response.headers.get('ETag') : null;
        entry.failed = !response.ok;
      }
    } catch {
      entry.failed = true;  // The panel's own document tells the reader that nobody answers.
    }
    entry.waiting = false;
    if (!request.signal.aborted) this.#report(Object.fromEntries(this.#entries));
  }
}
