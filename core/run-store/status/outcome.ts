/** How a run that nobody works on has ended. */
import * as errors from '../../errors/errors.ts';
import type { Counts, Outcome, RunHistory } from './run-status.ts';

const { ExitCode } = errors;

/** @param total null when it was not planned */
export function outcomeOf({ end }: Pick<RunHistory, 'end'>, counts: Counts, total: number | null): Outcome {
  if (!end) return { state: 'interrupted', exitCode: ExitCode.interrupted, error: null };
  if (end.outcome === 'interrupted') return { state: 'stopped', exitCode: ExitCode.interrupted, error: null };
  if (end.outcome === 'succeeded') {
    const { succeeded, failed } = counts;
    const whole = failed === 0 && succeeded === (total ?? succeeded);
    return { state: 'done', exitCode: whole ? ExitCode.done : ExitCode.tasksFailed, error: null };
  }
  const exitCode = exitCodeOf(end.error);
  return {
    // Stopped before its first task, say while packages were being installed.
    state: exitCode === ExitCode.interrupted ? 'stopped' : 'failed',
    exitCode,
    error: { name: end.error ?? 'Error', message: end.cause ?? '' },
  };
}

/** The exit code of an error by its name; of one that is none of ours as the command line has it for a bug. */
function exitCodeOf(name: string | undefined): errors.ExitCode {
  const found: unknown = (errors as Record<string, unknown>)[name ?? ''];
  const isOurs = typeof found === 'function' && found.prototype instanceof errors.GcdError;
  return isOurs ? new (found as new (message: string) => errors.GcdError)('').exitCode : ExitCode.environment;
}
