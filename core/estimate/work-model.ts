/** The work of a repetition, rebuilt from what the plan says of it. */
import type { ExpectedWork } from '../run-store/plan/plan.ts';
import { cutBatches } from './batches.ts';

/** Of more tasks, several are one item: that is faster and hardly less exact. */
const mostItems = 20_000;
/** The planner's limits, as far as they matter here. */
const limits = { tasks: 500, bytes: Number.POSITIVE_INFINITY, known: { most: 60, least: 0.01 } };

/** Items in the order in which they are handed out, and the batches that they are in. */
export interface WorkModel {
  /** Expected work of each item; their mean is 1. */
  weights: Float64Array;
  tasksPerItem: number;
  /** Where each batch begins among the items, and, last, where the last one ends. */
  batches: number[];
  /** Expected seconds of a weight of 1; undefined without a history. */
  unit: number | undefined;
}

export function workModel(
  tasks: number,
  { seconds, longest, curve }: ExpectedWork,
  workers: number,
): WorkModel {
  const items = Math.min(tasks, mostItems);
  const tasksPerItem = tasks / items;
  const weights = Float64Array.from(
    { length: items },
    (_, item) => (valueAt(curve, (item + 1) / items) - valueAt(curve, item / items)) * items,
  );
  const longestWeight = seconds && longest ? (longest / seconds) * items : undefined;
  steepenFirst(weights, Math.round(items / (curve.length - 1)), longestWeight);
  const unit = seconds ? seconds / items : undefined;
  return { weights, tasksPerItem, batches: batchesOf(weights, workers, tasksPerItem, unit), unit };
}

/** A piecewise linear curve's value, given its values at equal distances over [0, 1]. */
function valueAt(curve: number[], share: number): number {
  const place = share * (curve.length - 1);
  const before = Math.min(Math.floor(place), curve.length - 2);
  const [from, to] = [curve[before] as number, curve[before + 1] as number];
  return from + (place - before) * (to - from);
}

/**
 * The curve's first step has only the mean of its tasks, and its heaviest task may decide when the run ends. Gives them
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
    // A steeper fall from the longest means less work; a steeper rise to the first means more.
    if (total > sum === Boolean(longest)) low = middle;
    else high = middle;
  }
  first.set(first.map(falling(low)));
}

/** Cuts batches as the planner does. */
function batchesOf(
  weights: Float64Array,
  workers: number,
  tasksPerItem: number,
  unit: number | undefined,
): number[] {
  const order = Uint32Array.from(weights, (_, item) => item);
  const { tasks, bytes, known } = limits;
  const inUnits = unit ? { most: known.most / unit, least: known.least / unit } : {};
  const cuts = cutBatches(order, weights, new Uint8Array(weights.length), {
    slots: workers,
    tasks: Math.max(1, Math.round(tasks / tasksPerItem)),
    bytes,
    ...inUnits,
  });
  return [0, ...Array.from(cuts, ([, end]) => end)];
}
