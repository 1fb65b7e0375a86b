/** The namespace of a cluster, and the permissions of its groups. */
import { afterEach, describe, expect, test } from '@jest/globals';
import { groups, namespace } from '../../../../adapters/kubernetes/names.ts';
import { applyNamespace } from '../../../../adapters/kubernetes/namespace.ts';
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

/** HTTP status of the answer. */
const statusOf = (answer: Promise<unknown>) =>
  answer.then(
    () => 200,
    (error) => error.code as number,
  );

describe('the namespace of a cluster', () => {
  test('can be applied again, and keeps what others have added', async () => {
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

  test('lets workers reach DNS, HTTPS and their identity only, and lets nobody reach them', async () => {
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

  test('cannot be applied without permission', async () => {
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
        seeNodes: await statusOf(core.listNode()),
        seeJobs: await statusOf(batch.listNamespacedJob({ namespace })),
        seeLogs: await statusOf(core.readNamespacedPodLog(pod)),
        endPods: await statusOf(core.deleteNamespacedPod(pod)),
        endJobs: await statusOf(batch.deleteNamespacedJob(pod)),
        seeOthers: await statusOf(core.listNamespacedPod({ namespace: 'kube-system' })),
        endNodes: await statusOf(core.deleteNode({ name: 'none' })),
        makePods: await statusOf(core.createNamespacedPod({ namespace, body: {} })),
      };
    };
    // 404: allowed, but the object does not exist.
    const sees = { seeNodes: 200, seeJobs: 200, seeLogs: 404, seeOthers: 403, endNodes: 403, makePods: 403 };
    expect(await may(groups.writers)).toEqual({ ...sees, endPods: 404, endJobs: 404 });
    expect(await may(groups.readers)).toEqual({ ...sees, endPods: 403, endJobs: 403 });
    expect(await may(groups.bastion)).toEqual({ ...sees, endPods: 404, endJobs: 403 });
  });
});
