import { CapacityUnavailable, NotFound } from '../../core/errors/errors.ts';
import { errorOf, isFinal, type Problem } from '../../core/errors/problem.ts';
import { holdsNodes, nodesNeeded } from '../../core/reservations.ts';
import type { StackLimits } from '../../core/stack.ts';
import { refuseAbove } from '../../core/stack.ts';
import { pending, type Step } from '../../core/step.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Nodegroups } from '../../ports/cluster/nodegroups.ts';
import type { Reservation, Reservations } from '../../ports/cluster/reservations.ts';

/** Ports of the stages of nodes. */
export interface NodesPorts {
  nodegroups: Nodegroups;
  reservations: Reservations;
  clock: Clock;
  /** Maximum, whatever a run requests. */
  limits: StackLimits;
}

export interface ScaleRequest {
  execution: string;
  want: { cluster: string; nodegroup: string; waitSeconds: number };
  /** When the workers were reserved, seconds since 1970. */
  since: number;
}

export interface NodesReady {
  /** Nodes that are ready for this run, and how many it requested. */
  nodes: number;
  wanted: number;
  /** Why they are fewer than requested; empty if they are not. */
  detail: string;
}

/**
 * Requests the nodes of all reservations, and waits for those of this run: for all of them; after the wait time, or if no
 * more can come, for at least one. The earliest reservation gets nodes first.
 * @throws LimitExceeded, QuotaExceeded, CapacityUnavailable, AccessDenied; NotFound if the execution has no reservation
 */
export const scaleNodes =
  ({ nodegroups, reservations, clock, limits }: NodesPorts) =>
  async ({ execution, want, since }: ScaleRequest): Promise<Step<NodesReady>> => {
    const { cluster, nodegroup, waitSeconds } = want;
    const ledger = (await reservations.list(cluster)).filter(
      (one) => one.nodegroup === nodegroup && holdsNodes(one),
    );
    const mine = ledger.find((one) => one.execution === execution);
    if (!mine) throw new NotFound(`execution ${execution} has no reservation on cluster ${cluster}`);
    const group = await nodegroups.find(cluster, nodegroup);
    if (!group) throw new NotFound(`cluster ${cluster} has no nodegroup ${nodegroup}`);
    // The nodegroup may be older than the limit.
    refuseAbove(limits, { nodegroup: group });

    const needed = Math.min(nodesNeeded(ledger, nodegroup), group.maxNodes, limits.maxNodes);
    if (group.desired < needed) {
      await nodegroups.resize(cluster, nodegroup, { desired: needed });
      return pending(`${needed} nodes are requested`);
    }
    const { nodes, missing } = await nodegroups.nodes(cluster, nodegroup, { since, users: false });
    const before = nodesNeeded(
      ledger.filter((one) => isBefore(one, mine)),
      nodegroup,
    );
    const ready = nodes.filter((node) => node.ready).length;
    const own = Math.max(0, Math.min(mine.nodes, ready - before));
    const wanted = mine.nodes;
    if (own === wanted) return { state: 'ready', nodes: own, wanted, detail: '' };

    const obstacle = missing.find(isFinal);
    const over = clock.now() - since >= waitSeconds;
    const why = describe(missing, ledger, mine, before, needed);
    if (own > 0 && (obstacle || over)) return { state: 'ready', nodes: own, wanted, detail: why };
    if (obstacle) throw errorOf(obstacle);
    if (over) throw new CapacityUnavailable(`no node was ready after ${waitSeconds} s: ${why}`, { hint });
    // The same request again: another zone may have capacity.
    if (group.desired <= needed && missing.some(({ kind }) => kind === 'capacity'))
      await nodegroups.resize(cluster, nodegroup, { desired: needed });
    return pending(`${own} of ${wanted} nodes are ready: ${why}`);
  };

const hint =
  'Retry later, or use another instance_type; scale_eks_nodes_wait_time in config.yaml is the time to wait.';

const isBefore = (one: Reservation, other: Reservation) =>
  one.at < other.at || (one.at === other.at && one.execution < other.execution);

function describe(
  missing: Problem[],
  ledger: Reservation[],
  mine: Reservation,
  before: number,
  needed: number,
) {
  const [problem] = missing;
  if (problem) return problem.message;
  if (before + mine.nodes <= needed) return 'they are starting';
  const others = ledger.filter((one) => isBefore(one, mine)).map(({ run }) => run);
  return `the nodegroup's ${needed} nodes are used by ${others.join(', ')}`;
}
