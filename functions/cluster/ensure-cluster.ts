/** The stage that sees to a cluster with all that workers need in it. */

import { clusterParts } from '../../core/cluster.ts';
import { AlreadyThere, NotOurs } from '../../core/errors/errors.ts';
import { errorOf, isFinal } from '../../core/errors/problem.ts';
import { type Step, waiting } from '../../core/step.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ClusterSpec, Clusters } from '../../ports/cluster/clusters.ts';

export interface ClusterRequest {
  want: ClusterSpec;
  /** When the execution began, seconds since 1970. */
  since: number;
  /**
   * `begun`: ready when it is active and its parts are on their way, so that the nodegroup need not wait for them;
   * `equipped`, when nothing is said: when all of them work.
   */
  until?: 'begun' | 'equipped';
}

/** Seconds until it is ready: EKS takes 8 to 15 minutes. */
const limit = 3600;

/**
 * Makes the cluster, repairs it, or finds it ready. One whose making failed is removed and made anew.
 * @returns with `at`, when it was ready, in seconds since 1970
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
        // Another run was faster, or what was just made is not seen yet.
        if (!(error instanceof AlreadyThere)) throw error;
      });
      return wait(`cluster ${name} is being made`);
    }
    if (!found.ours)
      throw new NotOurs(`there is a cluster ${name} that gcd-sfn did not make`, {
        hint: 'Take another name with --cluster.',
      });
    const stack = want.tags['gcd-sfn:stack'] ?? found.stack;
    // Its pods would get this stack's role, and those of the other stack's runs lose theirs.
    if (found.stack !== null && found.stack !== stack)
      throw new NotOurs(`cluster ${name} belongs to stack ${found.stack}`, {
        hint: 'Take another name with --cluster.',
      });
    const obstacle = found.problems.find(isFinal);
    if (found.status === 'failed') {
      if (obstacle) throw errorOf(obstacle);
      await clusters.remove(name);
      return wait(`cluster ${name} could not be made, and is being removed to be made anew`);
    }
    if (found.status !== 'active')
      return wait(`cluster ${name} is ${found.status}${obstacle ? `: ${obstacle.message}` : ''}`);
    const unkept = (want.logs ?? []).filter((log) => !found.logs.includes(log));
    if (unkept.length > 0) {
      await clusters.keepLogs(name, [...found.logs, ...unkept]);
      return wait(`cluster ${name} has its ${unkept.join(', ')} logs kept from now on`);
    }
    const missing = clusterParts.filter((part) => !found.parts.includes(part));
    await allOf(missing.map((part) => clusters.equip(name, part)));
    if (missing.length === 0 || until === 'begun') return { state: 'ready', at: now };
    return wait(`cluster ${name} gets ${missing.join(', ')}`);
  };

/** Waits for all, also when one fails. @throws what the first of them has thrown */
async function allOf(begun: Promise<void>[]): Promise<void> {
  for (const one of await Promise.allSettled(begun)) if (one.status === 'rejected') throw one.reason;
}
