/** Workers: the Jobs of runs in a cluster. */
import type { Resource } from '../../../ports/account/inventory.ts';
import { label as names, namespace } from '../../kubernetes/names.ts';
import type { Part } from './resource-kind.ts';

/** What is looked at of a Job. */
interface Job {
  metadata?: {
    name?: string;
    labels?: Record<string, string>;
    creationTimestamp?: Date;
    deletionTimestamp?: Date;
  };
}

/** What is asked of the clients for a cluster; undefined: there is no such cluster. */
export type JobsOf = (cluster: string) => Promise<
  | {
      batch: {
        listNamespacedJob(asked: { namespace: string; labelSelector: string }): Promise<{ items: Job[] }>;
        deleteNamespacedJob(asked: {
          namespace: string;
          name: string;
          propagationPolicy: string;
        }): Promise<unknown>;
      };
    }
  | undefined
>;

const label = names.execution;

/**
 * A cluster that does not answer, or into which the caller may not look, has none that can be seen: they go with its
 * nodes, which the inventory names, too.
 */
export function workersPart(kubernetes: JobsOf): Part {
  const jobs = async (cluster: string, labelSelector: string): Promise<Job[]> => {
    const found = await kubernetes(cluster)
      .then((clients) => clients?.batch.listNamespacedJob({ namespace, labelSelector }))
      .catch(() => undefined);
    return found?.items ?? [];
  };

  return {
    async list(clusters) {
      const found: Resource[] = [];
      for (const { name: cluster } of clusters)
        for (const { metadata = {} } of await jobs(cluster, label)) {
          const { labels = {}, creationTimestamp } = metadata;
          const since = creationTimestamp ? new Date(creationTimestamp).getTime() / 1000 : null;
          found.push({ kind: 'workers', name: labels[label] ?? '', cluster, since });
        }
      return found;
    },

    async state({ name, cluster }) {
      const found = await jobs(cluster ?? '', `${label}=${name}`);
      if (found.length === 0) return 'gone';
      return found.every(({ metadata }) => metadata?.deletionTimestamp) ? 'going' : 'there';
    },

    async remove({ name, cluster }) {
      for (const { metadata } of await jobs(cluster ?? '', `${label}=${name}`)) {
        const clients = await kubernetes(cluster ?? '').catch(() => undefined);
        // In the foreground: the Job is there until its pods are gone.
        await clients?.batch
          .deleteNamespacedJob({ namespace, name: metadata?.name ?? '', propagationPolicy: 'Foreground' })
          .catch(() => undefined);
      }
    },
  };
}
