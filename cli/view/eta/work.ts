/** The work ahead, rebuilt from what the plan says of it. */

import type { ExpectedWork } from '../../../core/run-store/plan/plan.ts';
import { cutBatches } from '../../../functions/plan/tasks/batches.ts';

/** More tasks than these are taken several at a time: beyond that it is only slower, not more exact. */
const mostItems = 20_000;
/** The planner's, as far as they matter here. */
const limits = { tasks: 500, bytes: Number.POSITIVE_INFINITY, known: { most: 60, least: 0.01 } };

/** Tasks in the order in which they are handed out, and the batches that they are in. */
export interface Work {
  tasks: number;
  /** Expected work of each item, which is one task or as many as `perItem` says; their mean is 1. */
  weights: Float64Array;
  perItem: number;
  /** Where each batch begins among the items, and, last, where the last one ends. */
  batches: number[];
  /** Expected seconds that a weight of 1 stands for; undefined without a history. */
  unit: number | undefined;
}

export function workOf(tasks: number, { seconds, longest, curve }: ExpectedWork, workers: number): Work {
  const items = Math.min(tasks, mostItems);
  const perItem = tasks / items;
  const weights = Float64Array.from(
    { length: items },
    (_, item) => (at(curve, (item + 1) / items) - at(curve, item / items)) * items,
  );
  const longestWeight = seconds && longest ? (longest / seconds) * items : undefined;
  steepenFirst(weights, Math.round(items / (curve.length - 1)), longestWeight);
  const unit = seconds ? seconds / items : undefined;
  return { tasks, weights, perItem, batches: cut(weights, workers, perItem, unit), unit };
}

/** A piecewise linear curve's value, given its values at equal distances over [0, 1]. */
function at(curve: number[], share: number): number {
  const place = share * (curve.length - 1);
  const before = Math.min(Math.floor(place), curve.length - 2);
  const [from, to] = [curve[before] as number, curve[before + 1] as number];
  return from + (place - before) * (to - from);
}

/**
 * The curve's first step tells only the mean of its tasks, and its heaviest may decide when the run ends: gives them
 * weights that fall, as a power of their rank, from the longest (when it is known) to those of the second step.
 */
function steepenFirst(weights: Float64Array, step: number, longest: number | undefined): void {
  if (step < 2 || weights.length < 2 * step) return;
  const first = weights.subarray(0, step);
  const sum = first.reduce((a, b) => a + b);
  const next = weights[step] as number;
  if (next === 0 || sum <= 1.001 * step * next) return;
  const falling = (power: number) => (_: unknown, rank: number) =>
    longest ? next + (longest - next) * (rank + 1) ** -power : next * (step / (rank + 1)) ** power;
  let [low, high] = [0, 20];
  for (let n = 0; n < 40; n++) {
    const middle = (low + high) / 2;
    const total = first.map(falling(middle)).reduce((a, b) => a + b);
    // Steeper is less when it falls from the longest, and more when it rises to it.
    if (total > sum === Boolean(longest)) low = middle;
    else high = middle;
  }
  first.set(first.map(falling(low)));
}

function cut(weights: Float64Array, workers: number, perItem: number, unit: number | undefined): number[] {
  const order = Uint32Array.from(weights, (_, item) => item);
  const { tasks, bytes, known } = limits;
  const inUnits = unit ? { most: known.most / unit, least: known.least / unit } : {};
  const batches = [0];
  for (const [, end] of cutBatches(order, weights, new Uint8Array(weights.length), {
    slots: workers,
    tasks: Math.max(1, Math.round(tasks / perItem)),
    bytes,
    ...inUnits,
  }))
    batches.push(end);
  return batches;
}
