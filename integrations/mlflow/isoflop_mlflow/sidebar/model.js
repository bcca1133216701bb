/**
 * What the panel knows about one experiment, kept up to date while it is open. Fetches the page document, listens for new versions of the
 * law, and polls with the document's entity tag where the server cannot stream. After `stop` it runs nothing and reports nothing.
 *
 * @typedef {Object} Known
 * @property {'loading'|'here'|'forbidden'|'missing'|'failed'} answer What the server last said about this experiment.
 * @property {?Object} page The newest page document, its tables as rows; kept while offline.
 * @property {'connecting'|'live'|'polling'} updates
 * @property {boolean} offline The advice service cannot be reached.
 * @property {?number} offlineSince In ms.
 * @property {?number} retryTime When the next try is due, in ms.
 * @property {?number} missedRunCount Runs that ended since the service last answered, as far as MLflow says. While offline only.
 * @property {?string} refusal The server's own words about a budget or a failure.
 * @property {number} unkept A version of the law that was asked for and is not kept; 0 if none.
 * @property {Object<string, string>} settings Of the experiment, as MLflow keeps them in tags.
 * @property {Object<string, import('./parts.js').Part>} parts What else was asked for, by route.
 */

import {parseBudget} from './figures.js';
import {rowsOf} from './tables.js';

const POLL_MS = 15000;
const RETRY_MS = 10000;
/** How the tags start that hold settings. */
export const SETTING = 'isoflop.';

export class Model {
  #api;
  #budget;
  #version;
  #report;
  #stopped = false;
  #entityTag = null;
  #request = null;
  #stream = null;
  #timer = null;
  #heardTime = NaN;
  #parts = null;

  /** @type {Known} */
  known = {answer: 'loading', page: null, updates: 'connecting', offline: false, offlineSince: null, retryTime: null,
    missedRunCount: null, refusal: null, unkept: 0, parts: {}, settings: {}};

  /**
   * @param {URL} api Ends in `isoflop/`. @param {string} experimentId @param {?number} budget Null for the server's choice.
   * @param {number} version Of the law; 0 for the newest.
   * @param {function(Known): void} report Called after each change.
   */
  constructor(api, experimentId, budget, version, report) {
    this.#api = api;
    this.experimentId = experimentId;
    this.#budget = budget;
    this.#version = version;
    this.#report = report;
  }

  start() {
    this.#listen();
    this.load();
    this.#readSettings();
  }

