/** The network policy of a cluster's namespace. The rest is in test/contract/suites/cluster-namespace.ts. */
import { afterEach, describe, expect, test } from '@jest/globals';
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

describe('the namespace of a cluster', () => {
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
});
