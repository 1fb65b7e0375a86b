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
