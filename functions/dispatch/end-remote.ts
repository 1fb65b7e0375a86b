/** The stage between two repetitions of a run whose workers are elsewhere. */
import type { Clock } from '../../ports/clock.ts';
import { isOver } from '../../ports/control.ts';
import { WorkersFailed } from '../../ports/errors.ts';
import type { Reservations } from '../../ports/reservations.ts';
import type { Store } from '../../ports/store.ts';

export interface EndRequest {
  execution: string;
  cluster: string;
  repetition: number;
  repetitions: number;
}

/**
 * Another repetition follows while some are left, nobody asked for a stop, and the budget lasts.
 * @throws WorkersFailed when the workers ended for good
 */
export const endRemoteRepetition =
  ({ store, reservations, clock }: { store: Store; reservations: Reservations; clock: Clock }) =>
  async ({ execution, cluster, repetition, repetitions }: EndRequest) => {
    const mine = (await reservations.list(cluster)).find((one) => one.execution === execution);
    if (mine?.state !== 'started')
      throw new WorkersFailed(mine?.workers.problems[0]?.message ?? 'the workers are not there any more');
    const at = clock.now();
    const over = await isOver(store, execution, at);
    return { again: !over && repetition < repetitions, repetition: repetition + 1, at };
  };
