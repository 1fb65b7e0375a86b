/** What a reconcile step answers: it looked, did at most one thing, and says where it is. What cannot be is thrown. */
import { TookTooLong } from './errors.ts';

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
