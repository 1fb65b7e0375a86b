/** The stage Notify: how an execution ended, as its outcome and as a message to whom config.yaml names. */

import type { Notify } from '../../core/config/config.ts';
import { GcdError } from '../../core/errors/errors.ts';
import { formatCount, formatDollars } from '../../core/format/numbers.ts';
import { layout } from '../../core/run-store/layout.ts';
import { type Cost, dollarsOf, readCosts } from '../../core/run-store/status/costs.ts';
import { exists, type Store } from '../../core/store.ts';
import type { Notifier } from '../../ports/account/notifier.ts';
import { type EndState, type Explained, explain, firstFailure } from './outcome.ts';

export interface NotifyPorts {
  notifier: Notifier;
  /** The run's store. */
  store: Store;
}

export interface Ended {
  /** Of this execution, a clean-up's or a run's. */
  execution: string;
  state: EndState;
}

/** Error and Cause of the Fail state; empty if the execution did not fail. */
export interface Outcome {
  Error?: string;
  Cause?: string;
}

const maxSubject = 100;

/**
 * Determines why the execution failed, if it did, and sends a message: once per execution of a run, twice only if the
 * function is killed between sending and recording it. A message that cannot be sent is no failure.
 * @param to null: no message
 * @returns with `trouble`: why the message could not be sent
 */
export const notify =
  ({ notifier, store }: NotifyPorts) =>
  async (to: Notify | null, ended: Ended): Promise<{ outcome: Outcome; trouble: string[] }> => {
    const outcome = sentence(ended.state);
    const trouble: string[] = [];
    if (to && isNotified(ended))
      await send({ notifier, store }, to, ended).catch((error) => {
        if (!(error instanceof GcdError)) throw error;
        trouble.push(`the notification could not be sent: ${error.message}`);
      });
    return { outcome, trouble };
  };

/** How the execution ended, for the Fail state. */
export function sentence(state: EndState): Outcome {
  const first = firstFailure(state);
  if (!first) return {};
  const { error, cause } = explain(first);
  return { Error: error, Cause: cause };
}

/** False for a clean-up whose first state failed: it knows nothing of the run's execution. */
const isNotified = ({ execution, state }: Ended): boolean =>
  state.failures !== undefined || state.execution === undefined || state.execution === execution;

async function send(
  { notifier, store }: NotifyPorts,
  to: Notify,
  { execution, state }: Ended,
): Promise<void> {
  const of = state.execution ?? execution;
  const mark = layout.notified(of);
  if (await exists(store, mark)) return;
  const failure = state.ended ?? firstFailure(state);
  const explained = failure && explain(failure);
  const cost = (await readCosts(store)).get(of);
  await notifier.send(to, { subject: subjectOf(state, explained), text: textOf(state, explained, cost) });
  await store.write(mark, '');
}

function subjectOf({ run, gathered }: EndState, explained: Explained | undefined): string {
  const how = explained
    ? 'failed'
    : (gathered?.failed ?? 0) + (gathered?.unfinished ?? 0) > 0
      ? 'has ended, not all tasks succeeded'
      : 'succeeded';
  const subject = `gcd-sfn: run ${run} ${how}`;
  return subject.length > maxSubject ? `${subject.slice(0, maxSubject - 1)}…` : subject;
}

function textOf(
  { run, gathered, work }: EndState,
  explained: Explained | undefined,
  cost: Cost | undefined,
): string {
  const lines = [explained ? `Run ${run} failed: ${explained.cause}` : `Run ${run} has ended.`];
  if (gathered)
    lines.push(
      `Tasks: ${formatCount(gathered.succeeded)} succeeded, ${formatCount(gathered.failed)} failed, ${formatCount(gathered.unfinished)} not done.`,
    );
  if (cost?.to)
    lines.push(`Cost: about ${formatDollars(dollarsOf(cost, cost.to))}, at prices of ${cost.pricesOf}.`);
  const missing = work?.prepared.bastion?.Error;
  if (missing !== undefined) lines.push(`The bastion could not be created (${missing}).`);
  lines.push(`Results: gcd-sfn results ${run}`);
  if (explained) lines.push(`To continue it: gcd-sfn resume ${run}`);
  return lines.join('\n');
}
