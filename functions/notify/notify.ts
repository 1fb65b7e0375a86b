/** The stage that tells somebody how an execution ended. */
import type { Notify } from '../../ports/config.ts';
import { type Cost, dollarsOf, readCosts } from '../../ports/costs.ts';
import { layout } from '../../ports/layout.ts';
import type { Notifier } from '../../ports/notifier.ts';
import { exists, type Store } from '../../ports/store.ts';
import { type Explained, explain, type Failure } from './explain.ts';

export interface NotifyPorts {
  notifier: Notifier;
  /** The run's store. */
  store: Store;
}

export interface Ended {
  run: string;
  execution: string;
  /** Why it failed; absent when it did not. */
  failure?: Failure;
  /** Only of a clean-up: its failures, by its states' names; the first of them counts. */
  failures?: Record<string, Failure>;
  /** Tasks; absent when nothing was gathered. */
  gathered?: { succeeded: number; failed: number; unfinished: number };
  warnings?: string[];
}

const longestSubject = 100;
const nothing: Explained = { error: '', cause: '' };

/**
 * Sends a message to whom config.yaml names, once an execution: a second time only when it was cut between sending
 * and noting it.
 * @returns why it failed, in a sentence; after a clean-up, why that failed, and whether it did
 * @throws AccessDenied, NotFound, Unreachable
 */
export const notify =
  ({ notifier, store }: NotifyPorts) =>
  async (to: Notify | null, ended: Ended): Promise<Explained & { failed: boolean }> => {
    const explained = ended.failure ? explain(ended.failure) : nothing;
    const [left] = Object.values(ended.failures ?? {});
    const mark = layout.notified(ended.execution);
    if (to && !(await exists(store, mark))) {
      const cost = (await readCosts(store)).get(ended.execution);
      await notifier.send(to, { subject: subjectOf(ended, explained), text: textOf(ended, explained, cost) });
      await store.write(mark, '');
    }
    return ended.failures
      ? { ...(left ? explain(left) : nothing), failed: left !== undefined }
      : { ...explained, failed: false };
  };

function subjectOf({ run, gathered }: Ended, { error }: Explained): string {
  const how = error
    ? 'failed'
    : (gathered?.failed ?? 0) + (gathered?.unfinished ?? 0) > 0
      ? 'is through'
      : 'is done';
  const subject = `gcd-sfn: run ${run} ${how}`;
  return subject.length > longestSubject ? `${subject.slice(0, longestSubject - 1)}…` : subject;
}

function textOf(
  { run, gathered, warnings }: Ended,
  { error, cause }: Explained,
  cost: Cost | undefined,
): string {
  const lines = [error ? `Run ${run} failed: ${cause}` : `Run ${run} has ended.`];
  if (gathered)
    lines.push(
      `Tasks: ${gathered.succeeded} succeeded, ${gathered.failed} failed, ${gathered.unfinished} not done.`,
    );
  if (cost?.to)
    lines.push(`Cost: about $${dollarsOf(cost, cost.to).toFixed(2)}, by the prices of ${cost.pricesOf}.`);
  lines.push(...(warnings ?? []), `Its results: gcd-sfn results ${run}`);
  if (error) lines.push(`To go on where it was: gcd-sfn resume ${run}`);
  return lines.join('\n');
}
