import type { ExitCode } from '../../../core/errors/errors.ts';
import type { StartedRun } from '../../../ports/runs.ts';

/** The run that `start` is about to start: checked and planned, but not started. */
export interface NewRun {
  /** Shows what the run would do; leaves nothing behind. */
  dryRun(): Promise<void>;
  /** Shows what the run will do and cost, and asks. @throws RunInterrupted when the answer is no, UsageError */
  confirm(): Promise<void>;
  start(): Promise<StartedRun>;
  /** Starts it so that it goes on without this process. @returns the exit code */
  detach(): Promise<ExitCode>;
}
