/** A line of JSON each time a function was asked: what CloudWatch Logs Insights searches. */
import { describeError, GcdError } from '../../core/errors/errors.ts';

export interface Told {
  /** The state of the definition that the function stands for. */
  state: string;
  /** The run, when the event names one. */
  run: string | null;
  requestId: string;
}

function write(line: Record<string, unknown>): void {
  // Not by console, which puts the time and more before each line.
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

/** @param pending what it waits for, when it has to be asked again: no error */
export function logDone(told: Told, seconds: number, pending?: string): void {
  write({ level: 'info', ...told, seconds, ...(pending !== undefined && { pending }) });
}

/** What was thrown on purpose has a message for a person; anything else is a bug, and its stack is what helps. */
export function logFailed(told: Told, seconds: number, error: unknown): void {
  const { name, message } = describeError(error);
  const why =
    error instanceof GcdError
      ? { hint: error.hint }
      : { stack: error instanceof Error ? error.stack : undefined };
  write({ level: 'error', ...told, seconds, error: name, message, ...why });
}

/** What a stage did without: its answer is whole all the same. */
export function logWarned(state: string, run: string, warnings: string[]): void {
  for (const message of warnings) write({ level: 'warn', state, run, message });
}

/** What the janitor did: nobody waits for its answer. */
export function logSweep({ did, trouble }: { did: string[]; trouble: string[] }): void {
  write({ level: trouble.length > 0 ? 'warn' : 'info', state: 'Janitor', did, trouble });
}
