/** What a worker on a cluster is doing: `workerStateKey(pod)`, written anew by the worker itself: every 30 seconds at first, every two minutes in a long life. */
import type { LiveWorker } from './live.ts';

/** Counts are of this container's life: a worker that was ended and started again counts anew. */
export interface WorkerState extends LiveWorker {
  /** When this was written, seconds since 1970. One that is much older is of a worker that is gone. */
  at: number;
  /** When it means to write the next one; `at` of the last one. */
  next: number;
  execution: string;
  /** `starting`: it imports the project. `stopping`: nothing more is begun. */
  state: 'starting' | 'idle' | 'working' | 'stopping';
  /** The batch that it has, and its repetition; null while it has none. */
  batch: number | null;
  repetition: number | null;
  /** CPUs in use since the state before, with everything that its tasks have started. */
  cpu: number;
  /** Bytes in use, and the most that the container may use; null where there is no limit. */
  memory: number;
  memoryLimit: number | null;
}

/** Keys of all states of a run begin so. */
export const workerStates = 'workers/';

/** Key in the run's store. @param worker name of its pod */
export const workerStateKey = (worker: string): string => `${workerStates}${worker}.json`;
