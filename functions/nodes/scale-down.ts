import { nodesNeeded } from '../../core/reservations.ts';
import { pending, type Step } from '../../core/step.ts';
import type { Node } from '../../ports/cluster/nodegroups.ts';
import type { NodesPorts } from './scale-nodes.ts';

export interface ReleaseRequest {
  /** The one that ends: it needs no nodes, even when its workers could not be stopped; empty when none does. */
  execution: string;
  want: { cluster: string; nodegroup: string };
}

/**
 * Shrinks a nodegroup to what live runs need: to zero when there is none, else by nodes on which no worker is. Looks
 * again after it has acted: a run that came meanwhile, and found nodes that were about to go, gets them back. What is
 * not there needs no shrinking.
 * @returns with `at`, when it was found as it is to be, in seconds since 1970
 */
export const releaseNodes =
  ({ nodegroups, reservations, clock, limits }: NodesPorts) =>
  async ({ execution, want: { cluster, nodegroup } }: ReleaseRequest): Promise<Step<{ at: number }>> => {
    const ready = () => ({ state: 'ready' as const, at: clock.now() });
    const others = (await reservations.list(cluster)).filter((one) => one.execution !== execution);
    const needed = nodesNeeded(others, nodegroup);
    const group = await nodegroups.find(cluster, nodegroup);
    if (!group || group.status === 'deleting') return ready();
    const wanted = Math.min(needed, group.maxNodes, limits.maxNodes);
    if (group.desired < wanted) {
      await nodegroups.resize(cluster, nodegroup, { desired: wanted });
      return pending(`another run needs ${wanted} nodes`);
    }
    if (group.desired === wanted) return ready();
    if (wanted === 0) {
      await nodegroups.resize(cluster, nodegroup, { desired: 0 });
      return pending('no run needs nodes any more');
    }
    const { nodes } = await nodegroups.nodes(cluster, nodegroup);
    const free = nodes.filter(isFree).slice(0, group.desired - wanted);
    // What others are on, or is only starting, goes when they end.
    if (free.length === 0) return ready();
    await nodegroups.terminate(
      cluster,
      nodegroup,
      free.map(({ name }) => name),
    );
    return pending(`${free.length} nodes are given back; other runs need ${wanted}`);
  };

const isFree = ({ ready, executions }: Node) => ready && executions.length === 0;
