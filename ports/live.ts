/** How a run that is at work is doing: `live.json`, written anew about once a second by whoever runs it. */
import type { BatchTask } from './records.ts';
import type { Progress } from './workers.ts';

export interface Live {
  /** When this was written, seconds since 1970. */
  at: number;
  /** The process that runs it, and its machine. */
  pid: number;
  hostname: string;
  /** The state that the run is in, and what that state is doing, where it says so. */
  state: string;
  detail: string;
  /** Null before there are workers. */
  progress: Progress | null;
  workers: LiveWorker[];
}

export interface LiveWorker {
  worker: string;
  node: string;
  /** Process that runs the tasks; null while it is being started. */
  pid: number | null;
  /** Tasks that it has ended in this repetition. */
  succeeded: number;
  failed: number;
  /** What it is at, and since when (seconds since 1970); null when it has nothing to do. */
  task: BatchTask | null;
  since: number | null;
}

/** What somebody wants of a run at work: `control.json`, read about once a second by whoever runs it. */
export interface Control {
  /** `drain`: running tasks end, nothing else begins. `now`: they are ended. */
  stop: 'drain' | 'now';
}
