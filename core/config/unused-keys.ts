/** Notices about keys that have no effect. */
import type { Config } from './config.ts';

/** Obsolete keys, each with its replacement. */
const obsolete: Record<string, string> = {
  num_worker_pods_per_namespace: 'see workers_per_node',
  interval_of_checking_sqs: 'results arrive without polling',
  interval_of_wait_pod_ready: 'nodes and workers are polled at fixed intervals',
  is_celeryflower_on: 'Celery is not used any more',
  repeat_number_per_round: 'use start --repeat N',
};

/** Keys that only affect runs on a cluster. */
const clusterOnly = new Set([
  'instance_type',
  'max_nodes',
  'spot',
  'workers_per_node',
  'tags',
  'budget_usd',
  'notify',
  'saved_bucket',
  'saved_path_cloud',
  'keep_images',
  'follow_links',
  'bastion',
  'pod',
  'scale_eks_nodes_wait_time',
  'solver_lic_target_path_in_images_dest',
]);

/**
 * Up to three lines: obsolete keys, keys without effect on this target, and `keep_images: false`.
 * @param config - only `given` and `keepImages` are read
 */
export function notices(
  config: Pick<Config, 'given'> & { keepImages?: boolean },
  target: 'local' | 'eks',
): string[] {
  const ignored = config.given.filter((key) => Object.hasOwn(obsolete, key));
  const idle = target === 'local' ? config.given.filter((key) => clusterOnly.has(key)) : [];
  const lines: string[] = [];
  if (ignored.length > 0) {
    const each = ignored.map((key) => `${key} (${obsolete[key]})`);
    lines.push(`config.yaml: obsolete and ignored: ${each.join(', ')}`);
  }
  if (idle.length > 0) lines.push(`config.yaml: no effect on a run on this machine: ${idle.join(', ')}`);
  if (target === 'eks' && config.keepImages === false)
    lines.push('config.yaml: keep_images: false has no effect: images stay until gcd-sfn cleanup --all');
  return lines;
}
