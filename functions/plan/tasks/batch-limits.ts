/** Size and timeout of batches, on this machine and on AWS. */

import type { Config } from '../../../core/config/config.ts';
import type { BatchLimits } from '../../../core/estimate/batches.ts';
import type { Target } from '../../../core/target.ts';

/** Maximum of a line of batch-tasks.jsonl, which is also a message to a worker. */
const always = { tasks: 500, bytes: 192 * 1024 };

/** On one machine a batch costs next to nothing. Seconds. */
const local = { most: 60, least: 0.01 };
/**
 * On AWS a batch costs as much as some eight seconds of a vCPU, so it should take minutes; but at the end no worker should
 * have much more to do than others: at most `share` of an equal part. Seconds.
 */
const onAws = { share: 2, most: 450, least: { from: 2, to: 60, share: 0.03 } };
/** The same share if durations are unknown. */
const unknownShare = 0.02;

interface Ahead {
  /** Sum of the weights of all tasks, and their number. */
  total: number;
  tasks: number;
  /** Whether weights are seconds. */
  known: boolean;
}

/** The limits of a run's batches. @param slots number of workers */
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

/** Seconds after which a message that no worker has taken is sent again: the definition's HeartbeatSeconds. */
const waiting = 1200;
/** Seconds after which a worker returns the rest of a batch (worker/gcd_worker/agent/environment.py). */
const slice = 600;
/** Seconds for the first data file and for writing records, on a bad day. */
const leeway = 3600;
/**
 * A year: the maximum of an execution and of a task token. Lost workers are found by their missing heartbeats.
 * https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
 */
const longest = 31_536_000;

/** Seconds from dispatching a batch to the worker's answer, which may have to wait for all attempts of a task. */
export function batchTimeout({
  taskTimeoutSeconds,
  maxAttempts,
}: Pick<Config, 'taskTimeoutSeconds' | 'maxAttempts'>): number {
  if (taskTimeoutSeconds === null) return longest;
  return Math.ceil(Math.min(waiting + slice + leeway + taskTimeoutSeconds * maxAttempts, longest));
}
