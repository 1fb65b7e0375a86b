/**
 * The stand-in as a process: `node test/support/kubernetes/main.ts [options]` prints a line of JSON,
 * `{"url": …, "ca": PEM, "control": …}`, and serves until SIGTERM. README.md says more.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import type { NodegroupNodes } from './nodes.ts';
import { runProcesses } from './processes.ts';
import { startKubernetes } from './server.ts';
import type { User } from './types.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    /** Where a token is shown: POST `{"token"}` → `{"username", "groups"}`. Without it every token is an administrator's. */
    authenticate: { type: 'string' },
    /** A command line that is given the container's own command. */
    agent: { type: 'string', default: '' },
    /** NAME=VALUE for every container; may be given several times. */
    env: { type: 'string', multiple: true, default: [] },
    /** Where pods have their folders. */
    folder: { type: 'string' },
    /** Milliseconds until a container that failed is started anew. */
    'restart-delay': { type: 'string', default: '2000' },
  },
});

async function ask(url: string, token: string): Promise<User | undefined> {
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
    authenticate ? ask(authenticate, token) : { username: 'administrator', groups: ['system:masters'] },
  run: runProcesses({
    command: values.agent.split(' ').filter(Boolean),
    env: Object.fromEntries(values.env.map((one) => [one.split('=')[0], one.slice(one.indexOf('=') + 1)])),
    ...(values.folder && { folder: values.folder }),
  }),
});

const control = createServer(async (request, response) => {
  const asked = `${request.method} ${request.url}`;
  const answer = (code: number, body: unknown) => {
    response.writeHead(code, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  };
  try {
    if (asked === 'GET /_control/unmodelled') return answer(200, standIn.unmodelled);
    if (asked !== 'POST /_control/nodes') return answer(404, { message: `there is no ${asked}` });
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
