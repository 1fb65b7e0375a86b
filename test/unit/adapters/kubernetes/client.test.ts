/** Requests of the client are those that the official client makes for the same calls. */
import { once } from 'node:events';
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import { type AddressInfo, connect as connectTo, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { PatchStrategy, setHeaderOptions } from '@kubernetes/client-node';
import { KubernetesClient } from '../../../../adapters/kubernetes/client.ts';
import { accountOf, jobOf } from '../../../../adapters/kubernetes/job.ts';
import { fieldManager, groups, namespace } from '../../../../adapters/kubernetes/names.ts';
import { namespaceObjects } from '../../../../adapters/kubernetes/namespace.ts';
import { podTemplate } from '../../../../adapters/kubernetes/pod.ts';
import type { HttpRequest } from '../../../../adapters/kubernetes/transport.ts';
import { AccessDenied, Unreachable } from '../../../../core/errors/errors.ts';
import { certificates } from '../../../support/kubernetes/api-server/certificates.ts';
import { fakeCluster } from '../../../support/kubernetes/fake-cluster.ts';
import { type OfficialClient, officialClient } from '../../../support/kubernetes/official-client.ts';

const wanted = {
  ...{ run: 'r', execution: 'r-1', cluster: 'c', nodegroup: 'g', nodes: 1, slots: 2, workersPerNode: 2 },
  ...{ image: 'd1', queueUrl: 'https://queue' },
  pod: { env: { A: '1' }, memoryBytes: null, licenceTarget: '/home/worker/licence', patch: {} },
};
const share = { cpuMillis: 790, memoryBytes: 2 ** 30, diskBytes: 8 * 2 ** 30 };
const job = jobOf(
  wanted,
  podTemplate({ reservation: wanted, image: 'i', share, bucket: 'b', region: 'us-east-1' }),
);
const account = accountOf({ ...job, metadata: { ...job.metadata, uid: 'u' } });
const labelSelector = 'gcd-sfn/execution=r-1,app.kubernetes.io/managed-by';
const kinds = [
  ...(['namespaces', 'roles', 'rolebindings', 'roles', 'rolebindings', 'roles', 'rolebindings'] as const),
  ...(['clusterroles', 'clusterrolebindings', 'networkpolicies'] as const),
];

type Call = (client: KubernetesClient) => Promise<unknown>;
type OfficialCall = (client: OfficialClient) => Promise<unknown>;
/** All calls that gcd-sfn makes: docs/decisions/51-kubernetes-client.md. */
const calls: [name: string, Call, OfficialCall][] = [
  [
    'list of jobs',
    (client) => client.list('jobs', { labelSelector }, 'x'),
    ({ batch }) => batch.listNamespacedJob({ namespace, labelSelector, limit: 500 }),
  ],
  [
    'list of some pods',
    (client) => client.list('pods', { labelSelector, maximum: 7 }, 'x'),
    ({ core }) => core.listNamespacedPod({ namespace, labelSelector, limit: 7 }),
  ],
  [
    'list of the events of a Job',
    (client) => client.list('events', { fieldSelector: 'involvedObject.uid=u,reason=FailedCreate' }, 'x'),
    ({ core }) =>
      core.listNamespacedEvent({
        ...{ namespace, limit: 500 },
        fieldSelector: 'involvedObject.uid=u,reason=FailedCreate',
      }),
  ],
  [
    'list of nodes',
    (client) => client.list('nodes', { labelSelector }, 'x'),
    ({ core }) => core.listNode({ labelSelector, limit: 500 }),
  ],
  [
    'get of a job',
    (client) => client.get('jobs', 'r-1', 'x'),
    ({ batch }) => batch.readNamespacedJob({ namespace, name: 'r-1' }),
  ],
  [
    'create of a job',
    (client) => client.create('jobs', job, 'x'),
    ({ batch }) => batch.createNamespacedJob({ namespace, body: job as never, fieldValidation: 'Strict' }),
  ],
  [
    'create of a service account',
    (client) => client.create('serviceaccounts', account, 'x'),
    ({ core }) =>
      core.createNamespacedServiceAccount({ namespace, body: account as never, fieldValidation: 'Strict' }),
  ],
  [
    'merge patch of a job',
    (client) => client.patch('jobs', 'r-1', { spec: { suspend: false } }, 'x'),
    ({ batch }) =>
      batch.patchNamespacedJob(
        { namespace, name: 'r-1', body: { spec: { suspend: false } } },
        setHeaderOptions('Content-Type', PatchStrategy.MergePatch),
      ),
  ],
  [
    'delete of a job',
    (client) => client.delete('jobs', 'r-1', { propagationPolicy: 'Foreground' }, 'x'),
    ({ batch }) =>
      batch.deleteNamespacedJob({ namespace, name: 'r-1', body: { propagationPolicy: 'Foreground' } }),
  ],
  [
    'delete of pods',
    (client) => client.deleteCollection('pods', labelSelector, { gracePeriodSeconds: 1 }, 'x'),
    ({ core }) =>
      core.deleteCollectionNamespacedPod({ namespace, labelSelector, body: { gracePeriodSeconds: 1 } }),
  ],
  ...namespaceObjects('s').flatMap((object, index): [string, Call, OfficialCall][] => {
    const resource = kinds[index]!;
    const { apiVersion, kind, metadata } = object;
    return [
      [
        `apply of ${kind} ${metadata.name}`,
        (client) => client.apply(resource, object, 'x'),
        ({ objects }) =>
          objects.patch(
            ...([object as never, undefined, undefined, fieldManager, true] as const),
            PatchStrategy.ServerSideApply,
          ),
      ],
      [
        `get of ${kind} ${metadata.name}`,
        (client) => client.get(resource, metadata.name, 'x'),
        ({ objects }) => objects.read({ apiVersion, kind, metadata } as never),
      ],
    ];
  }),
];

describe('a request is that of the official client', () => {
  /** The request without the order of its query parameters and headers. */
  const recorded = (requests: HttpRequest[]) =>
    requests.map(({ url, method, headers, body }) => {
      const { origin, pathname, searchParams } = new URL(url);
      const names = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
      const { authorization, 'content-type': contentType } = Object.fromEntries(names);
      return {
        ...{ method, origin, pathname, authorization, contentType },
        query: Object.fromEntries([...searchParams].sort()),
        body: body === undefined ? undefined : JSON.parse(body),
      };
    });
  const connection = (requests: HttpRequest[], server: string) => ({
    ...{ server, ca: '', token: async () => 'secret' },
    async send(_: string, request: HttpRequest) {
      // The official client first lists the resources of the API group.
      if (/\/apis?(\/[a-z0-9.]+)?\/v1$/.test(request.url)) return discovery(request.url);
      requests.push(request);
      return { status: 200, body: Buffer.from('{"items": []}') };
    },
  });

  test.each(calls)('%s', async (_, call, officialCall) => {
    const [requests, official]: [HttpRequest[], HttpRequest[]] = [[], []];
    await call(new KubernetesClient(connection(requests, 'https://host.example/base/')));
    await officialCall(officialClient(connection(official, 'https://host.example/base')));
    expect(official).toHaveLength(1);
    expect(recorded(requests)).toEqual(recorded(official));
  });
});

/** Names of the resources of an API group, as the server lists them. */
function discovery(url: string) {
  const resources = namespaceObjects('s')
    .map(({ apiVersion, kind, metadata }, index) => ({
      ...{ apiVersion, kind, name: kinds[index], namespaced: 'namespace' in metadata },
    }))
    .filter(({ apiVersion }) => url.endsWith(`/${apiVersion}`));
  return { status: 200, body: Buffer.from(JSON.stringify({ resources })) };
}

describe('a list', () => {
  test('is read to its end, page by page', async () => {
    const seen: (string | null)[] = [];
    const client = new KubernetesClient({
      ...{ server: 'https://host', ca: '', token: async () => 'secret' },
      async send(_, { url }) {
        const next = new URL(url).searchParams.get('continue');
        seen.push(next);
        const page = Number(next ?? 0);
        const metadata = page < 2 ? { continue: String(page + 1) } : {};
        const items = [{ metadata: { name: `node-${page}` } }];
        return { status: 200, body: Buffer.from(JSON.stringify({ metadata, items })) };
      },
    });
    const nodes = await client.list('nodes', {}, 'nodes');
    expect(nodes.map(({ metadata }) => metadata?.name)).toEqual(['node-0', 'node-1', 'node-2']);
    expect(seen).toEqual([null, '1', '2']);
    expect(await client.list('nodes', { maximum: 1 }, 'nodes')).toHaveLength(1);
  });

  test('has all objects of the cluster, none twice', async () => {
    const cluster = await fakeCluster();
    const instances = Array.from({ length: 1003 }, (_, index) => `i-${String(index).padStart(17, '0')}`);
    cluster.setNodes({ nodegroup: 'g', instances });
    const nodes = await cluster.as(groups.readers).list('nodes', {}, 'nodes');
    expect(new Set(nodes.map(({ metadata }) => metadata?.name)).size).toBe(1003);
    await cluster.stop();
    expect(cluster.unmodelled).toEqual([]);
  });
});

describe('on a connection', () => {
  let pair: { ca: string; key: string; cert: string };
  let server: Server | undefined;
  beforeAll(async () => {
    pair = await certificates('cluster.example');
  });
  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
  });

  /** @param answers the answers in order; null closes the connection */
  async function serve(...answers: ([status: number, body: string] | null)[]) {
    const requests: string[] = [];
    const listener = async (request: IncomingMessage, response: ServerResponse) => {
      const body = await text(request);
      requests.push([request.method, request.headers.authorization, body].filter(Boolean).join(' '));
      const answer = answers.shift();
      if (!answer) return request.socket.destroy();
      response.writeHead(answer[0]).end(answer[1]);
    };
    server = createServer({ key: pair.key, cert: pair.cert }, listener);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    let tokens = 0;
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const connect = (ca = pair.ca) =>
      new KubernetesClient({ server: url, ca, token: async () => `token-${++tokens}` });
    return { requests, url, client: connect(), connect };
  }

  test('a GET is retried when the server is busy or does not answer', async () => {
    const { requests, client } = await serve([503, ''], null, [200, '{"metadata": {"name": "j"}}']);
    expect(await client.get('jobs', 'j', 'job j')).toEqual({ metadata: { name: 'j' } });
    expect(requests).toEqual(Array(3).fill('GET Bearer token-1'));
  });

  test('a GET is tried three times, and the last answer counts', async () => {
    const { requests, client } = await serve([503, ''], [503, ''], [503, 'no backend']);
    await expect(client.get('jobs', 'j', 'job j')).rejects.toThrow(
      'job j cannot be reached (get jobs): no backend',
    );
    expect(requests).toHaveLength(3);
  });

  test('a change is sent once, and a refusal is not retried', async () => {
    const { requests, client } = await serve(null, [503, ''], [403, '']);
    const change = () => client.patch('jobs', 'j', { a: 1 }, 'job j');
    await expect(change()).rejects.toThrow(Unreachable);
    await expect(change()).rejects.toThrow('HTTP 503');
    await expect(client.get('jobs', 'j', 'job j')).rejects.toThrow(AccessDenied);
    // Each request asks for the token that is valid now.
    expect(requests).toEqual([
      'PATCH Bearer token-1 {"a":1}',
      'PATCH Bearer token-2 {"a":1}',
      'GET Bearer token-3',
    ]);
  });

  test('a DELETE arrives with its body', async () => {
    const { requests, client } = await serve([200, '{}'], [200, '{}']);
    await client.delete('jobs', 'j', { propagationPolicy: 'Foreground' }, 'job j');
    expect(requests).toEqual(['DELETE Bearer token-1 {"propagationPolicy":"Foreground"}']);
  });

  test('only certificates of the given authority are trusted', async () => {
    const { requests, connect } = await serve();
    const other = await certificates();
    await expect(connect(other.ca).patch('jobs', 'j', {}, 'job j')).rejects.toThrow(/certificate/);
    expect(requests).toEqual([]);
  });

  test('an answer that is no JSON is an error', async () => {
    const { client } = await serve([200, '<html>']);
    await expect(client.get('jobs', 'j', 'job j')).rejects.toThrow(Unreachable);
  });

  test('the proxy of the environment is used, and the certificate is checked through it', async () => {
    const { requests, url } = await serve([200, '{}'], [200, '{}']);
    const targets: string[] = [];
    const { port } = new URL(url);
    const proxy = createHttpServer().on('connect', (request, socket: Socket) => {
      targets.push(request.url ?? '');
      const upstream = connectTo(Number(port), '127.0.0.1', () => socket.write('HTTP/1.1 200 OK\r\n\r\n'));
      socket.pipe(upstream).pipe(socket);
    });
    proxy.listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    process.env.https_proxy = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    try {
      const options = { server: `https://cluster.example:${port}`, token: async () => 'secret' };
      const change = (ca: string) => new KubernetesClient({ ...options, ca }).patch('jobs', 'j', {}, 'job j');
      await change(pair.ca);
      await expect(change((await certificates()).ca)).rejects.toThrow(/certificate/);
      expect(targets).toEqual(Array(2).fill(`cluster.example:${port}`));
      expect(requests).toEqual(['PATCH Bearer secret {}']);
    } finally {
      delete process.env.https_proxy;
      proxy.closeAllConnections();
      proxy.close();
    }
  });
});
