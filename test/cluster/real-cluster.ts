/** The cluster of the suite: ours, or that of `$KUBECONFIG`. */

import { JobReservations } from '../../adapters/kubernetes/job-reservations.ts';
import { label, namespace } from '../../adapters/kubernetes/names.ts';
import { applyNamespace } from '../../adapters/kubernetes/namespace.ts';
import { NotFound } from '../../core/errors/errors.ts';
import { until } from '../contract/suites/poll-until.ts';
import { type Clients, clientsOf } from './kubernetes/clients.ts';
import { stubImage } from './kubernetes/settings.ts';

const admin = 'system:masters';
/** Polls for pods of a real kubelet: two minutes. */
export const patience = { looks: 240, pause: 0.5 };

export const isOurs = process.env.GCD_TEST_KUBECONFIG !== undefined;

/** The cluster with the namespace, and without Jobs and pods in it. */
export async function realCluster(): Promise<Clients> {
  const kubeconfig = process.env.GCD_TEST_KUBECONFIG ?? process.env.KUBECONFIG;
  if (!kubeconfig) throw new Error('there is no cluster: run the suite with `npm run test:cluster`');
  const cluster = clientsOf(kubeconfig);
  await applyNamespace(cluster.as(admin), 'gcd-sfn');
  await deleteJobs(cluster);
  return cluster;
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
