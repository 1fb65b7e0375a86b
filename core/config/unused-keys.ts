<<<<<<< HEAD
/** Notices about keys of config.yaml without an effect. */
=======
/** Notices about keys that have no effect. */
>>>>>>> integration

import type { Config } from './config.ts';

/** Obsolete keys, each with its replacement. */
const obsolete: Record<string, string> = {
  num_worker_pods_per_namespace: 'see workers_per_node',
  interval_of_checking_sqs: 'results arrive without polling',
<<<<<<< HEAD
  interval_of_wait_pod_ready: 'the polling interval is fixed',
=======
  interval_of_wait_pod_ready: 'nodes and workers are polled at fixed intervals',
>>>>>>> integration
  is_celeryflower_on: 'Celery is not used any more',
  repeat_number_per_round: 'use start --repeat N',
};

<<<<<<< HEAD
/** Keys that apply to runs on a cluster only. */
=======
/** Keys that only affect runs on a cluster. */
>>>>>>> integration
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
<<<<<<< HEAD
 * At most three notices: obsolete keys, keys without an effect on this target, and `keep_images: false`.
 * @param config - `given`: keys that are set in the file
=======
 * Up to three lines: obsolete keys, keys without effect on this target, and `keep_images: false`.
 * @param config - only `given` and `keepImages` are read
>>>>>>> integration
 */
export function notices(
  config: Pick<Config, 'given'> & { keepImages?: boolean },
  target: 'local' | 'eks',
): string[] {
  const unused = config.given.filter((key) => Object.hasOwn(obsolete, key));
  const idle = target === 'local' ? config.given.filter((key) => clusterOnly.has(key)) : [];
  const lines: string[] = [];
<<<<<<< HEAD
  if (unused.length > 0) {
    const each = unused.map((key) => `${key} (${obsolete[key]})`);
=======
  if (gone.length > 0) {
    const each = gone.map((key) => `${key} (${obsolete[key]})`);
>>>>>>> integration
    lines.push(`config.yaml: obsolete and ignored: $each.join(', ')`);
  }
  if (idle.length > 0) lines.push(`config.yaml: no effect on local runs: $idle.join(', ')`);
  if (target === 'eks' && config.keepImages === false)
    lines.push('config.yaml: keep_images: false has no effect: images are kept until gcd-sfn cleanup --all');
  return lines;
}
