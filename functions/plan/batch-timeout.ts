/** How long a batch may take on AWS before it is handed out again: nobody would wait for ever for one that is lost. */
import type { Config } from '../../ports/config.ts';

/** Seconds. A message that waits longer than this in its queue is sent anew: the definition's HeartbeatSeconds. */
const waiting = 1200;
/** SQS keeps a message hidden for 12 hours at most, from when a worker takes it; less some minutes to report. */
const longest = 12 * 3600 - 600;
/** How many times longer than in an earlier run a batch may take: other machines, other data, a share of a node. */
const spread = 10;
/** Seconds for an attempt at a task that config.yaml sets no limit to. */
const patience = 3600;

/**
 * Seconds from sending a batch to its end, at least the time that it may wait and all attempts at one of its tasks.
 * @param expected seconds that its tasks took in an earlier run; null when nobody knows
 */
export function batchTimeout(
  { tasks, expected }: { tasks: number; expected: number | null },
  { taskTimeoutSeconds, maxAttempts }: Pick<Config, 'taskTimeoutSeconds' | 'maxAttempts'>,
): number {
  const attempts = (taskTimeoutSeconds ?? patience) * maxAttempts;
  const most = taskTimeoutSeconds === null ? longest : tasks * attempts;
  const work = expected === null ? most : spread * expected + attempts;
  return Math.ceil(Math.min(waiting + work, longest));
}
