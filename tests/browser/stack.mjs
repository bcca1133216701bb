/**
 * A real MLflow with the plug-in and its sidecar, on a free loopback port and in a folder of its own.
 *
 * PYTHON: an interpreter that has mlflow, isoflop and isoflop_mlflow. ISOFLOP_BINARY: the built binary. CHROMIUM: the browser.
 */
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdtemp, readFile, readdir, rm, symlink, unlink} from 'node:fs/promises';
import {createServer} from 'node:net';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {fileURLToPath} from 'node:url';

const PYTHON = process.env.PYTHON ?? 'python3';
const BINARY = resolve(process.env.ISOFLOP_BINARY ?? fileURLToPath(new URL('../../build/isoflop', import.meta.url)));

/** How many runs are logged at a time. */
const AT_ONCE = 6;

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const {port} = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

export class Stack {
  /**
   * @param {Object<string, string>} environment Added to this process's own.
   * @param {function(string): void} prepare What to do first in the stack's folder, where MLflow's database is to be `mlflow.db`.
   */
  static async start(environment = {}, prepare = () => {}) {
    const stack = new Stack();
    stack.folder = await mkdtemp(join(tmpdir(), 'isoflop-browser-'));
    stack.binary = join(stack.folder, 'isoflop');
    await symlink(BINARY, stack.binary);
    prepare(stack.folder);
    const port = await freePort();
    stack.origin = `http://127.0.0.1:${port}`;
    stack.process = spawn(PYTHON, ['-m', 'mlflow', 'server', '--app-name', 'isoflop', '--host', '127.0.0.1', '--port', String(port), '--workers', '1',
      '--backend-store-uri', `sqlite:///${stack.folder}/mlflow.db`, '--default-artifact-root', join(stack.folder, 'artifacts')], {
      cwd: stack.folder, detached: true, stdio: ['ignore', 'pipe', 'pipe'],
      env: {...process.env, ISOFLOP_HOME: join(stack.folder, 'home'), ISOFLOP_BINARY: stack.binary, MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false',
        MLFLOW_DISABLE_TELEMETRY: 'true', ...environment}});
    await stack.#started();
    return stack;
  }

  headers = {'Content-Type': 'application/json'};

