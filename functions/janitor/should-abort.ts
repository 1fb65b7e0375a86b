/** Which running executions only cost money: the janitor stops them, and their clean-up follows. */

import { readCosts } from '../../core/run-store/status/costs.ts';
import type { Store } from '../../core/store.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Reservation } from '../../ports/cluster/reservations.ts';

/** Seconds after its budget's deadline in which a run may end its tasks and release its nodes. */
const graceSeconds = 900;

/**
 * @param one of an execution that is running
 * @returns why the execution should be stopped, as a sentence; undefined if it should go on
 */
export async function abortReason(
  { storeOf, clock }: { storeOf(run: string): Store; clock: Clock },
  { run, execution, state, workers }: Reservation,
): Promise<string | undefined> {
  // Its workers are not restarted any more: each batch would wait for them until its timeout.
  if (state === 'failed') return workers.problems[0]?.message ?? 'the workers failed repeatedly';
  const deadline = (await readCosts(storeOf(run))).get(execution)?.deadline ?? null;
  if (deadline === null || clock.now() <= deadline + graceSeconds) return undefined;
  return `its budget was used up ${Math.round((clock.now() - deadline) / 60)} minutes ago, and it still has nodes`;
}
