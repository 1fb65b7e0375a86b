/** Which executions that are running only cost money: the janitor stops them, and they are cleaned up after. */

import { readCosts } from '../../core/run-store/status/costs.ts';
import type { Store } from '../../core/store.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Reservation } from '../../ports/cluster/reservations.ts';

/** Seconds after its budget's deadline in which a run may end its tasks and give its nodes back. */
const graceSeconds = 900;

/**
 * @param one of an execution that is running
 * @returns why it is of no use to let it go on, in a sentence; undefined when it is
 */
export async function hopeless(
  { storeOf, clock }: { storeOf(run: string): Store; clock: Clock },
  { run, execution, state, workers }: Reservation,
): Promise<string | undefined> {
  // Its workers are not started any more: batches would wait for them, one after the other, as long as they may.
  if (state === 'failed') return workers.problems[0]?.message ?? 'the workers ended again and again';
  const deadline = (await readCosts(storeOf(run))).get(execution)?.deadline ?? null;
  if (deadline === null || clock.now() <= deadline + graceSeconds) return undefined;
  return `its budget was used up ${Math.round((clock.now() - deadline) / 60)} minutes ago, and it still has nodes`;
}
