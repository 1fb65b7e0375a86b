/** The command that is of use next. */
import { isAtWork, type RunStatus } from '../../core/run-store/status/run-status.ts';
import { commandLine, unfinished } from './words.ts';

/** @returns null when there is nothing to do */
export function nextCommand(status: RunStatus, project: string): string | null {
  const { run, state, tasks } = status;
  if (state === 'damaged' || !status.request) return null;
  if (state === 'stopping' && !status.elsewhere) return commandLine('stop --now', run, project);
  if (state === 'remote') return commandLine('watch', run, project);
  if (isAtWork(status)) return commandLine('watch', run, project);
  if (state !== 'done' || status.exitCode !== 0) {
    // With nothing else left to do, those that failed can be run again.
    const onlyFailed = state === 'done' && tasks.failed > 0 && unfinished(status) === 0;
    return `${commandLine('resume', run, project)}${onlyFailed ? ' --retry-failed' : ''}`;
  }
  return null;
}
