/** What is put into a cluster, who may do what there, and what is said of answers that are errors. */
import { afterEach, describe, expect, test } from '@jest/globals';
import { connectionError, statusError } from '../../../../adapters/kubernetes/errors.ts';
import { groups, namespace } from '../../../../adapters/kubernetes/names.ts';
import { applyNamespace } from '../../../../adapters/kubernetes/namespace.ts';
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
    const { core } = cluster.official('system:masters');
    const before = await core.readNamespace({ name: namespace });
    await core.replaceNamespace({
      name: namespace,
      body: {
        ...before,
        metadata: { ...before.metadata, labels: { ...before.metadata?.labels, theirs: 'x' } },
      },
    });
    await applyNamespace(cluster.as('system:masters'), 'other');
    expect((await core.readNamespace({ name: namespace })).metadata?.labels).toMatchObject({
      theirs: 'x',
      'gcd-sfn/stack': 'other',
      'pod-security.kubernetes.io/enforce': 'restricted',
    });
  });

  test('lets workers speak to nobody but names, HTTPS and their identity, and nobody to them', async () => {
    const kubernetes = (await made()).as('system:masters');
    const policy = await kubernetes.get('networkpolicies', 'workers', 'the policy');
    expect(policy.spec).toEqual({
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
    await expect(applyNamespace(cluster.as(groups.writers), 's')).rejects.toThrow(
      /not allowed: patch namespaces for Namespace gcd in the cluster/,
    );
  });

  test('gives each group what it needs', async () => {
    const cluster = await made();
    const may = async (group: string) => {
      const { core, batch } = cluster.official(group);
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

describe('errors of the API server', () => {
  const request = { verb: 'create', resource: 'jobs', what: 'reservation of r-1' };
  const body = (reason: string) => JSON.stringify({ kind: 'Status', reason, message: 'said so' });

  test.each([
    [403, 'Forbidden', AccessDenied, 'not allowed: create jobs for reservation of r-1 (said so)'],
    [401, 'Unauthorized', Unreachable, 'the cluster does not accept the credentials'],
    [404, 'NotFound', NotFound, 'not found: reservation of r-1'],
    [409, 'AlreadyExists', AlreadyThere, 'already exists: reservation of r-1'],
    [
      ...([409, 'Conflict', AlreadyThere] as const),
      'conflict: another client changed reservation of r-1 at the same time (said so)',
    ],
    [422, 'Invalid', UsageError, 'the cluster refuses reservation of r-1: said so'],
    [400, 'BadRequest', UsageError, 'the cluster refuses reservation of r-1: said so'],
    [429, 'TooManyRequests', Throttled, 'the cluster throttles requests: create jobs'],
    [500, 'InternalError', Unreachable, 'reservation of r-1 cannot be reached (create jobs): said so'],
  ])('%i %s', (status, reason, kind, message) => {
    const error = statusError(status, body(reason), request);
    expect(error).toBeInstanceOf(kind);
    expect(error.message).toContain(message);
  });

  test.each([
    ['bad gateway\n', 'bad gateway'],
    ['', 'HTTP 502'],
  ])('an answer that is no JSON: %j', (text, message) => {
    expect(statusError(502, text, request).message).toBe(
      `reservation of r-1 cannot be reached (create jobs): ${message}`,
    );
  });

  test('no answer at all', () => {
    const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    const error = connectionError(refused, request);
    expect(error).toBeInstanceOf(Unreachable);
    expect(error.message).toContain('connect ECONNREFUSED');
    expect(error.hint).toContain('network');
  });

  test("gcd-sfn's own errors stay as they are", () => {
    const own = new NotFound('x');
    expect(connectionError(own, request)).toBe(own);
  });
});
