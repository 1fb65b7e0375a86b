/** The stage between two repetitions. */
import type { Workers } from '../../ports/workers.ts';

/**
 * Another repetition follows while some are left and nobody asked for a stop.
 * @throws the error that ended the workers, when there is one
 */
export const endRepetition =
  ({ workers }: { workers: Workers }) =>
  async ({ repetition, repetitions }: { repetition: number; repetitions: number }) => {
    if (workers.failure) throw workers.failure;
    const again = !workers.stopping && repetition < repetitions;
    return { again, repetition: repetition + 1 };
  };
