/** Workers: the Jobs of runs in a cluster. */
import type { Resource } from '../../../ports/account/inventory.ts';
import type { KubernetesClient } from '../../kubernetes/client.ts';
import { label as names } from '../../kubernetes/names.ts';
import type { Job } from '../../kubernetes/types.ts';
import type { ResourceHandler } from './resource-kind.ts';

/** Returns the client for a cluster; undefined when the cluster does not exist. */
export type JobsOf = (cluster: string) => Promise<Pick<KubernetesClient, 'list' | 'delete'> | undefined>;

const label = names.execution;

/**
 * A cluster that does not answer, or into which the caller may not look, has none that can be seen: they go with its
 * nodes, which the inventory names, too.
 */
export function workers(kubernetes: JobsOf): ResourceHandler {
  const jobs = async (cluster: string, labelSelector: string): Promise<Job[]> => {
    try {
      const client = await kubernetes(cluster);
      return (await client?.list('jobs', { labelSelector }, `workers in cluster ${cluster}`)) ?? [];
    } catch {
      return [];
    }
  };

  return {
    async list(clusters) {
      const found: Resource[] = [];
      for (const { name: cluster } of clusters)
        for (const { metadata = {} } of await jobs(cluster, label)) {
          const { labels = {}, creationTimestamp } = metadata;
          const since = creationTimestamp ? Date.parse(creationTimestamp) / 1000 : null;
          found.push({ kind: 'workers', name: labels[label] ?? '', cluster, since });
        }
      return found;
    },

    async state({ name, cluster }) {
      const found = await jobs(cluster ?? '', `${label}=${name}`);
      if (found.length === 0) return 'deleted';
      return found.every(({ metadata }) => metadata?.deletionTimestamp) ? 'deleting' : 'exists';
    },

    async remove({ name, cluster }) {
      for (const { metadata } of await jobs(cluster ?? '', `${label}=${name}`)) {
        const client = await kubernetes(cluster ?? '').catch(() => undefined);
        // In the foreground: the Job exists until its pods are deleted.
        const options = { propagationPolicy: 'Foreground' } as const;
        await client
          ?.delete('jobs', metadata?.name ?? '', options, `workers of ${name}`)
          .catch(() => undefined);
      }
    },
  };
}
