/** Sections about durations, the slowest tasks and the workers. */

import { formatCount, formatDuration, formatPercent, plural } from '../../../core/format/numbers.ts';
import { taskName } from '../../../core/run-store/plan/manifest.ts';
import type { RepetitionSummary, WorkerSummary } from '../../../core/run-store/status/summary.ts';
import { histogram } from '../chart/histogram.ts';
import type { Distribution } from '../data/distribution.ts';
import { share } from '../data/figures.ts';
import type { SlowTask } from '../data/slowest.ts';
import { type Markup, markup } from '../text/markup.ts';
import { shorten } from '../text/printable.ts';
import { type Cell, duration, number, table } from './table.ts';

const mostWorkers = 100;

const quantileName = (share: number) =>
  share === 0
    ? 'shortest'
    : share === 1
      ? 'longest'
      : share === 0.5
        ? 'median'
        : `${Math.round(share * 100)}th percentile`;

export function durationsSection(distribution: Distribution | undefined): Markup {
  if (!distribution) return markup`<section><h2>Durations</h2><p>No task ended.</p></section>`;
  const { quantiles } = distribution;
  return markup`<section><h2>Durations</h2>
<div class="scroll">${histogram(distribution, 'durations')}</div>
<div class="scroll"><table><caption>Percentiles of the task durations</caption><thead><tr>${quantiles.map(
    ({ share }) => markup`<th scope="col" class="number">${quantileName(share)}</th>`,
  )}</tr></thead><tbody><tr>${quantiles.map(({ seconds }) => markup`<td class="number">${formatDuration(seconds)}</td>`)}</tr></tbody></table></div></section>`;
}

export function slowestSection(tasks: SlowTask[], workers: WorkerSummary[]): Markup | undefined {
  if (tasks.length === 0) return undefined;
  const rows = tasks.map((slow): Cell[] => [
    {
      content: shorten(slow.task ? taskName(slow.task) : `line ${slow.index + 1} of the manifest`, 160),
      kind: 'name',
    },
    duration(slow.seconds),
    duration(slow.start),
    { content: shorten(workers[slow.lane]?.worker ?? '', 40) },
    slow.failed ? { content: 'failed', kind: 'bad-text' } : { content: 'succeeded' },
  ]);
  const head = [
    { label: 'Task' },
    { label: 'Took', number: true },
    { label: 'Started after', number: true },
    { label: 'Worker' },
    { label: 'Outcome' },
  ];
  return markup`<section><h2>Slowest tasks</h2>${table(head, rows)}</section>`;
}

export function workersSection({ workers, parallelSeconds }: RepetitionSummary): Markup | undefined {
  if (workers.length === 0) return undefined;
  const rows = workers.slice(0, mostWorkers).map((worker): Cell[] => {
    const busy = share(worker.busySeconds, parallelSeconds);
    return [
      { content: shorten(worker.worker, 60) },
      { content: shorten(worker.node, 80) },
      number(worker.tasks),
      number(worker.failed),
      duration(worker.busySeconds),
      { content: formatPercent(busy), value: busy ?? -1, kind: 'number' },
    ];
  });
  const head = [
    { label: 'Worker' },
    { label: 'Node' },
    { label: 'Tasks', number: true },
    { label: 'Failed', number: true },
    { label: 'Busy', number: true },
    { label: 'Utilisation', number: true },
  ];
  const more = workers.length - rows.length;
  return markup`<section><h2>Workers</h2><details${workers.length <= 16 && markup` open`}><summary>${plural(workers.length, 'worker')}</summary>
${table(head, rows)}${more > 0 && markup`<p class="muted">and ${formatCount(more)} more</p>`}</details></section>`;
}
