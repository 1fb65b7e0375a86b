import { AlreadyThere, InUse } from '../../core/errors/errors.ts';
import { errorOf, isFinal } from '../../core/errors/problem.ts';
import { holdsNodes } from '../../core/reservations.ts';
import { refuseAbove, type StackLimits } from '../../core/stack.ts';
import { type Step, waiting } from '../../core/step.ts';
import type { Nodegroup, NodegroupSpec } from '../../ports/cluster/nodegroups.ts';
import type { NodesPorts } from './scale-nodes.ts';

export interface NodegroupRequest {
  want: NodegroupSpec;
  /** When the cluster was ready, seconds since 1970. */
  since: number;
}

const limit = 1800;
/** Age at which a nodegroup is recreated with a newer machine image, for its security fixes. */
const imageSeconds = 30 * 86_400;

/**
 * Creates the nodegroup, or finds it ready. One with another instance type is replaced if no run uses it; one that failed
 * is deleted and recreated.
 * @returns with `at`: when it was ready, seconds since 1970
 * @throws LimitExceeded, InUse, QuotaExceeded, AccessDenied, TookTooLong
 */
export const ensureNodegroup =
  ({ nodegroups, reservations, clock, limits }: NodesPorts) =>
  async ({ want: asked, since }: NodegroupRequest): Promise<Step<{ at: number }>> => {
    refuseAbove(limits, { nodegroup: asked });
    const want = { ...asked, maxNodes: Math.min(asked.maxNodes, limits.maxNodes) };
    const now = clock.now();
    const wait = (detail: string) => waiting(detail, { now, since, limit });
    const { cluster, name } = want;
    const found = await nodegroups.find(cluster, name);
    if (!found) {
      await nodegroups.create(want).catch((error) => {
        if (!(error instanceof AlreadyThere)) throw error;
      });
      return wait(`nodegroup ${name} is being created`);
    }
    if (found.status === 'failed') {
      const obstacle = found.problems.find(isFinal);
      if (obstacle) throw errorOf(obstacle);
      await nodegroups.remove(cluster, name);
      return wait(`nodegroup ${name} could not be created; it is being deleted and recreated`);
    }
    if (found.status !== 'active') return wait(`nodegroup ${name} is ${found.status}`);
    const reason = replacementReason(found, want, { now, limits });
    if (reason !== undefined) {
      const user = (await reservations.list(cluster)).find(
        (one) => one.nodegroup === name && holdsNodes(one),
      );
      if (!user) {
        await nodegroups.remove(cluster, name);
        return wait(`nodegroup ${name} has ${reason}, and is being replaced`);
      }
      // An old image or a smaller disk will do; another instance type will not.
      if (!isOfKind(found, want)) throw inUse(found, user.run);
    }
    await nodegroups.claim(want);
    if (found.maxNodes < want.maxNodes) {
      await nodegroups.resize(cluster, name, { maxNodes: want.maxNodes });
      // A degraded nodegroup may refuse the change until it has nodes: its current maximum will do.
      if (found.problems.length === 0)
        return wait(`raising the maximum of nodegroup ${name} to ${want.maxNodes} nodes`);
    }
    return { state: 'ready', at: now };
  };

/** What differs from the spec so that the nodegroup has to be replaced; undefined if nothing does. */
function replacementReason(
  found: Nodegroup,
  want: NodegroupSpec,
  { now, limits }: { now: number; limits: StackLimits },
): string | undefined {
  if (!isOfKind(found, want)) return found.instanceType;
  if (found.diskGiB < want.diskGiB || found.diskGiB > limits.maxDiskGiB)
    return `disks of ${found.diskGiB} GiB`;
  return now - found.since > imageSeconds ? 'a machine image that is over a month old' : undefined;
}

const isOfKind = (found: Nodegroup, want: NodegroupSpec) =>
  found.instanceType === want.instanceType && found.spot === want.spot && found.amiType === want.amiType;

const inUse = ({ name, instanceType, spot }: Nodegroup, run: string) =>
  new InUse(`nodegroup ${name} has ${instanceType}${spot ? ' (spot)' : ''}, and run ${run} uses it`, {
    hint: 'Omit --nodegroup_name: each instance type then gets a nodegroup of its own.',
  });
