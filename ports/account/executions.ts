/** Executions of the state machines on AWS. */

export interface Execution {
  name: string;
  /** The run that its input names; null when it names none. */
  run: string | null;
  state: 'running' | 'succeeded' | 'failed' | 'aborted' | 'timed-out';
}

export interface Executions {
  /** Undefined also for those of long ago. */
  find(name: string): Promise<Execution | undefined>;
  /** Those of a machine that are running; of the run machine, when none is named. */
  running(machine?: 'run' | 'cleanup'): Promise<Execution[]>;
  /** @throws AlreadyThere when there was one of that name */
  start(machine: 'run' | 'cleanup', name: string, input: Record<string, unknown>): Promise<void>;
  /** One that has ended is left as it is. */
  stop(name: string, cause: string): Promise<void>;
}
