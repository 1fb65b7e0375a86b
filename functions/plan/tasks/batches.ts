/** Batches by guided self-scheduling: large ones first, small ones last. */

import type { Config } from '../../../core/config/config.ts';
import type { Target } from '../../../core/target.ts';
import { fallingOrder } from '../../../core/values/argsort.ts';

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
  return fallingOrder(weights);
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

/** Of a line of batch-tasks.jsonl, and of what one order to a worker holds. */
const always = { tasks: 500, bytes: 192 * 1024 };

/** On one machine a batch costs next to nothing, and is done as soon as a task of it is. Seconds. */
const local = { most: 60, least: 0.01 };
/**
 * On AWS each costs as much as some eight seconds of a vCPU, so that it is to be worth minutes; but no worker is to have
 * much more to do at the end than others: no more than this share of what falls to each. Seconds.
 */
const onAws = { share: 2, most: 450, least: { from: 2, to: 60, share: 0.03 } };
/** The same share where nobody knows how long tasks take. */
const unknownShare = 0.02;

interface Ahead {
  /** Sum of the weights of all tasks, and how many they are. */
  total: number;
  tasks: number;
  /** Whether weights are seconds. */
  known: boolean;
}

/** The limits of a run's batches. @param slots workers that will take them at the same time */
export function batchLimits(
  kind: Target['kind'],
  slots: number,
  { total, tasks, known }: Ahead,
): BatchLimits {
  const common = { ...always, slots };
  if (kind === 'local') return { ...common, ...(known && local) };
  if (!known)
    return {
      ...common,
      share: onAws.share,
      least: (unknownShare * total) / slots,
      leastTasks: Math.ceil((unknownShare * tasks) / slots),
    };
  const { most, share, least } = onAws;
  const fair = (least.share * total) / slots;
  return { ...common, most, share, least: Math.min(least.to, Math.max(least.from, fair)) };
}

/** Seconds. A message that waits longer than this in its queue is sent anew: the definition's HeartbeatSeconds. */
const waiting = 1200;
/** A worker gives back what is left of a batch after so long (worker/gcd_worker/agent/environment.py). */
const slice = 600;
/** For the first data file, and for writing down what was done, on a bad day. */
const leeway = 3600;
/**
 * A year: an execution lasts no longer, nor does the token of a batch. Workers that are gone are found by their heartbeats.
 * https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
 */
const longest = 31_536_000;

/** Seconds from offering a batch to the worker's answer: the running task ends first, with all attempts that it may have. */
export function batchTimeout({
  taskTimeoutSeconds,
  maxAttempts,
}: Pick<Config, 'taskTimeoutSeconds' | 'maxAttempts'>): number {
  if (taskTimeoutSeconds === null) return longest;
  return Math.ceil(Math.min(waiting + slice + leeway + taskTimeoutSeconds * maxAttempts, longest));
}
