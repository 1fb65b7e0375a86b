/** What a worker on a cluster says of itself: `workers/<pod>.json` in the run's store, written by the worker (worker/PROTOCOL.md). */
import type { WorkerStatus } from './run-status.ts';

/** `worker` is the pod's name. Counts are of this container's life: a worker that was started again counts from 0. */
export interface WorkerState extends WorkerStatus {
  /** When this was written, seconds since 1970. */
  at: number;
  /** When the next one is due: every 30 seconds at first, every two minutes in a long life. Absent in states of old workers. */
  next?: number;
  execution: string;
  /** `starting`: it imports the project. `stopping`: it takes no more tasks. */
  state: 'starting' | 'idle' | 'working' | 'stopping';
  /** Process of its supervisor in the pod. */
  pid: number | null;
  /** The batch that it has, and its repetition; null while it has none. */
  batch: number | null;
  repetition: number | null;
  /** Cores in use since the state before, with everything that its tasks have started. */
  cpu: number;
  /** Bytes in use, and the maximum that the container may use; null where there is no limit. */
  memory: number;
  memoryLimit: number | null;
}
