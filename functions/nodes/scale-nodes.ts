import { CapacityUnavailable, NotFound } from '../../core/errors/errors.ts';
import { errorOf, isFinal, type Problem } from '../../core/errors/problem.ts';
import { holdsNodes, nodesNeeded } from '../../core/reservations.ts';
import type { StackLimits } from '../../core/stack.ts';
import { refuseAbove } from '../../core/stack.ts';
import { pending, type Step } from '../../core/step.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Nodegroups } from '../../ports/cluster/nodegroups.ts';
import type { Reservation, Reservations } from '../../ports/cluster/reservations.ts';

/** What the stages of nodes look at: the machines, and who holds how many of them. */
export interface NodesPorts {
  nodegroups: Nodegroups;
  reservations: Reservations;
  clock: Clock;
  /** What they never exceed, whatever they are asked. */
  limits: StackLimits;
}

export interface ScaleRequest {
  execution: string;
  want: { cluster: string; nodegroup: string; waitSeconds: number };
  /** When the workers were reserved, seconds since 1970. */
  since: number;
}

export interface NodesReady {
  /** Nodes that are there for this run, and how many it asked for. */
  nodes: number;
  wanted: number;
  /** Why there are fewer than wanted; empty when there are not. */
  detail: string;
}

/**
 * Asks for the nodes of all live runs, and waits for those of this one: all of them, or when the wait time is over, or
 * when no more can come, at least one. Who reserved first is served first.
 * @throws LimitExceeded, QuotaExceeded, CapacityUnavailable, AccessDenied, NotFound when the execution has no reservation
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
    // It may be older than the limit.
    refuseAbove(limits, { nodegroup: group });

    const needed = Math.min(nodesNeeded(ledger, nodegroup), group.maxNodes, limits.maxNodes);
    if (group.desired < needed) {
      await nodegroups.resize(cluster, nodegroup, { desired: needed });
      return pending(`${needed} nodes are asked for`);
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
    // Another zone may have them.
    if (group.desired <= needed && missing.some(({ kind }) => kind === 'capacity'))
      await nodegroups.resize(cluster, nodegroup, { desired: needed });
    return pending(`${own} of ${wanted} nodes are ready: ${why}`);
  };

const hint =
  'Try again later, or try another instance_type; scale_eks_nodes_wait_time in config.yaml is how long it waits.';

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
