/** The suites of a cluster, on the stand-in for Kubernetes. test/cluster/contracts.test.ts plays them on a real one. */
import { afterEach, expect } from '@jest/globals';
import { JobReservations } from '../../adapters/kubernetes/job-reservations.ts';
import { groups } from '../../adapters/kubernetes/names.ts';
import { type FakeCluster, fakeCluster } from '../support/kubernetes/fake-cluster.ts';
import { namespaceSuite } from './suites/cluster-namespace.ts';
import { podsSuite } from './suites/cluster-pods.ts';
import { reservationsSuite } from './suites/reservations.ts';

const clusters: FakeCluster[] = [];

afterEach(async () => {
  for (const { stop, unmodelled } of clusters.splice(0)) {
    await stop();
    expect(unmodelled).toEqual([]);
  }
});

async function made(): Promise<FakeCluster> {
  const cluster = await fakeCluster();
  clusters.push(cluster);
  cluster.setNodes({ nodegroup: 'g', instanceType: 'm6i.large', count: 2 });
  return cluster;
}

const reservationsOf = (cluster: FakeCluster, group: string) =>
  new JobReservations({
    kubernetes: async (name) => (name === 'c' ? cluster.as(group) : undefined),
    imageOf: async (digest) => `repository:${digest}`,
    machineOf: async () => ({ vcpus: 2, memoryBytes: 8 * 2 ** 30, maxPods: 29, diskGiB: 30 }),
    ...{ bucket: 'b', region: 'us-east-1' },
  });

reservationsSuite('Kubernetes', async () => reservationsOf(await made(), groups.writers));
namespaceSuite('the stand-in', made);
podsSuite('the stand-in', async () => {
  const cluster = await made();
  return (group) => reservationsOf(cluster, group);
});
