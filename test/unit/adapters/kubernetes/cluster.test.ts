/** What is put into a cluster, who may do what there, and what is said of answers that are errors. */
import { afterEach, describe, expect, test } from '@jest/globals';
import { allOf } from '../../../../adapters/kubernetes/all-of.ts';
import type { Kubernetes } from '../../../../adapters/kubernetes/api.ts';
import { translated } from '../../../../adapters/kubernetes/errors.ts';
import { groups, namespace } from '../../../../adapters/kubernetes/names.ts';
import { applyPart } from '../../../../adapters/kubernetes/parts/apply.ts';
import {
  AccessDenied,
  AlreadyThere,
  NotFound,
  Throttled,
  Unreachable,
  UsageError,
} from '../../../../core/errors/errors.ts';
import { type FakeCluster, fakeCluster } from '../../../support/kubernetes/fake-cluster.ts';

const clusters: FakeCluster[] = [];

afterEach(async () => {
  for (const { stop, unmodelled } of clusters.splice(0)) {
    await stop();
    expect(unmodelled).toEqual([]);
  }
});

async function made() {
  const cluster = await fakeCluster();
  clusters.push(cluster);
  return cluster;
}

/** The status with which something was answered. */
const answerOf = (asking: Promise<unknown>) =>
  asking.then(
    () => 200,
    (error) => error.code as number,
  );

describe('the part `namespace` of a cluster', () => {
  test('is put there twice as well as once, and keeps what others have added', async () => {
    const cluster = await made();
    const { core, objects } = await cluster.as('system:masters');
    const before = await core.readNamespace({ name: namespace });
    await core.replaceNamespace({
      name: namespace,
      body: {
        ...before,
        metadata: { ...before.metadata, labels: { ...before.metadata?.labels, theirs: 'x' } },
      },
    });
    await applyPart({ core, objects } as Kubernetes, 'namespace', { stack: 'other' });
    expect((await core.readNamespace({ name: namespace })).metadata?.labels).toMatchObject({
      theirs: 'x',
      'gcd-sfn/stack': 'other',
      'pod-security.kubernetes.io/enforce': 'restricted',
    });
  });

  test('lets workers speak to nobody but names, HTTPS and their identity, and nobody to them', async () => {
    const { objects } = await (await made()).as('system:masters');
    const policy = await objects.read({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { namespace, name: 'workers' },
    });
    expect((policy as unknown as { spec: unknown }).spec).toEqual({
      podSelector: {},
      policyTypes: ['Ingress', 'Egress'],
      egress: [
        {
          ports: [
            { protocol: 'UDP', port: 53 },
            { protocol: 'TCP', port: 53 },
          ],
        },
        { ports: [{ protocol: 'TCP', port: 443 }] },
        { to: [{ ipBlock: { cidr: '169.254.170.23/32' } }], ports: [{ protocol: 'TCP', port: 80 }] },
      ],
    });
  });

  test('is not put there by who may not', async () => {
    const cluster = await made();
    await expect(applyPart(await cluster.as(groups.writers), 'namespace', { stack: 's' })).rejects.toThrow(
      /not allowed: patch namespaces for Namespace gcd in the cluster/,
    );
  });

  test('gives each group what it needs', async () => {
    const cluster = await made();
    const may = async (group: string) => {
      const { core, batch } = await cluster.as(group);
      const pod = { namespace, name: 'none' };
      return {
        seeNodes: await answerOf(core.listNode()),
        seeJobs: await answerOf(batch.listNamespacedJob({ namespace })),
        seeLogs: await answerOf(core.readNamespacedPodLog(pod)),
        endPods: await answerOf(core.deleteNamespacedPod(pod)),
        endJobs: await answerOf(batch.deleteNamespacedJob(pod)),
        seeOthers: await answerOf(core.listNamespacedPod({ namespace: 'kube-system' })),
        endNodes: await answerOf(core.deleteNode({ name: 'none' })),
        makePods: await answerOf(core.createNamespacedPod({ namespace, body: {} })),
      };
    };
    // 404: they may, but there is none.
    const sees = { seeNodes: 200, seeJobs: 200, seeLogs: 404, seeOthers: 403, endNodes: 403, makePods: 403 };
    expect(await may(groups.writers)).toEqual({ ...sees, endPods: 404, endJobs: 404 });
    expect(await may(groups.readers)).toEqual({ ...sees, endPods: 403, endJobs: 403 });
    expect(await may(groups.bastion)).toEqual({ ...sees, endPods: 404, endJobs: 403 });
  });
});

test('a long list is read to its end', async () => {
  const cluster = await made();
  cluster.setNodes({ nodegroup: 'g', count: 7 });
  const { core } = await cluster.as(groups.readers);
  const pages: number[] = [];
  const nodes = await allOf(async (page) => {
    const answer = await core.listNode({ ...page, limit: 3 });
    pages.push(answer.items.length);
    return answer;
  });
  expect(new Set(nodes.map(({ metadata }) => metadata?.name)).size).toBe(7);
  expect(pages).toEqual([3, 3, 1]);
});

describe('errors of the API server', () => {
  const asked = { verb: 'create', resource: 'jobs', what: 'reservation of r-1' };
  const status = (reason: string) => JSON.stringify({ kind: 'Status', reason, message: 'said so' });

  test.each([
    [403, 'Forbidden', AccessDenied, 'not allowed: create jobs for reservation of r-1 (said so)'],
    [401, 'Unauthorized', Unreachable, 'the cluster does not take the credentials'],
    [404, 'NotFound', NotFound, 'there is no reservation of r-1'],
    [409, 'AlreadyExists', AlreadyThere, 'there is a reservation of r-1 already'],
    [409, 'Conflict', AlreadyThere, 'somebody else changed reservation of r-1 at the same time (said so)'],
    [422, 'Invalid', UsageError, 'the cluster refuses reservation of r-1: said so'],
    [429, 'TooManyRequests', Throttled, 'the cluster asks for fewer requests'],
    [500, 'InternalError', Unreachable, 'reservation of r-1 cannot be reached (create jobs): said so'],
  ])('%i %s', (code, reason, kind, message) => {
    for (const body of [status(reason), JSON.parse(status(reason))]) {
      const error = translated(Object.assign(new Error('HTTP-Code'), { code, body }), asked);
      expect(error).toBeInstanceOf(kind);
      expect(error.message).toContain(message);
    }
  });

  test('no answer at all', () => {
    const error = translated(
      Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }),
      asked,
    );
    expect(error).toBeInstanceOf(Unreachable);
    expect(error.message).toContain('connect ECONNREFUSED');
    expect(error.hint).toContain('network');
  });

  test('ours stay as they are', () => {
    const ours = new NotFound('x');
    expect(translated(ours, asked)).toBe(ours);
  });
});
