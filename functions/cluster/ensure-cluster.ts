/** The stage EnsureCluster: a cluster with everything that workers need in it. */

import { clusterParts } from '../../core/cluster.ts';
import { AlreadyThere, NotOurs } from '../../core/errors/errors.ts';
import { errorOf, isFinal } from '../../core/errors/problem.ts';
import { type Step, waiting } from '../../core/step.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ClusterSpec, Clusters } from '../../ports/cluster/clusters.ts';

export interface ClusterRequest {
  want: ClusterSpec;
  /** Start of the execution, seconds since 1970. */
  since: number;
  /**
   * `begun`: ready when the cluster is active and its parts are being installed, so that the nodegroup can be created
   * meanwhile; `equipped` (default): ready when all parts work.
   */
  until?: 'begun' | 'equipped';
}

/** Maximum seconds until it is ready: EKS takes 8 to 15 minutes. */
const limit = 3600;

/**
 * Creates the cluster, repairs it, or finds it ready. A cluster whose creation failed is deleted and recreated.
 * @returns with `at`: when it was ready, seconds since 1970
 * @throws NotOurs, QuotaExceeded, AccessDenied, TookTooLong
 */
export const ensureCluster =
  ({ clusters, clock }: { clusters: Clusters; clock: Clock }) =>
  async ({ want, since, until = 'equipped' }: ClusterRequest): Promise<Step<{ at: number }>> => {
    const now = clock.now();
    const wait = (detail: string) => waiting(detail, { now, since, limit });
    const { name } = want;
    const found = await clusters.find(name);
    if (!found) {
      const version = want.version ?? (await clusters.newestVersion());
      await clusters.create({ ...want, version }).catch((error) => {
        // Another run was faster, or EKS does not list the new cluster yet.
        if (!(error instanceof AlreadyThere)) throw error;
      });
      return wait(`cluster ${name} is being created`);
    }
    if (!found.ours)
      throw new NotOurs(`cluster ${name} exists, and was not created by gcd-sfn`, {
        hint: 'Choose another name with --cluster.',
      });
    const stack = want.tags['gcd-sfn:stack'] ?? found.stack;
    // Pods would get this stack's role, and those of the other stack's runs would lose theirs.
    if (found.stack !== null && found.stack !== stack)
      throw new NotOurs(`cluster ${name} belongs to stack ${found.stack}`, {
        hint: 'Choose another name with --cluster.',
      });
    const obstacle = found.problems.find(isFinal);
    if (found.status === 'failed') {
      if (obstacle) throw errorOf(obstacle);
      await clusters.remove(name);
      return wait(`cluster ${name} could not be created; it is being deleted and recreated`);
    }
    if (found.status !== 'active')
      return wait(`cluster ${name} is ${found.status}${obstacle ? `: ${obstacle.message}` : ''}`);
    const disabled = (want.logs ?? []).filter((log) => !found.logs.includes(log));
    if (disabled.length > 0) {
      await clusters.keepLogs(name, [...found.logs, ...disabled]);
      return wait(`enabling the ${disabled.join(', ')} logs of cluster ${name}`);
    }
    const missing = clusterParts.filter((part) => !found.parts.includes(part));
    await allOf(missing.map((part) => clusters.equip(name, part)));
    if (missing.length === 0 || until === 'begun') return { state: 'ready', at: now };
    return wait(`installing ${missing.join(', ')} in cluster ${name}`);
  };

/** Waits for all, even if one fails. @throws the first error */
async function allOf(promises: Promise<void>[]): Promise<void> {
  for (const one of await Promise.allSettled(promises)) if (one.status === 'rejected') throw one.reason;
}
