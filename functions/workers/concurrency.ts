/** How many batches of a run are on their way at the same time. */

/** What a Distributed Map runs at once: docs.aws.amazon.com/step-functions/latest/dg/limits-overview.html */
const most = 10_000;

/**
 * One for each worker that is there, and some that wait besides, so that no worker idles while an execution for its next
 * batch starts. Workers that are wanted, but have no node, would let batches wait for nothing.
 * @param workers that have a place on a node
 */
export const concurrencyFor = (workers: number): number =>
  Math.min(most, workers + Math.max(4, Math.ceil(workers / 4)));
