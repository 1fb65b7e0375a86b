/** The ledger of a cluster, on the stand-in for Kubernetes. */
import { afterEach, expect } from '@jest/globals';
import { JobReservations } from '../../adapters/kubernetes/job-reservations.ts';
import { groups } from '../../adapters/kubernetes/names.ts';
import { type FakeCluster, fakeCluster } from '../support/kubernetes/fake-cluster.ts';
import { reservationsSuite } from './suites/reservations.ts';

const clusters: FakeCluster[] = [];

afterEach(async () => {
  for (const { stop, unmodelled } of clusters.splice(0)) {
    await stop();
    expect(unmodelled).toEqual([]);
  }
});

reservationsSuite('Kubernetes', async () => {
  const cluster = await fakeCluster();
  clusters.push(cluster);
  cluster.setNodes({ nodegroup: 'g', instanceType: 'm6i.large', count: 2 });
  return new JobReservations({
    kubernetes: async (name) => (name === 'c' ? cluster.as(groups.writers) : undefined),
    imageOf: async (digest) => `repository:${digest}`,
    machineOf: async () => ({ vcpus: 2, memoryBytes: 8 * 2 ** 30, maxPods: 29, diskGiB: 30 }),
    ...{ bucket: 'b', region: 'us-east-1' },
  });
});
