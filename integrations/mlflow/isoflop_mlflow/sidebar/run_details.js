/** What is read of the runs that a page draws: names, ids, and figures with all digits. Asked for when the first of them is pointed at. */

import {runsInFull} from './requests.js';

export class RunDetails {
  #model;
  #runs = null;
  #byKey = new Map();
  #loading = null;

  /** @param {function(): import('./model.js').Model} model */
  constructor(model) {
    this.#model = model;
  }

  /** @param {Object} page @param {string} key Of a drawn run. @returns {?Object} null while it is not here */
  of(page, key) {
    return this.#runs === page.runs && this.#byKey.get(key) || null;
  }

  /** Resolves when they are here, or are not to be had. @param {Object} page */
  load(page) {
    if (this.#runs !== page.runs) {
      this.#runs = page.runs;
      this.#byKey = new Map();
      this.#loading = this.#take(page.runs).catch(() => { this.#runs = null; });
    }
    return this.#loading;
  }

  async #take(drawn) {
    const length = Math.max(...drawn.map(({run_key: key}) => key.length)), runs = await runsInFull(this.#model(), {drawn: true});
    if (this.#runs === drawn) this.#byKey = new Map(runs.map((run) => [run.run_id.slice(0, length), run]));
  }
}
