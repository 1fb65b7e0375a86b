/** An API server of Kubernetes for tests, as strict as the real one in what it models. */

import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { JobController } from '../controllers/job-controller.ts';
import { type NodegroupNodes, setNodes } from '../controllers/nodes.ts';
import { schedule } from '../controllers/scheduler.ts';
import { Kubelet } from '../kubelet/kubelet.ts';
import type { Pod, StandInOptions } from '../types.ts';
import { certificates } from './certificates.ts';
import { authorise } from './rbac.ts';
import { type ApiRequest, perform, Unmodelled } from './requests.ts';
import { discovery, resourceOf, targetOf } from './resources.ts';
import { StatusError } from './status-error.ts';
import { Store } from './store.ts';

const firstRestartMs = 10_000;

export interface StandIn {
  url: string;
  /** Certificate of the authority that signed its certificate, PEM. */
  ca: string;
  store: Store;
  setNodes: (nodes: NodegroupNodes) => void;
  /** Requests that it does not model. */
  unmodelled: string[];
  stop: () => Promise<void>;
}

export async function startKubernetes(options: StandInOptions): Promise<StandIn> {
  const store = new Store();
  const unmodelled: string[] = [];
  let stopped = false;
  let scheduled = false;
  const again = () => {
    if (scheduled || stopped) return;
    scheduled = true;
    setImmediate(() => {
      scheduled = false;
      if (!stopped) tick();
    });
  };
  const delay = options.restartDelayMs ?? firstRestartMs;
  const jobs = new JobController(store, delay, again);
  const kubelet = new Kubelet(store, options.run, delay);
  const tick = () => {
    jobs.tick();
    schedule(store);
    kubelet.tick();
  };
  store.onChange(again);
  for (const name of ['default', 'kube-system'])
    store.create(resourceOf('namespaces'), { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });

  const { ca, key, cert } = await certificates();
  const server = createServer({ key, cert }, (request, response) => {
    answer(request, { options, store, kubelet }).then(
      ({ code, type = 'application/json', body }) => send(response, code, type, body),
      (error) => {
        if (error instanceof StatusError) return send(response, error.code, 'application/json', error.status);
        const what = `${request.method} ${request.url}: ${(error as Error).message}`;
        unmodelled.push(what);
        const failure = new StatusError(501, 'NotImplemented', `not modelled: ${what}`);
        send(response, 501, 'application/json', failure.status);
      },
    );
  });
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ...{ ca, store, unmodelled },
    setNodes: (nodes) => setNodes(store, nodes),
    stop: async () => {
      stopped = true;
      jobs.stop();
      kubelet.stop();
      await close(server);
    },
  };
}

interface Parts {
  options: StandInOptions;
  store: Store;
  kubelet: Kubelet;
}
interface Answer {
  code: number;
  type?: string;
  body: unknown;
}

async function answer(request: IncomingMessage, { options, store, kubelet }: Parts): Promise<Answer> {
  const url = new URL(request.url ?? '/', 'https://server');
  if (/^\/(healthz|livez|readyz)$/.test(url.pathname)) return { code: 200, type: 'text/plain', body: 'ok' };
  const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
  const user = token === undefined ? undefined : await options.authenticate(token);
  if (!user) throw new StatusError(401, 'Unauthorized', 'Unauthorized');
  const described = discovery(url.pathname);
  if (described) return { code: 200, body: described };
  const target = targetOf(url.pathname);
  if (!target) throw new Unmodelled('no such path');
  const verb = verbOf(request.method ?? '', target.name !== undefined);
  authorise(store, user, { ...target, verb });
  if (target.subresource !== undefined) {
    if (target.resource.name !== 'pods' || target.subresource !== 'log' || verb !== 'get')
      throw new Unmodelled(`subresource ${target.subresource}`);
    const pod = store.get(target.resource, target.namespace, target.name ?? '') as Pod;
    return { code: 200, type: 'text/plain', body: kubelet.log(pod) };
  }
  const apiRequest: ApiRequest = {
    ...{ ...target, verb, query: url.searchParams },
    contentType: (request.headers['content-type'] ?? '').split(';')[0] ?? '',
    body: await bodyOf(request),
  };
  const { code, answer: body } = perform(store, apiRequest);
  return { code, body };
}

function verbOf(method: string, isOne: boolean): string {
  const verbs: Record<string, string> = isOne
    ? { GET: 'get', PUT: 'update', PATCH: 'patch', DELETE: 'delete' }
    : { GET: 'list', POST: 'create', DELETE: 'deletecollection' };
  return verbs[method] ?? method.toLowerCase();
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString();
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw new StatusError(400, 'BadRequest', 'the body is not JSON');
  }
}

function send(response: ServerResponse, code: number, type: string, body: unknown): void {
  response.writeHead(code, { 'content-type': type });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}

const close = (server: Server) =>
  new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
