/** One run: how it is doing, what failed first, where its files are, what to do next. */

import { basename } from 'node:path';
import { bucketLayout } from '../../core/bucket/bucket-layout.ts';
import { formatTimeLeft } from '../../core/estimate/time-left-text.ts';
import { formatAgo, formatTime } from '../../core/format/dates.ts';
import { formatCount, formatDollars, formatDuration, formatRate, plural } from '../../core/format/numbers.ts';
import { taskName } from '../../core/run-store/plan/manifest.ts';
import {
  type FailedTask,
  isAtWork,
  type RunDetails,
  type RunStatus,
} from '../../core/run-store/status/run-status.ts';
import { escapeControlChars } from '../terminal/escape-control-chars.ts';
import { outColor } from '../terminal/output.ts';
import { shownPath } from '../terminal/paths.ts';
import { coloured, doneOf } from './list.ts';
import { nextCommand } from './next.ts';
import { doing } from './states.ts';
import { commandLine, unfinished } from './words.ts';

const longestMessage = 300;

/** Lines. @param now seconds since 1970 */
export function detailLines(
  status: RunStatus,
  details: RunDetails,
  { project, now }: { project: string; now: number },
): string[] {
  const { run, request, error } = status;
  const rows: [string, string][] = [
    ['run', `${run} of ${shownPath(project) === '.' ? basename(project) : shownPath(project)}`],
    ['state', stateOf(status)],
    ...(error ? errorRows(error) : []),
    ...(request ? workRows(status, details, now) : []),
    ...details.failures.map((failure, place): [string, string] => [
      place === 0 ? 'failures' : '',
      escapeControlChars(`${nameOf(failure)}: ${failure.error.type}: ${firstLine(failure.error.message)}`),
    ]),
    ...fileRows(status, details, project),
    ...codeRows(status, details),
  ];
  const next = nextCommand(status, project);
  if (next) rows.push(['next', next]);
  rows.push(...awsRows(status));
  const width = Math.max(...rows.map(([label]) => label.length));
  return rows.map(([label, text]) => `${outColor.dim(label.padEnd(width))}   ${text}`);
}

function stateOf(status: RunStatus): string {
  const { state, owner, live } = status;
  const who = owner && `process ${owner.pid} on ${owner.host}`;
  if (state === 'held') return `${coloured(status)}: a command has it that runs no tasks, ${who}`;
  const at = live && (live.detail || doing(live.state));
  return [coloured(status), at, who].filter(Boolean).join(' · ');
}

const errorRows = ({ name, message }: { name: string; message: string }): [string, string][] => {
  const [first = '', ...rest] = message.split('\n');
  const more = rest.slice(0, 8).map((line): [string, string] => ['', escapeControlChars(line)]);
  return [['why', escapeControlChars(`${name}: ${first}`)], ...more];
};

function workRows(status: RunStatus, { rate, timeLeft }: RunDetails, now: number): [string, string][] {
  const { tasks, request, live, history } = status;
  const left = unfinished(status);
  const repetitions = request?.repetitions ?? 1;
  const parts = [
    `${doneOf(tasks)} done`,
    tasks.failed > 0 ? outColor.red(`${formatCount(tasks.failed)} failed`) : '',
    live?.progress && repetitions > 1 ? `repetition ${live.progress.repetition}/${repetitions}` : '',
    live?.progress?.workers ? `${live.progress.busy}/${live.progress.workers} workers busy` : '',
    rate === null ? '' : formatRate(rate),
    timeLeft === null ? '' : formatTimeLeft(timeLeft),
    !live && left !== null && left > 0 ? `${formatCount(left)} not done` : '',
  ];
  const times = history.executions.length;
  const resumed = times > 1 ? `, in ${times} goes` : '';
  return [
    ['tasks', tasks.total === null ? 'not planned yet' : parts.filter((part) => part !== '').join(' · ')],
    ['started', `${formatAgo(request?.requestedAt ?? 0, now)} (${formatTime(request?.requestedAt ?? 0)})`],
    [
      'at work',
      `${formatDuration(status.seconds)}${resumed}, with ${plural(request?.workers ?? 0, 'worker')}`,
    ],
  ];
}

function fileRows(status: RunStatus, { results }: RunDetails, project: string): [string, string][] {
  const { remote, run } = status;
  const where = remote ? `s3://${remote.bucket}/${bucketLayout.run(run)}` : `${shownPath(status.folder)}/`;
  const rows: [string, string][] = [['files', where]];
  const made = commandLine('results', status.run, project);
  if (results) {
    const names = `${remote ? results.folder : shownPath(results.folder)}/: ${results.files.join(', ')}`;
    rows.push([
      'results',
      results.complete ? names : `${names} (not of all that is done: ${made} makes them anew)`,
    ]);
  } else if (!isAtWork(status) && status.tasks.succeeded + status.tasks.failed > 0)
    rows.push(['results', `none yet: ${made} makes them of what is done`]);
  return rows;
}

function codeRows({ state }: RunStatus, { edited }: RunDetails): [string, string][] {
  if (!edited) return [];
  const goesOn = state === 'done' ? '' : '; the run goes on with the code as it was (resume --use-edited)';
  return [['code', `${plural(edited, 'file')} edited since the run began${goesOn}`]];
}

function awsRows({ remote, execution, dollars: spent }: RunStatus): [string, string][] {
  if (!remote) return [];
  const { stack, region, cluster } = remote;
  const where = [`stack ${stack} in ${region}`, `cluster ${cluster}`];
  return [
    ['aws', [...where, ...(execution ? [`execution ${execution}`] : [])].join(', ')],
    ...(spent === null ? [] : [['cost', `about ${formatDollars(spent)}`] as [string, string]]),
  ];
}

const nameOf = ({ file, column, task }: FailedTask): string =>
  file === null ? `task ${task}` : taskName({ file, column });

const firstLine = (text: string): string => text.split('\n')[0]?.slice(0, longestMessage) ?? '';
