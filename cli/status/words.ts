/** A run's state, times and commands in words. */
import { formatCount } from '../../core/format/numbers.ts';
import type { RunState, RunStatus } from '../../core/run-store/status/run-status.ts';
import { shellPath } from '../terminal/paths.ts';

const words: Record<RunState, string> = {
  beginning: 'beginning',
  running: 'running',
  stopping: 'stopping',
  held: 'in use',
  interrupted: 'interrupted',
  stopped: 'stopped',
  failed: 'failed',
  done: 'done',
  damaged: 'damaged',
  remote: 'not looked at yet',
};

/** Tasks that have no record; null before planning. */
export function unfinished({ tasks }: Pick<RunStatus, 'tasks'>): number | null {
  return tasks.total === null ? null : Math.max(0, tasks.total - tasks.succeeded - tasks.failed);
}

/** `running`, `running on other-host`, `done, 3 failed`, … */
export function stateWords(
  status: Pick<RunStatus, 'state' | 'elsewhere' | 'owner' | 'tasks' | 'remote'>,
): string {
  return status.remote ? `${wordsOf(status)} (AWS)` : wordsOf(status);
}

function wordsOf(status: Pick<RunStatus, 'state' | 'elsewhere' | 'owner' | 'tasks'>): string {
  const { state, tasks } = status;
  if (status.elsewhere) return `${words[state]} on ${status.owner?.host}`;
  if (state !== 'done') return words[state];
  const left = unfinished(status) ?? 0;
  return [
    words.done,
    tasks.failed > 0 ? `${formatCount(tasks.failed)} failed` : '',
    left > 0 ? `${formatCount(left)} unfinished` : '',
  ]
    .filter((part) => part !== '')
    .join(', ');
}

/** A command line that can be copied. */
export function commandLine(command: string, run: string, project: string): string {
  const short = shellPath(project);
  return `gcd-sfn ${command} ${run}${short === '.' ? '' : ` --project ${short}`}`;
}
