/** How large batches are to be, by who hands them out. */

import type { Config } from '../../../core/config/config.ts';
import type { BatchLimits } from '../../../core/estimate/batches.ts';
import type { Target } from '../../../core/target.ts';

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
