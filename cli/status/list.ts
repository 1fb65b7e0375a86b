/** The table of a project's runs. */
import type { RunStatus } from '../../core/run-store/status/run-status.ts';
import { outColor } from '../view/out.ts';
import { table } from '../view/table.ts';
import { seconds } from '../view/units.ts';
import { ago, stateWords } from './words.ts';

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
    const when = seen ? `, as of ${ago(seen.at, now)}` : '';
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
    tasks.failed > 0 ? outColor.red(tasks.failed.toLocaleString('en')) : '0',
    ago(request.requestedAt, now),
    // Of those on AWS only a look there tells.
    status.remote ? '' : seconds(status.seconds),
    String(request.workers ?? ''),
  ];
}

/** `912/1,000`; with `~` where the last figures that were heard of stand for those that would take long to count. */
export function doneOf({ succeeded, failed, total, exact }: RunStatus['tasks']): string {
  const done = `${exact ? '' : '~'}${(succeeded + failed).toLocaleString('en')}`;
  return total === null ? done : `${done}/${total.toLocaleString('en')}`;
}

export function coloured(status: RunStatus): string {
  const text = stateWords(status);
  const { state } = status;
  if (state === 'failed' || state === 'damaged') return outColor.red(text);
  if (state === 'done') return status.exitCode === 0 ? outColor.green(text) : outColor.yellow(text);
  if (state === 'interrupted' || state === 'stopped') return outColor.yellow(text);
  return outColor.cyan(text);
}
