/** Workers that have imported a project, and the batches that they process. */
import type { GcdError } from '../core/errors/errors.ts';
import type { Batch, BatchOutcome } from '../core/run-store/records/records.ts';

export interface WorkersRequest {
  /** The repetition whose batches will be offered, from 1. */
  repetition: number;
}

export interface WorkersReady {
  /** Number of workers. */
  slots: number;
  /** Number of further batches to offer, so that no slot waits for its next one. */
  waiting: number;
}

export interface Workers {
  /**
   * Starts the workers of a run. Idempotent. Resolves when the first takes batches.
   * @throws ProjectInvalid if the project cannot be imported
   * @throws WorkersFailed if the workers die before they are ready
   */
  start(request: WorkersRequest): Promise<WorkersReady>;
  /** `drain`: running tasks end, no other starts. `now`: they are killed. Resolves when no worker is left. */
  stop(how: 'drain' | 'now'): Promise<void>;
  /** Whether a stop was requested, or the workers failed. */
  readonly stopping: boolean;
  /** Why no more batches are processed; undefined after a requested stop. */
  readonly failure: GcdError | undefined;
}

export interface Batches {
  /**
   * Processes a batch. Its tasks that have a record are skipped.
   * Resolves when each task has its record, or was not run because of a stop.
   */
  offer(batch: Batch): Promise<BatchOutcome>;
}
