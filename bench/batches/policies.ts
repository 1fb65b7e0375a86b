/** Ways to cut tasks into batches: each gives lists of task indices in the order in which they are handed out. */
import { cutBatches, heaviestFirst } from '../../core/estimate/batches.ts';

export type Policy = (weights: Float64Array, slots: number) => number[][];

const inOrder = (count: number) => Array.from({ length: count }, (_, index) => index);

/** One task at a time, in the list's order. */
export const firstCome: Policy = (weights) => inOrder(weights.length).map((index) => [index]);

/** Chunks of equal length in the list's order, eight a slot in all, as `multiprocessing.Pool.map` cuts four. */
export const fixedChunks: Policy = (weights, slots) => {
  const size = Math.ceil(weights.length / (8 * slots));
  const order = inOrder(weights.length);
  return Array.from({ length: Math.ceil(order.length / size) }, (_, n) =>
    order.slice(n * size, (n + 1) * size),
  );
};

/** Factoring (Hummel, Schonberg and Flynn, 1992): rounds of `slots` equal chunks that take half of what is left. */
export const factoring: Policy = (weights, slots) => {
  const order = inOrder(weights.length);
  const batches: number[][] = [];
  for (let start = 0; start < order.length; ) {
    const size = Math.max(1, Math.ceil((order.length - start) / (2 * slots)));
    for (let n = 0; n < slots && start < order.length; n++, start += size)
      batches.push(order.slice(start, start + size));
  }
  return batches;
};

/** What gcd-sfn does: heaviest first, at most 1/(3 × slots) of the weight that is left. */
export const ours: Policy = (weights, slots) => {
  const order = heaviestFirst(weights);
  const limits = { slots, tasks: 500, bytes: Number.POSITIVE_INFINITY, most: 60, least: 0.01 };
  const cuts = cutBatches(order, weights, new Uint8Array(weights.length), limits);
  return Array.from(cuts, ([start, end]) => [...order.subarray(start, end)]);
};
