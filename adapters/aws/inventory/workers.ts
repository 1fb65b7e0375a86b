/** Workers: the Jobs of runs in a cluster. */
import type { Resource } from '../../../ports/account/inventory.ts';
import { label as names, namespace } from '../../kubernetes/names.ts';
import type { ResourceHandler } from './resource-kind.ts';

/** The fields of a Job that are used here. */
interface Job {
  metadata?: {
    name?: string;
    labels?: Record<string, string>;
    creationTimestamp?: Date;
    deletionTimestamp?: Date;
  };
}

/** The requests that are sent to a cluster; undefined when there is no such cluster. */
export type JobsOf = (cluster: string) => Promise<
  | {
      batch: {
        listNamespacedJob(request: { namespace: string; labelSelector: string }): Promise<{ items: Job[] }>;
        deleteNamespacedJob(request: {
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
 * A cluster that does not answer, or denies access, is listed without workers: they end with its nodes, which the inventory
 * lists, too.
 */
export function workers(kubernetes: JobsOf): ResourceHandler {
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
        // In the foreground: the Job exists until its pods are deleted.
        await clients?.batch
          .deleteNamespacedJob({ namespace, name: metadata?.name ?? '', propagationPolicy: 'Foreground' })
          .catch(() => undefined);
      }
    },
  };
}
