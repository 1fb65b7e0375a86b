/**
 * The stand-in as a process: `node test/support/kubernetes/main.ts [options]` prints a line of JSON,
 * `{"url": …, "ca": PEM, "control": …}`, and serves until SIGTERM. README.md says more.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { startKubernetes } from './api-server/server.ts';
import type { NodegroupNodes } from './controllers/nodes.ts';
import { runProcesses } from './kubelet/processes.ts';
import type { User } from './types.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    /** URL that checks tokens: POST `{"token"}` → `{"username", "groups"}`. Default: every token is an administrator's. */
    authenticate: { type: 'string' },
    /** Command line that gets the container's command as arguments. */
    agent: { type: 'string', default: '' },
    /** NAME=VALUE for every container; repeatable. */
    env: { type: 'string', multiple: true, default: [] },
    /** Folder of the pods' folders. */
    folder: { type: 'string' },
    /** Milliseconds until a failed container is restarted. */
    'restart-delay': { type: 'string', default: '2000' },
  },
});

async function authenticateAt(url: string, token: string): Promise<User | undefined> {
  const body = JSON.stringify({ token });
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body });
  return response.ok ? ((await response.json()) as User) : undefined;
}

const { authenticate } = values;
const standIn = await startKubernetes({
  port: Number(values.port),
  restartDelayMs: Number(values['restart-delay']),
  authenticate: (token) =>
    authenticate
      ? authenticateAt(authenticate, token)
      : { username: 'administrator', groups: ['system:masters'] },
  run: runProcesses({
    command: values.agent.split(' ').filter(Boolean),
    env: Object.fromEntries(values.env.map((one) => [one.split('=')[0], one.slice(one.indexOf('=') + 1)])),
    ...(values.folder && { folder: values.folder }),
  }),
});

const control = createServer(async (request, response) => {
  const called = `${request.method} ${request.url}`;
  const answer = (code: number, body: unknown) => {
    response.writeHead(code, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  };
  try {
    if (called === 'GET /_control/unmodelled') return answer(200, standIn.unmodelled);
    if (called !== 'POST /_control/nodes') return answer(404, { message: `not found: ${called}` });
    standIn.setNodes(JSON.parse(await text(request)) as NodegroupNodes);
    answer(200, {});
  } catch (error) {
    answer(400, { message: (error as Error).message });
  }
});
await new Promise<void>((resolve) => control.listen(0, '127.0.0.1', resolve));
const { port } = control.address() as AddressInfo;

for (const signal of ['SIGTERM', 'SIGINT'] as const)
  process.once(signal, async () => {
    await standIn.stop();
    process.exit(0);
  });
process.stdout.write(
  `${JSON.stringify({ url: standIn.url, ca: standIn.ca, control: `http://127.0.0.1:${port}` })}\n`,
);
