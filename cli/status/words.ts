/** A run's state, times and commands in words. */
import type { RunState, RunStatus } from '../../core/run-store/status/run-status.ts';
import { shellPath } from '../view/paths.ts';

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
    tasks.failed > 0 ? `${tasks.failed.toLocaleString('en')} failed` : '',
    left > 0 ? `${left.toLocaleString('en')} unfinished` : '',
  ]
    .filter((part) => part !== '')
    .join(', ');
}

const latest = 8.64e15;
const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

/** How long ago that was; a time in the future, by another machine's clock, is shown as it is. Seconds since 1970. */
export function ago(at: number, now: number): string {
  const passed = now - at;
  if (passed < -minute || passed >= 30 * day) return timeText(at);
  if (passed < 1) return 'just now';
  if (passed < minute) return `${Math.floor(passed)} s ago`;
  if (passed < hour) return `${Math.floor(passed / minute)} min ago`;
  if (passed < 2 * day) return `${Math.floor(passed / hour)} h ago`;
  return `${Math.floor(passed / day)} d ago`;
}

/** `2026-11-22 18:23:26 UTC` */
export function timeText(at: number): string {
  return isoTime(at)
    .replace('T', ' ')
    .replace(/\.\d+Z$/, ' UTC');
}

/** As JSON has it: `2026-11-22T18:23:26.000Z`. */
export function isoTime(at: number): string {
  // Dates end somewhere; what a damaged file says need not.
  return new Date(Math.max(-latest, Math.min(latest, at * 1000))).toISOString();
}

/** A command line that can be copied. */
export function commandLine(command: string, run: string, project: string): string {
  const short = shellPath(project);
  return `gcd-sfn ${command} ${run}${short === '.' ? '' : ` --project ${short}`}`;
}
