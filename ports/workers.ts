/** Workers that have imported a project, and the batches that they are handed. */
import type { GcdError } from '../core/errors/errors.ts';
import type { Batch, BatchOutcome } from '../core/run-store/records/records.ts';

export interface WorkersRequest {
  /** The repetition whose batches will be offered, from 1. */
  repetition: number;
}

export interface WorkersReady {
  /** Workers that take batches at the same time. */
  slots: number;
  /** Batches that should be on their way besides, so that no slot waits for its next one. */
  waiting: number;
}

export interface Workers {
  /**
   * Starts the workers of a run, or leaves them as they are when they run already. Resolves when at least
   * one of them takes batches.
   * @throws ProjectInvalid when the project cannot be imported
   * @throws WorkersFailed when the workers die before they are ready
   */
  start(request: WorkersRequest): Promise<WorkersReady>;
  /** `drain`: running tasks end, nothing else begins. `now`: they are ended. Resolves when no worker is left. */
  stop(how: 'drain' | 'now'): Promise<void>;
  /** Whether somebody asked for a stop, or the workers failed. */
  readonly stopping: boolean;
  /** Why no more batches are worked off, when it is not because somebody asked for a stop. */
  readonly failure: GcdError | undefined;
}

export interface Batches {
  /**
   * Has a batch worked off. Tasks of it that already have a record are skipped.
   * Resolves when each task has its record, or was not run because of a stop.
   */
  offer(batch: Batch): Promise<BatchOutcome>;
}
