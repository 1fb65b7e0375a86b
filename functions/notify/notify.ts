/** The stage that tells somebody how an execution ended. */
import type { Notify } from '../../core/config/config.ts';
import { GcdError } from '../../core/errors/errors.ts';
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

/** As a Fail state takes it; empty when the execution did not fail. */
export interface Outcome {
  Error?: string;
  Cause?: string;
}

const longestSubject = 100;

/**
 * Makes a sentence of why the execution failed, if it did, and sends a message to whom config.yaml names: once an
 * execution of a run, a second time only when it was cut between sending and noting it. A message that cannot be sent
 * is no failure.
 * @param to null: nobody
 * @returns with `trouble`, why nobody could be told
 */
export const notify =
  ({ notifier, store }: NotifyPorts) =>
  async (to: Notify | null, ended: Ended): Promise<{ outcome: Outcome; trouble: string[] }> => {
    const outcome = sentence(ended.state);
    const trouble: string[] = [];
    if (to && isTold(ended))
      await tell({ notifier, store }, to, ended).catch((error) => {
        if (!(error instanceof GcdError)) throw error;
        trouble.push(`nobody could be told: ${error.message}`);
      });
    return { outcome, trouble };
  };

/** How the execution ended, for its last state. */
export function sentence(state: EndState): Outcome {
  const first = firstFailure(state);
  if (!first) return {};
  const { error, cause } = explain(first);
  return { Error: error, Cause: cause };
}

/** A clean-up that did not begin says nothing of the execution that it is for. */
const isTold = ({ execution, state }: Ended): boolean =>
  state.failures !== undefined || state.execution === undefined || state.execution === execution;

async function tell(
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
      ? 'is through'
      : 'is done';
  const subject = `gcd-sfn: run ${run} ${how}`;
  return subject.length > longestSubject ? `${subject.slice(0, longestSubject - 1)}…` : subject;
}

function textOf(
  { run, gathered, work }: EndState,
  explained: Explained | undefined,
  cost: Cost | undefined,
): string {
  const lines = [explained ? `Run ${run} failed: ${explained.cause}` : `Run ${run} has ended.`];
  if (gathered)
    lines.push(
      `Tasks: ${gathered.succeeded} succeeded, ${gathered.failed} failed, ${gathered.unfinished} not done.`,
    );
  if (cost?.to)
    lines.push(`Cost: about $${dollarsOf(cost, cost.to).toFixed(2)}, by the prices of ${cost.pricesOf}.`);
  const missing = work?.prepared.bastion?.Error;
  if (missing !== undefined) lines.push(`There is no bastion to debug from (${missing}).`);
  lines.push(`Its results: gcd-sfn results ${run}`);
  if (explained) lines.push(`To go on where it was: gcd-sfn resume ${run}`);
  return lines.join('\n');
}
