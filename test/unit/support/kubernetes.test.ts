/** The stand-in for Kubernetes refuses what the real one refuses, and runs processes for pods. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, test } from '@jest/globals';
import { KubernetesClient } from '../../../adapters/kubernetes/client.ts';
import { applyNamespace } from '../../../adapters/kubernetes/namespace.ts';
import { transport } from '../../../adapters/kubernetes/transport.ts';
import { until } from '../../contract/suites/poll-until.ts';
import { packageRoot } from '../../support/cli/project.ts';
import { type FakeCluster, fakeCluster } from '../../support/kubernetes/fake-cluster.ts';
import { officialClient } from '../../support/kubernetes/official-client.ts';

let cluster: FakeCluster | undefined;
let child: ChildProcess | undefined;
let folder: string | undefined;

afterEach(async () => {
  await cluster?.stop();
  if (child && child.exitCode === null) {
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
  if (folder) rmSync(folder, { recursive: true });
  cluster = child = folder = undefined;
});

// biome-ignore lint/suspicious/noExplicitAny: what is wrong on purpose has no type
type Loose = Record<string, any>;

const container = {
  name: 'worker',
  image: 'i',
  securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
};
const security = { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } };

function job(change: (job: Loose) => void = () => {}) {
  const made = {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'j' },
    spec: {
      ...{ completionMode: 'Indexed', completions: 1, parallelism: 1, backoffLimitPerIndex: 1 },
      podReplacementPolicy: 'Failed',
      template: { spec: { restartPolicy: 'Never', securityContext: security, containers: [container] } },
    },
  };
  const own = structuredClone(made);
  change(own);
  return own;
}

const path = '/apis/batch/v1/namespaces/gcd/jobs';

async function ask(method: string, url: string, body?: unknown, type = 'application/json') {
  cluster ??= await fakeCluster();
  const { status, body: answer } = await transport(cluster.ca, {
    ...{ method, url: `${cluster.url}${url}` },
    headers: { authorization: 'Bearer system:masters', 'content-type': type },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  return { status, body: JSON.parse(answer.toString()) as Loose };
}

describe('the API server', () => {
  test.each<[string, (job: Loose) => void, number, string]>([
    [
      'an unknown field',
      (one) => {
        one.spec.suspended = true;
      },
      400,
      'unknown field "spec.suspended"',
    ],
    [
      'an unknown field inside',
      (one) => {
        one.spec.template.spec.containers[0].imagePull = 'x';
      },
      400,
      'unknown field "spec.template.spec.containers[0].imagePull"',
    ],
    [
      'no container',
      (one) => {
        one.spec.template.spec.containers = [];
      },
      422,
      'containers: Required value',
    ],
    [
      'no image',
      (one) => {
        delete one.spec.template.spec.containers[0].image;
      },
      422,
      'image: Required value',
    ],
    [
      'no completions',
      (one) => {
        delete one.spec.completions;
      },
      422,
      'spec.completions: Required value',
    ],
    [
      'a restart in the pod',
      (one) => {
        one.spec.template.spec.restartPolicy = 'OnFailure';
      },
      422,
      'only "Never" is supported',
    ],
    [
      'a bad name',
      (one) => {
        one.metadata.name = 'J';
      },
      422,
      'RFC 1123',
    ],
    [
      'a missing volume',
      (one) => {
        one.spec.template.spec.containers[0].volumeMounts = [{ name: 'v', mountPath: '/v' }];
      },
      422,
      'Not found: "v"',
    ],
    [
      'a bad quantity',
      (one) => {
        one.spec.template.spec.containers[0].resources = { limits: { memory: '1 GiB' } };
      },
      422,
      'quantities must match',
    ],
    [
      'a request above its limit',
      (one) => {
        one.spec.template.spec.containers[0].resources = {
          requests: { memory: '2Gi' },
          limits: { memory: '1Gi' },
        };
      },
      422,
      'less than or equal to memory limit',
    ],
  ])('refuses a Job with %s', async (_, change, code, message) => {
    const { status, body } = await ask('POST', path, job(change));
    expect([status, body.message]).toEqual([code, expect.stringContaining(message)]);
    expect((await ask('GET', path)).body.items).toEqual([]);
  });

  test('lets a Job be resumed, and nothing else of it be changed', async () => {
    expect(
      (
        await ask(
          'POST',
          path,
          job((one) => {
            one.spec.suspend = true;
          }),
        )
      ).status,
    ).toBe(201);
    const merge = 'application/merge-patch+json';
    const refused = await ask('PATCH', `${path}/j`, { spec: { completions: 2 } }, merge);
    expect([refused.status, refused.body.message]).toEqual([
      422,
      'Job.batch "j" is invalid: spec.completions: Invalid value: field is immutable',
    ]);
    expect((await ask('PATCH', `${path}/j`, { spec: { suspend: false } }, merge)).status).toBe(200);
    expect((await ask('POST', path, job())).body.reason).toBe('AlreadyExists');
  });

  test('reports and records what it does not model', async () => {
    expect((await ask('GET', '/apis/apps/v1/deployments')).status).toBe(501);
    expect((await ask('GET', `${path}?watch=true`)).status).toBe(501);
    expect(
      (
        await ask(
          'POST',
          path,
          job((one) => {
            delete one.spec.podReplacementPolicy;
          }),
        )
      ).status,
    ).toBe(501);
    expect(cluster?.unmodelled).toEqual([
      'GET /apis/apps/v1/deployments: no such path',
      `GET ${path}?watch=true: query watch`,
      `POST ${path}: podReplacementPolicy TerminatingOrFailed`,
    ]);
  });

  test('creates no pods that the namespace forbids, and reports them in an event', async () => {
    await ask(
      'POST',
      path,
      job((one) => {
        delete one.spec.template.spec.securityContext;
      }),
    );
    const events = await until(
      async () => (await ask('GET', '/api/v1/namespaces/gcd/events')).body.items,
      (items) => items.length > 0,
    );
    expect(events[0].message).toContain('violates PodSecurity "restricted:latest": runAsNonRoot != true');
    expect((await ask('GET', '/api/v1/namespaces/gcd/pods')).body.items).toEqual([]);
  });
});

test('as a process, it runs containers as processes', async () => {
  folder = mkdtempSync(join(tmpdir(), 'stand-in-test-'));
  const main = join(packageRoot, 'test/support/kubernetes/main.ts');
  const options = [
    '--folder',
    folder,
    '--env',
    'SHARED=yes',
    '--agent',
    '/bin/sh -c',
    '--restart-delay',
    '10',
  ];
  child = spawn(process.execPath, [main, ...options], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await once(createInterface({ input: child.stdout! }), 'line');
  const { url: server, ca, control } = JSON.parse(line);
  const connection = { server, ca, token: async () => 'any' };
  await applyNamespace(new KubernetesClient(connection), 's');
  const kubernetes = officialClient(connection);
  const nodes = { nodegroup: 'g', instances: ['i-0123456789abcdef0'] };
  await fetch(`${control}/_control/nodes`, { method: 'POST', body: JSON.stringify(nodes) });

  const script = [
    'trap "echo told; exit 3" TERM',
    'echo "$SHARED $NAME $NODE $LIMIT"',
    'printf "last words" > "$STAND_IN_TERMINATION_LOG"',
    'touch "$SCRATCH/ready"',
    'while true; do sleep 0.05; done',
  ].join('\n');
  const body = job((one) => {
    one.spec.backoffLimitPerIndex = 0;
    one.spec.template.spec.volumes = [{ name: 'scratch', emptyDir: {} }];
    Object.assign(one.spec.template.spec.containers[0], {
      command: [script],
      env: [
        { name: 'NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
        { name: 'NODE', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } },
        { name: 'LIMIT', valueFrom: { resourceFieldRef: { resource: 'limits.memory' } } },
        { name: 'SCRATCH', value: '/scratch' },
      ],
      resources: { limits: { memory: '1Gi' } },
      volumeMounts: [{ name: 'scratch', mountPath: '/scratch' }],
      readinessProbe: { exec: { command: ['test', '-f', '/scratch/ready'] } },
    });
  });
  await kubernetes.batch.createNamespacedJob({ namespace: 'gcd', body: body as never });
  const podOf = async () => (await kubernetes.core.listNamespacedPod({ namespace: 'gcd' })).items[0];
  const ready = await until(podOf, (pod) => pod?.status?.containerStatuses?.[0]?.ready ?? false, {
    looks: 500,
    pause: 0.02,
  });
  const name = ready?.metadata?.name ?? '';
  const log = `yes ${name} ${ready?.spec?.nodeName} ${2 ** 30}\n`;
  expect(await kubernetes.core.readNamespacedPodLog({ namespace: 'gcd', name })).toBe(log);
  await kubernetes.core.deleteNamespacedPod({ namespace: 'gcd', name });
  const failed = await until(
    async () => (await kubernetes.batch.readNamespacedJob({ namespace: 'gcd', name: 'j' })).status,
    (status) => status?.conditions?.some(({ type }) => type === 'Failed') ?? false,
    { looks: 500, pause: 0.02 },
  );
  expect(failed?.failedIndexes).toBe('0');
  expect(readFileSync(join(folder, name, 'log'), 'utf8')).toBe(`${log}told\n`);
  expect(await (await fetch(`${control}/_control/unmodelled`)).json()).toEqual([]);
});
