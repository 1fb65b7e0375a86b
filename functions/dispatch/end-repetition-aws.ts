/** The stage between two repetitions of a run whose workers are elsewhere. */

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
  /** Why batches were not handed out to the last one; null when they were. */
  stopped: { Error: string; Cause?: string | undefined } | null;
}

/** Seconds by which the clocks of workers, which know a deadline too, may go ahead of this one. */
const skew = 120;

/**
 * Another repetition follows while some are left, nobody asked for a stop, and the budget lasts.
 * @throws WorkersFailed when the workers ended for good, or batches were not handed out although the run is not over
 */
export const endRemoteRepetition =
  ({ store, reservations, clock }: { store: Store; reservations: Reservations; clock: Clock }) =>
  async ({ execution, cluster, repetition, repetitions, stopped }: EndRequest) => {
    const at = clock.now();
    const next = repetition + 1;
    if (stopped) {
      if (await isOver(store, execution, at + skew)) return { again: false, repetition: next, at };
      throw new WorkersFailed(
        `batches could not be handed out: ${stopped.Error}${stopped.Cause ? `: ${stopped.Cause}` : ''}`,
      );
    }
    const mine = (await reservations.list(cluster)).find((one) => one.execution === execution);
    if (mine?.state !== 'started')
      throw new WorkersFailed(mine?.workers.problems[0]?.message ?? 'the workers are not there any more');
    const over = await isOver(store, execution, at);
    return { again: !over && repetition < repetitions, repetition: next, at };
  };
