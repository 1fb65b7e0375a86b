/** How many batches of a run are on their way at the same time. */

/** What a Distributed Map runs at once: docs.aws.amazon.com/step-functions/latest/dg/limits-overview.html */
const most = 10_000;

/**
 * One for each worker, and some that wait besides, so that no worker idles while an execution for its next batch starts.
 * @param workers that are there, or will be in a moment: for those that have no node, batches would only wait
 */
export const concurrencyFor = (workers: number): number =>
  Math.min(most, workers + Math.max(4, Math.ceil(workers / 4)));
