/** A stack in which MLflow's own basic authentication says who may see and change what; nobody but the administrator by default. */
import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {Stack} from './stack.mjs';

export const ADMIN = 'a-long-admin-password';

/** @param {function(string): void} [prepare] As Stack's. @returns {Promise<Stack>} whose calls are the administrator's */
export async function startWithUsers(prepare) {
  const folder = await mkdtemp(join(tmpdir(), 'isoflop-auth-')), settings = join(folder, 'auth.ini');
  await writeFile(settings, `[mlflow]\ndefault_permission = NO_PERMISSIONS\ndatabase_uri = sqlite:///${folder}/auth.db\nadmin_username = admin\n` +
    `admin_password = ${ADMIN}\nauthorization_function = mlflow.server.auth:authenticate_request_basic_auth\n`);
  const stack = await Stack.start({ISOFLOP_INNER_APP: 'basic-auth', MLFLOW_FLASK_SERVER_SECRET_KEY: 'for this test only',
    MLFLOW_AUTH_CONFIG_PATH: settings, MLFLOW_AUTH_ADMIN_PASSWORD: ADMIN}, prepare);
  stack.headers.Authorization = `Basic ${Buffer.from(`admin:${ADMIN}`).toString('base64')}`;
  const stop = stack.stop.bind(stack);
  stack.stop = async () => {
    await stop();
    await rm(folder, {recursive: true, force: true});
  };
  return stack;
}
