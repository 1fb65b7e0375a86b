/** How long an offer of a batch may take on AWS before the batch is offered anew: nobody would wait for ever for a lost one. */
import type { Config } from '../../core/config/config.ts';

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