  /** Resolves when uvicorn says that it serves; rejects with the log when it ends first. */
  #started() {
    let log = '';
    return new Promise((done, fail) => {
      const read = (data) => {
        log += data;
        if (['Application startup complete', 'Uvicorn running on'].every((line) => log.includes(line))) done();
      };
      this.process.stdout.on('data', read);
      this.process.stderr.on('data', read);
      this.process.once('exit', () => fail(new Error(`MLflow ended:\n${log}`)));
      this.process.once('error', fail);
    });
  }

  async stop() {
    if (this.process.exitCode === null) {
      const ended = once(this.process, 'exit');
      process.kill(-this.process.pid, 'SIGTERM');
      await ended;
    }
    await rm(this.folder, {recursive: true, force: true, maxRetries: 3});
  }

  /** A call of MLflow's REST interface. @param {string} path @param {Object} body */
  async rest(path, body, version = '2.0') {
    const response = await fetch(`${this.origin}/api/${version}/mlflow/${path}`, {method: 'POST', headers: this.headers, body: JSON.stringify(body)});
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response.json();
  }

  async createExperiment(name) {
    return (await this.rest('experiments/create', {name})).experiment_id;
  }

  /** One run, logged and ended as training code does it. @returns {Promise<string>} its id */
  async logRun(experimentId, {name, parameters, tokens, loss, status = 'FINISHED'}) {
    const {run} = await this.rest('runs/create', {experiment_id: experimentId, run_name: name, start_time: Date.now()});
    const run_id = run.info.run_id;
    await this.rest('runs/log-batch', {run_id, params: [{key: 'n_params', value: String(parameters)}, {key: 'tokens', value: String(tokens)}],
      metrics: [{key: 'val/loss', value: loss * 1.2, timestamp: Date.now(), step: 1}, {key: 'val/loss', value: loss, timestamp: Date.now(), step: 2}]});
    await this.rest('runs/update', {run_id, status, end_time: Date.now()});
    return run_id;
  }

  /** An experiment of finished runs, once their law stands with its intervals. @param {string} name @param {Array<Object>} runs @returns {Promise<string>} its id */
  async createStudy(name, runs) {
    const experimentId = await this.createExperiment(name), left = [...runs];
    await Promise.all(Array.from({length: AT_ONCE}, async () => {
      for (let run = left.pop(); run; run = left.pop()) await this.logRun(experimentId, run);
    }));
    await this.lawOf(experimentId, runs.length);
    return experimentId;
  }

  /** The panel document once the law stands on so many runs, with its intervals. @param {string} experimentId @param {number} count */
  lawOf(experimentId, count) {
    return this.panelWhen(experimentId, ({law, intervals_ready: ready}) => ready && law.observation_count === count);
  }

  /**
   * A run of 100 steps with its loss curve up to a fraction of them, under way unless that is 1. Its loss falls as a power of the steps, to `loss`.
   * @returns {Promise<string>} its id
   */
  async logCurve(experimentId, {name, parameters, tokens, loss, fraction = 1}) {
    const {run} = await this.rest('runs/create', {experiment_id: experimentId, run_name: name, start_time: Date.now()});
    const run_id = run.info.run_id, start = Date.now() - 100 * 60000;
    const metrics = Array.from({length: Math.round(100 * fraction)}, (_, index) => index + 1).flatMap((step) => [
      {key: 'val/loss', value: loss * (1 + 0.5 * ((step / 100) ** -0.4 - 1)), timestamp: start + step * 60000, step},
      {key: 'learning_rate', value: 3e-4 * (0.1 + 0.45 * (1 + Math.cos(Math.PI * step / 100))), timestamp: start + step * 60000, step}]);
    await this.rest('runs/log-batch', {run_id, metrics, params: [{key: 'n_params', value: String(parameters)}, {key: 'tokens', value: String(tokens)}, {key: 'max_steps', value: '100'}]});
    if (fraction === 1) await this.rest('runs/update', {run_id, status: 'FINISHED', end_time: Date.now()});
    return run_id;
  }

  route(name, query) {
    return `${this.origin}/ajax-api/2.0/isoflop/${name}?${new URLSearchParams(query)}`;
  }

  /** The document of a route. @param {string} name @param {Object} query */
  async document(name, query) {
    return (await fetch(this.route(name, query), {headers: this.headers})).json();
  }

  /** The panel document once it meets the condition, looked at again with each event of the experiment. */
  async panelWhen(experimentId, condition, query = {}) {
    const stop = new AbortController();
    try {
      const events = await fetch(this.route('events', {experiment_id: experimentId}), {headers: this.headers, signal: stop.signal});
      const reader = events.body.getReader();
      for (;;) {
        const response = await fetch(this.route('panel', {experiment_id: experimentId, ...query}), {headers: this.headers});
        const page = response.ok ? await response.json() : null;
        if (page && condition(page)) return page;
        const {done} = await reader.read();
        if (done) throw new Error(`the events of experiment ${experimentId} ended`);
      }
    } finally {
      stop.abort();
    }
  }

  /** Ends the sidecar and keeps the plug-in from starting it again. */
  async breakSidecar() {
    await unlink(this.binary);
    for (const folder of await readdir('/proc')) {
      if (!/^\d+$/.test(folder)) continue;
      const words = (await readFile(`/proc/${folder}/cmdline`, 'utf8').catch(() => '')).split('\0');
      if (words.includes('serve') && words.some((word) => word.includes(`${this.folder}/home`))) process.kill(Number(folder), 'SIGKILL');
    }
  }

  async mendSidecar() {
    await symlink(BINARY, this.binary);
  }
}
