/** Executions of the state machines on AWS. */

export interface Execution {
  name: string;
  /** The run that its input names; null if it names none. */
  run: string | null;
  state: 'running' | 'succeeded' | 'failed' | 'aborted' | 'timed-out';
}

export interface Executions {
  /** Undefined if it does not exist, or is older than 90 days. */
  find(name: string): Promise<Execution | undefined>;
  /** Running executions of a machine; default: the run machine. */
  running(machine?: 'run' | 'cleanup'): Promise<Execution[]>;
  /** @throws AlreadyThere if the name was used before */
  start(machine: 'run' | 'cleanup', name: string, input: Record<string, unknown>): Promise<void>;
  /** No effect if it has ended. */
  stop(name: string, cause: string): Promise<void>;
}
