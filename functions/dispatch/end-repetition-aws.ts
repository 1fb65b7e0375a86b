/** The stage EndRepetition of a run on AWS. */

import { WorkersFailed } from '../../core/errors/errors.ts';
import { isOver } from '../../core/run-store/status/control.ts';
import type { Store } from '../../core/store.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Reservations } from '../../ports/cluster/reservations.ts';

export interface EndRequest {
  execution: string;
  cluster: string;
  repetition: number;
  repetitions: number;
  /** Why not all batches were dispatched; null if all were. */
  stopped: { Error: string; Cause?: string | undefined } | null;
}

/** Seconds that workers' clocks may be ahead of this one: workers stop at the same deadline. */
const skew = 120;

/**
 * Another repetition follows while some are left, no stop was requested, and the budget lasts.
 * @throws WorkersFailed if the workers have failed for good, or batches were not dispatched although the run is not over
 */
export const endRemoteRepetition =
  ({ store, reservations, clock }: { store: Store; reservations: Reservations; clock: Clock }) =>
  async ({ execution, cluster, repetition, repetitions, stopped }: EndRequest) => {
    const at = clock.now();
    const next = repetition + 1;
    if (stopped) {
      if (await isOver(store, execution, at + skew)) return { again: false, repetition: next, at };
      throw new WorkersFailed(
        `batches could not be dispatched: ${stopped.Error}${stopped.Cause ? `: ${stopped.Cause}` : ''}`,
      );
    }
    const mine = (await reservations.list(cluster)).find((one) => one.execution === execution);
    if (mine?.state !== 'started')
      throw new WorkersFailed(mine?.workers.problems[0]?.message ?? 'the workers no longer exist');
    const over = await isOver(store, execution, at);
    return { again: !over && repetition < repetitions, repetition: next, at };
  };
