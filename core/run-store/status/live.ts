/** How a run that is at work is doing: `live.json`, written anew about once a second by whoever runs it. */
import type { RunSnapshot, WorkerStatus } from './run-status.ts';

export interface Live extends RunSnapshot {
  /** The process that runs it, and its machine. */
  pid: number;
  hostname: string;
  workers: LiveWorker[];
}

export interface LiveWorker extends WorkerStatus {
  /** Process that runs the tasks; null while it is being started. */
  pid: number | null;
}

/** What somebody wants of a run at work: `control.json`, read about once a second by whoever runs it. */
export interface Control {
  /** `drain`: running tasks end, nothing else begins. `now`: they are ended. */
  stop: 'drain' | 'now';
}

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
