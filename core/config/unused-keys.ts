/** Notices about keys of config.yaml without an effect. */
import type { Config } from './config.ts';

/** Obsolete keys, each with its replacement. */
const obsolete: Record<string, string> = {
  num_worker_pods_per_namespace: 'see workers_per_node',
  interval_of_checking_sqs: 'results arrive without polling',
  interval_of_wait_pod_ready: 'the polling interval is fixed',
  is_celeryflower_on: 'Celery is not used any more',
  repeat_number_per_round: 'use start --repeat N',
};

/** Keys that apply to runs on a cluster only. */
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
 * At most three notices: obsolete keys, keys without an effect on this target, and `keep_images: false`.
 * @param config - `given`: keys that are set in the file
 */
export function notices(
  config: Pick<Config, 'given'> & { keepImages?: boolean },
  target: 'local' | 'eks',
): string[] {
  const unused = config.given.filter((key) => Object.hasOwn(obsolete, key));
  const idle = target === 'local' ? config.given.filter((key) => clusterOnly.has(key)) : [];
  const lines: string[] = [];
  if (unused.length > 0) {
    const each = unused.map((key) => `${key} (${obsolete[key]})`);
    lines.push(`config.yaml: obsolete and ignored: ${each.join(', ')}`);
  }
  if (idle.length > 0) lines.push(`config.yaml: no effect on local runs: ${idle.join(', ')}`);
  if (target === 'eks' && config.keepImages === false)
    lines.push('config.yaml: keep_images: false has no effect: images are kept until gcd-sfn cleanup --all');
  return lines;
}
