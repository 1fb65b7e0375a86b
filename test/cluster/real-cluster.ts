/** The cluster of the suite: ours, or that of `$KUBECONFIG`. */

import { afterAll, beforeAll } from '@jest/globals';
import { JobReservations } from '../../adapters/kubernetes/job-reservations.ts';
import { label, namespace } from '../../adapters/kubernetes/names.ts';
import { applyNamespace } from '../../adapters/kubernetes/namespace.ts';
import { NotFound } from '../../core/errors/errors.ts';
import { until } from '../contract/suites/poll-until.ts';
import { type Clients, clientsOf } from './kubernetes/clients.ts';
import { removeCluster, startCluster } from './kubernetes/cluster.ts';
import { stubImage } from './kubernetes/settings.ts';

const admin = 'system:masters';
/** Polls for pods of a real kubelet: two minutes. */
export const patience = { looks: 240, pause: 0.5 };

/** A cold start builds Kubernetes. */
const startMs = 30 * 60_000;
/** The instance that the node plays. */
const own = 'i-00000000000000001';

/**
 * Gives a test file the cluster of `$KUBECONFIG`, or else one of its own.
 * @returns a function for tests: the cluster with the namespace, and without Jobs and pods in it
 */
export function useCluster(): () => Promise<Clients> {
  let kubeconfig = process.env.KUBECONFIG;
  if (!kubeconfig) {
    beforeAll(async () => {
      kubeconfig = await startCluster({ nodegroup: 'g', instance: own });
    }, startMs);
    afterAll(removeCluster, startMs);
  }
  return async () => {
    const cluster = clientsOf(kubeconfig as string);
    await applyNamespace(cluster.as(admin), 'gcd-sfn');
    await deleteJobs(cluster);
    return cluster;
  };
}

/** The ledger of cluster `c`, seen by a user of this group. */
export const reservationsOf = (cluster: Clients, group: string): JobReservations =>
  new JobReservations({
    kubernetes: async (name) => (name === 'c' ? cluster.as(group) : undefined),
    imageOf: async () => stubImage,
    machineOf: async () => ({ vcpus: 2, memoryBytes: 8 * 2 ** 30, maxPods: 29, diskGiB: 30 }),
    ...{ bucket: 'b', region: 'us-east-1' },
  });

/** Without waiting for grace periods. The pods before the namespace: in one that is being deleted, their finalizers stay. */
async function deleteJobs(cluster: Clients): Promise<void> {
  const kubernetes = cluster.as(admin);
  const { core } = cluster.official(admin);
  const jobs = await kubernetes.list('jobs', {}, 'all jobs');
  for (const { metadata } of jobs)
    await kubernetes
      .delete('jobs', metadata?.name ?? '', { propagationPolicy: 'Foreground' }, 'a job')
      .catch((error) => {
        if (!(error instanceof NotFound)) throw error;
      });
  await core.deleteCollectionNamespacedPod({
    ...{ namespace, labelSelector: `${label.managedBy}=gcd-sfn` },
    body: { gracePeriodSeconds: 1 },
  });
  await until(
    async () => [
      ...(await kubernetes.list('jobs', {}, 'all jobs')),
      ...(await kubernetes.list('pods', {}, 'all pods')),
    ],
    (left) => left.length === 0,
    patience,
  );
}
