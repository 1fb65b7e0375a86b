/** The table of a project's runs. */

import { formatAgo } from '../../core/format/dates.ts';
import { formatCount, formatDuration } from '../../core/format/numbers.ts';
import type { RunStatus } from '../../core/run-store/status/run-status.ts';
import { outColor } from '../terminal/output.ts';
import { table } from '../terminal/table.ts';
import { stateWords } from './words.ts';

const columns = [
  { head: 'run' },
  { head: 'state' },
  { head: 'done', right: true },
  { head: 'failed', right: true },
  { head: 'started' },
  { head: 'at work for', right: true },
  { head: 'workers', right: true },
];

/** Lines; newest run first, as given. @param now seconds since 1970 */
export function runsTable(statuses: RunStatus[], now: number): string[] {
  const [head = '', ...rows] = table(
    columns,
    statuses.map((status) => cells(status, now)),
  );
  const notes = statuses.flatMap(({ run, request, error, remote }) => {
    if (!request && error) return [`${run}: ${error.message}`];
    const { seen } = remote ?? {};
    const isOpen = !seen || seen.state === 'running' || seen.state === 'stopping';
    if (!remote || !isOpen) return [];
    const when = seen ? `, as of ${formatAgo(seen.at, now)}` : '';
    return [`${run}: on AWS${when}; gcd-sfn status ${run} looks there`];
  });
  return [outColor.dim(head), ...rows, ...notes];
}

function cells(status: RunStatus, now: number): string[] {
  const { run, request, tasks } = status;
  if (!request) return [run, coloured(status)];
  return [
    run,
    coloured(status),
    doneOf(tasks),
    tasks.failed > 0 ? outColor.red(formatCount(tasks.failed)) : '0',
    formatAgo(request.requestedAt, now),
    // Of those on AWS only a look there tells.
    status.remote ? '' : formatDuration(status.seconds),
    String(request.workers ?? ''),
  ];
}

/** `912/1,000`; with `~` where the last figures that were heard of stand for those that would take long to count. */
export function doneOf({ succeeded, failed, total, exact }: RunStatus['tasks']): string {
  const done = `${exact ? '' : '~'}${formatCount(succeeded + failed)}`;
  return total === null ? done : `${done}/${formatCount(total)}`;
}

export function coloured(status: RunStatus): string {
  const text = stateWords(status);
  const { state } = status;
  if (state === 'failed' || state === 'damaged') return outColor.red(text);
  if (state === 'done') return status.exitCode === 0 ? outColor.green(text) : outColor.yellow(text);
  if (state === 'interrupted' || state === 'stopped') return outColor.yellow(text);
  return outColor.cyan(text);
}
