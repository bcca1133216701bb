/** Finished runs put straight into a new tracking store: thousands take minutes through MLflow's own interface. */
import {spawnSync} from 'node:child_process';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';

/** @param {string} folder Of a stack that is about to start. @param {Array<Object>} runs @returns {string} the experiment's id */
export function storeRuns(folder, runs) {
  const script = fileURLToPath(new URL('store_runs.py', import.meta.url));
  const {status, stdout, stderr} = spawnSync(process.env.PYTHON ?? 'python3', [script, join(folder, 'mlflow.db')],
    {input: JSON.stringify(runs), encoding: 'utf8', maxBuffer: 1 << 28});
  if (status !== 0) throw new Error(`store_runs.py: ${stderr}`);
  return stdout.trim();
}
