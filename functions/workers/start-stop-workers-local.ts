/** The stages that start and stop a run's workers on this machine. */
import type { Step } from '../../core/step.ts';
import type { Workers, WorkersRequest } from '../../ports/workers.ts';

/** What the Map needs to know. */
export interface WorkersStarted {
  /** Batches that are on their way at the same time. */
  concurrency: number;
  /** Where batches are sent; on this machine there is no queue, and the walker hands them over itself. */
  queueUrl: string;
}

/** @throws ProjectInvalid, WorkersFailed */
export const startWorkers =
  ({ workers }: { workers: Workers }) =>
  async (request: WorkersRequest): Promise<Step<WorkersStarted>> => {
    const { slots, waiting } = await workers.start(request);
    return { state: 'ready', concurrency: slots + waiting, queueUrl: 'local' };
  };

/** Lets running tasks end; returns when no worker is left. */
export const stopWorkers =
  ({ workers }: { workers: Workers }) =>
  async (): Promise<Step> => {
    await workers.stop('drain');
    return { state: 'ready' };
  };
