/** Result of a reconcile step, which checks, changes at most one thing, and returns. Final failures are thrown. */
import { Pending, TookTooLong } from './errors/errors.ts';

export type Step<Ready = unknown> = ({ state: 'ready' } & Ready) | { state: 'pending'; detail: string };

export const pending = (detail: string): { state: 'pending'; detail: string } => ({
  state: 'pending',
  detail,
});

/**
 * Result of a step that has to wait.
 * @param limit timeout in seconds since `since`
 * @throws TookTooLong
 */
export function waiting(
  detail: string,
  { now, since, limit }: { now: number; since: number; limit: number },
): { state: 'pending'; detail: string } {
  if (now - since < limit) return pending(detail);
  throw new TookTooLong(`after ${Math.round((now - since) / 60)} minutes: ${detail}`);
}

/** What a pending step waits for; undefined for any other result. */
export function pendingOf(answer: unknown): string | undefined {
  const { state, detail } = Object(answer) as { state?: unknown; detail?: unknown };
  return state === 'pending' && typeof detail === 'string' ? detail : undefined;
}

/**
 * The result of a step for a definition: pending becomes an error, on which the definition retries.
 * @throws Pending
 */
export function settled<Answer>(answer: Answer): Answer {
  const detail = pendingOf(answer);
  if (detail === undefined) return answer;
  const error = new Pending(detail);
  // Step Functions stores the stack in the cause of every retry.
  error.stack = `${error.name}: ${detail}`;
  throw error;
}
