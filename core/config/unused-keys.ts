/** Lines for the user about keys that do nothing. */
import type { Config } from './config.ts';

/** Keys that have lost their meaning, each with what takes its place. */
const obsolete: Record<string, string> = {
  num_worker_pods_per_namespace: 'see workers_per_node',
  interval_of_checking_sqs: 'results arrive without asking',
  interval_of_wait_pod_ready: 'how often nodes and workers are looked at is fixed',
  is_celeryflower_on: 'there is no Celery any more',
  repeat_number_per_round: 'use start --repeat N',
};

/** Keys that only a run on a cluster heeds. */
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
 * At most two lines: the given keys that have no meaning any more, and those that have no effect on this target.
 * @param config - only its `given` is looked at, and whether images are to go
 */
export function notices(
  config: Pick<Config, 'given'> & { keepImages?: boolean },
  target: 'local' | 'eks',
): string[] {
  const gone = config.given.filter((key) => Object.hasOwn(obsolete, key));
  const idle = target === 'local' ? config.given.filter((key) => clusterOnly.has(key)) : [];
  const lines: string[] = [];
  if (gone.length > 0) {
    const each = gone.map((key) => `${key} (${obsolete[key]})`);
    lines.push(`config.yaml: no meaning any more, and ignored: ${each.join(', ')}`);
  }
  if (idle.length > 0) lines.push(`config.yaml: no effect on a run on this machine: ${idle.join(', ')}`);
  if (target === 'eks' && config.keepImages === false)
    lines.push('config.yaml: keep_images: false has no effect: images stay until gcd-sfn cleanup --all');
  return lines;
}
