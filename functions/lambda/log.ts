/** One line of JSON per invocation of a function, for CloudWatch Logs Insights. */
import { describeError, GcdError } from '../../core/errors/errors.ts';

export interface LogBase {
  /** The state of the definition that invoked the function. */
  state: string;
  /** The run, if the event names one. */
  run: string | null;
  requestId: string;
}

function write(line: Record<string, unknown>): void {
  // Not console.log: on Lambda it puts the time and more before each line.
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

/** @param pending what a pending step waits for: no error */
export function logDone(base: LogBase, seconds: number, pending?: string): void {
  write({ level: 'info', ...base, seconds, ...(pending !== undefined && { pending }) });
}

/** Logs the hint of a GcdError; of anything else, which is a bug, the stack. */
export function logFailed(base: LogBase, seconds: number, error: unknown): void {
  const { name, message } = describeError(error);
  const why =
    error instanceof GcdError
      ? { hint: error.hint }
      : { stack: error instanceof Error ? error.stack : undefined };
  write({ level: 'error', ...base, seconds, error: name, message, ...why });
}

/** What a stage could not do although it succeeded. */
export function logWarned(state: string, run: string, warnings: string[]): void {
  for (const message of warnings) write({ level: 'warn', state, run, message });
}

/** The janitor's report. */
export function logSweep({ did, trouble }: { did: string[]; trouble: string[] }): void {
  write({ level: trouble.length > 0 ? 'warn' : 'info', state: 'Janitor', did, trouble });
}
