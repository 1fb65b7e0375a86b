/** The stages StartWorkers and StopWorkers of a run on this machine. */
import type { Step } from '../../core/step.ts';
import type { Workers, WorkersRequest } from '../../ports/workers.ts';

/** Parameters of the Map. */
export interface WorkersStarted {
  /** MaxConcurrency: batches that are dispatched at the same time. */
  concurrency: number;
  /** Where batches are sent; `local` on this machine, where the interpreter passes them on itself. */
  queueUrl: string;
}

/** @throws ProjectInvalid, WorkersFailed */
export const startWorkers =
  ({ workers }: { workers: Workers }) =>
  async (request: WorkersRequest): Promise<Step<WorkersStarted>> => {
    const { slots, waiting } = await workers.start(request);
    return { state: 'ready', concurrency: slots + waiting, queueUrl: 'local' };
  };

/** Drains: running tasks end; resolves when no worker is left. */
export const stopWorkers =
  ({ workers }: { workers: Workers }) =>
  async (): Promise<Step> => {
    await workers.stop('drain');
    return { state: 'ready' };
  };
