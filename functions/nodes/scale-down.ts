import { nodesNeeded } from '../../core/reservations.ts';
import { pending, type Step } from '../../core/step.ts';
import type { Node } from '../../ports/cluster/nodegroups.ts';
import type { NodesPorts } from './scale-nodes.ts';

export interface ReleaseRequest {
  /** The one that ends: its reservation does not count, even if its workers could not be stopped; empty if none ends. */
  execution: string;
  want: { cluster: string; nodegroup: string };
}

/**
 * Scales a nodegroup down to what the remaining reservations need: to zero if there are none, else by nodes without
 * workers. Checks again after each change: a run that has meanwhile counted on nodes that were being released gets them
 * back. A nodegroup that does not exist is no error.
 * @returns with `at`: when it had the right size, seconds since 1970
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
      return pending('no run needs nodes');
    }
    const { nodes } = await nodegroups.nodes(cluster, nodegroup);
    const free = nodes.filter(isFree).slice(0, group.desired - wanted);
    // Nodes that others use, or that are still starting, are released when those runs end.
    if (free.length === 0) return ready();
    await nodegroups.terminate(
      cluster,
      nodegroup,
      free.map(({ name }) => name),
    );
    return pending(`releasing ${free.length} nodes; other runs need ${wanted}`);
  };

const isFree = ({ ready, executions }: Node) => ready && executions.length === 0;
