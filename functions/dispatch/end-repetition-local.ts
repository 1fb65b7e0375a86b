/** The stage EndRepetition of a run on this machine. */
import type { Clock } from '../../ports/clock.ts';
import type { Workers } from '../../ports/workers.ts';

/**
 * Another repetition follows while some are left and no stop was requested.
 * @throws the error that ended the workers, if any
 */
export const endRepetition =
  ({ workers, clock }: { workers: Workers; clock: Clock }) =>
  async ({ repetition, repetitions }: { repetition: number; repetitions: number }) => {
    if (workers.failure) throw workers.failure;
    const again = !workers.stopping && repetition < repetitions;
    return { again, repetition: repetition + 1, at: clock.now() };
  };
