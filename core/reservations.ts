/** What follows from the reservations of a cluster (ports/cluster/reservations.ts): nodes to run, batches to dispatch. */

interface Reserved {
  state: 'reserved' | 'started' | 'stopping' | 'failed';
  nodegroup: string;
  nodes: number;
}

/** Whether the reservation still counts towards the nodes of its group. */
export const holdsNodes = ({ state }: Pick<Reserved, 'state'>): boolean =>
  state === 'reserved' || state === 'started';

/** Nodes that these reservations need together in a nodegroup. */
export const nodesNeeded = (reservations: Reserved[], nodegroup: string): number =>
  reservations
    .filter((one) => one.nodegroup === nodegroup && holdsNodes(one))
    .reduce((sum, { nodes }) => sum + nodes, 0);

/** Maximum parallel child executions of a Distributed Map: docs.aws.amazon.com/step-functions/latest/dg/limits-overview.html */
const maxChildren = 10_000;

/**
 * MaxConcurrency of the Map: a batch for each worker and a few more, so that no worker idles while the execution of its
 * next batch starts.
 * @param workers that run, or will within seconds: batches of workers without a node would only wait
 */
export const batchConcurrency = (workers: number): number =>
  Math.min(maxChildren, workers + Math.max(4, Math.ceil(workers / 4)));
