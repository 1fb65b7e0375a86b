/** What a reconcile step answers: it looked, did at most one thing, and says where it is. What cannot be is thrown. */
import { Pending, TookTooLong } from './errors/errors.ts';

export type Step<Ready = unknown> = ({ state: 'ready' } & Ready) | { state: 'pending'; detail: string };

export const pending = (detail: string): { state: 'pending'; detail: string } => ({
  state: 'pending',
  detail,
});

/**
 * The answer of a step that has to wait.
 * @param limit seconds since `since` after which it has waited for too long
 * @throws TookTooLong
 */
export function waiting(
  detail: string,
  { now, since, limit }: { now: number; since: number; limit: number },
): { state: 'pending'; detail: string } {
  if (now - since < limit) return pending(detail);
  throw new TookTooLong(`after ${Math.round((now - since) / 60)} minutes: ${detail}`);
}

/** What a pending step waits for; undefined for every other answer. */
export function pendingOf(answer: unknown): string | undefined {
  const { state, detail } = Object(answer) as { state?: unknown; detail?: unknown };
  return state === 'pending' && typeof detail === 'string' ? detail : undefined;
}

/**
 * The answer of a step as a definition takes it: one that has to be asked again is an error, on which it retries.
 * @throws Pending
 */
export function settled<Answer>(answer: Answer): Answer {
  const detail = pendingOf(answer);
  if (detail === undefined) return answer;
  const error = new Pending(detail);
  // Step Functions keeps it in the cause, once a look.
  error.stack = `${error.name}: ${detail}`;
  throw error;
}
