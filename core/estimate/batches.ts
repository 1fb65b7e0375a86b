/** Batches by guided self-scheduling: large ones first, small ones last. */
import { argsortDescending } from '../values/argsort.ts';

// Globals are slow to reach where modules run in a context of their own, as under test.
const { max, min } = Math;

export interface BatchLimits {
  /** Workers that will take batches at the same time. */
  slots: number;
  /** Most tasks in a batch: what is lost when its worker is. */
  tasks: number;
  /** Most bytes that a batch's tasks may take on the wire. */
  bytes: number;
  /** Most and least weight of a batch of several tasks; unlimited when absent. */
  most?: number;
  least?: number;
  /** A batch may be 1 / (share × slots) of what remains; at least 1. */
  share?: number;
  /** Where weights may mean nothing: no more tasks than their share of those that remain, or than this, if that is more. */
  leastTasks?: number;
}

/** How large a share of what remains a batch may be, unless it is said: 1 / (share × slots). */
const usualShare = 3;

/**
 * The order in which tasks are handed out: heavy ones first; equal ones as they stand in the manifest, so
 * that the tasks of one file stay together.
 * @param weights expected work of each task, in any one unit, from 0 on
 */
export function heaviestFirst(weights: Float64Array): Uint32Array {
  return argsortDescending(weights);
}

/**
 * Cuts an order of tasks into batches, none of them empty. A batch ends before its weight would pass
 * remaining weight / (share × slots), share being 3 unless it is said (or `least`, if that is more), or a limit; a task that is heavier than that is a batch of its own.
 * Hence, when the order is by falling weight and the weights are right, no worker ends later than the
 * lower bound max(total/slots, heaviest) plus the weight of the heaviest task (or `least`, if that is more).
 * @yields [start, end) of each batch, as positions in `order`
 */
export function* cutBatches(
  order: Uint32Array,
  weights: Float64Array,
  bytes: ArrayLike<number>,
  limits: BatchLimits,
): Generator<[start: number, end: number]> {
  let remaining = weights.reduce((sum, weight) => sum + weight, 0);
  const { most = Number.POSITIVE_INFINITY, least = 0, leastTasks = Number.POSITIVE_INFINITY } = limits;
  const { share = usualShare } = limits;
  let start = 0;
  while (start < order.length) {
    const target = min(max(remaining / (share * limits.slots), least), most);
    const fair = max((order.length - start) / (share * limits.slots), leastTasks);
    const count = min(limits.tasks, fair);
    let weight = 0;
    let size = 0;
    let end = start;
    do {
      weight += weights[order[end] as number] as number;
      size += bytes[order[end] as number] as number;
      end++;
    } while (
      end < order.length &&
      end - start + 1 <= count &&
      weight + (weights[order[end] as number] as number) <= target &&
      size + (bytes[order[end] as number] as number) <= limits.bytes
    );
    yield [start, end];
    remaining -= weight;
    start = end;
  }
}