  stop() {
    this.#stopped = true;
    this.#request?.abort();
    this.#parts?.stop();
    this.#stream?.close();
    clearTimeout(this.#timer);
  }

  /** Shows a version of the law, or the newest for 0. @param {number} version */
  pin(version) {
    this.#version = version;
    this.load();
  }

  /**
   * What the open tab shows besides the panel document.
   * @param {Object<string, Object>} wanted Query by route. @param {typeof import('./parts.js').Parts} Parts Loaded with what needs them.
   */
  want(wanted, Parts) {
    this.#parts ??= new Parts((route, query) => this.url(route, query), (parts) => this.update({parts}));
    const {page} = this.known, period = Math.floor(Date.now() / POLL_MS);
    // Points of runs under way and plans are no news of the law, so what follows from them is asked for again and again while it is in sight.
    for (const [route, query] of Object.entries(wanted)) this.#parts.want(route, query, /^(forecasts|planned_runs)$/.test(route) ? `${page.version} ${period}` : page);
  }

  /** @param {number} budget */
  setBudget(budget) {
    this.#budget = budget;
    this.#entityTag = null;
    this.load();
  }

  async #readSettings() {
    const found = await this.mlflow(`experiments/get?experiment_id=${encodeURIComponent(this.experimentId)}`);
    const tags = found?.ok ? (await found.json().catch(() => null))?.experiment?.tags ?? [] : [];
    const settings = Object.fromEntries(tags.filter(({key}) => key.startsWith(SETTING)).map(({key, value}) => [key.slice(SETTING.length), value]));
    if (Object.keys(settings).length) this.update({settings});
    if (this.#budget === null && parseBudget(settings.budget_flops ?? '')) this.setBudget(parseBudget(settings.budget_flops));
  }

  /** Calls MLflow itself, with the reader's own credentials. @returns {Promise<?Response>} */
  mlflow(path, body) {
    const post = body && {method: 'POST', headers: {'Content-Type': 'application/json'}, body: JSON.stringify(body)};
    return fetch(new URL(`../mlflow/${path}`, this.#api), {cache: 'no-store', ...post}).catch(() => null);
  }

  /** Fetches the page document. A later call replaces an earlier one, so an answer for another budget is never shown. */
  async load() {
    this.#request?.abort();
    clearTimeout(this.#timer);
    const request = this.#request = new AbortController();
    let status = 503, body = null;
    try {
      const query = this.#budget === null ? {} : {budget: String(this.#budget)};
      const response = await fetch(this.url('panel', query), {
        cache: 'no-store', signal: request.signal, headers: this.#entityTag ? {'If-None-Match': this.#entityTag} : {}});
      body = response.status === 304 ? null : await response.json().catch(() => null);
      status = response.ok && !body ? 503 : response.status;
      if (status === 200) this.#entityTag = response.headers.get('ETag');
      if (status === 200 || status === 304) this.#heardTime = Date.parse(response.headers.get('Date') ?? '');
    } catch {
      // No answer at all: the same to the reader as an advice service that is down.
    }
    if (this.#stopped || request.signal.aborted) return;
    this.#take(status, body);
  }

  #take(status, body) {
    const online = {offline: false, offlineSince: null, retryTime: null, missedRunCount: null, refusal: null};
    if (status === 200) {
      this.update({...online, answer: 'here', page: {...body, runs: rowsOf(body.runs), frontier: rowsOf(body.frontier)}});
    } else if (status === 304) {
      this.update(online);
    } else if (status === 401 || status === 403) {
      this.#stream?.close();
      this.update({...online, answer: 'forbidden', page: null});
      return;
    } else if (status === 404 && this.#version) {
      this.update({unkept: this.#version});
      this.pin(0);
      return;
    } else if (status === 404) {
      this.update({...online, answer: 'missing', page: null});
    } else if (status === 400) {
      this.update({refusal: body?.error?.message ?? null});
    } else if (status === 502 || status === 503 || status === 504) {
      this.#goOffline();
      return;
    } else {
      this.update({...online, answer: this.known.page ? 'here' : 'failed', refusal: body?.error?.message ?? `HTTP ${status}`});
    }
    if (this.known.updates === 'polling') this.#again(POLL_MS);
  }

  #goOffline() {
    const first = !this.known.offline;
    this.update({offline: true, offlineSince: this.known.offlineSince ?? Date.now(), retryTime: Date.now() + RETRY_MS});
    this.#again(RETRY_MS);
    if (first) this.#countMissedRuns();
  }

  /** Asks MLflow itself, as the advice service cannot answer. */
  async #countMissedRuns() {
    const since = this.#heardTime + 1000;  // The header has whole seconds: the end of the one in which the service answered.
    if (!this.known.page || !Number.isFinite(since)) return;
    const response = await this.mlflow('runs/search',
      {experiment_ids: [this.experimentId], filter: `attributes.end_time > ${since}`, max_results: 1000});
    const found = response?.ok ? await response.json().catch(() => null) : null;
    if (found && !this.#stopped && this.known.offline) this.update({missedRunCount: (found.runs ?? []).length});
  }

  #listen() {
    const stream = this.#stream = new EventSource(this.url('events', {}));
    stream.addEventListener('open', () => {
      const late = this.known.updates === 'polling';
      this.update({updates: 'live'});
      if (late || this.known.offline) this.load();  // For versions that came while nobody listened.
    });
    stream.addEventListener('law', () => this.load());
    stream.addEventListener('status', (event) => {
      if (JSON.parse(event.data).sidecar === 'online') this.load();
      else this.#goOffline();
    });
    stream.addEventListener('error', () => {
      if (this.#stopped || this.known.answer === 'forbidden') return;
      this.update({updates: 'polling'});
      if (!this.known.offline) this.#again(POLL_MS);
    });
  }

  #again(delayMs) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.load(), delayMs);
  }

  /** @param {Partial<Known>} changes */
  update(changes) {
    if (this.#stopped) return;
    this.known = {...this.known, ...changes};
    this.#report(this.known);
  }

  /** @param {string} route @param {Object} query @returns {URL} */
  url(route, query) {
    const url = new URL(route, this.#api);
    url.search = new URLSearchParams({experiment_id: this.experimentId, ...(this.#version && {version: this.#version}), ...query});
    return url;
  }
}
