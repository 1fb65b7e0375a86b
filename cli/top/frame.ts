/** A sample as lines of a table. */

import { taskName } from '../../ports/manifest.ts';
import { doing } from '../status/states.ts';
import { bytes } from '../view/bytes.ts';
import { neutral } from '../view/neutral.ts';
import { outColor } from '../view/out.ts';
import { table } from '../view/table.ts';
import { count, seconds } from '../view/units.ts';
import type { Sample, WorkerSample } from './sample.ts';

const columns = [
  { head: 'worker' },
  { head: 'pid', right: true },
  { head: 'CPU %', right: true },
  { head: 'memory', right: true },
  { head: 'done', right: true },
  { head: 'failed', right: true },
  { head: 'for', right: true },
  { head: 'task' },
];

/** Lines around the workers' ones. */
const otherLines = 4;

/** @param rows how many lines there may be; workers that find no room are counted */
export function frame(sample: Sample, rows = Number.POSITIVE_INFINITY): string[] {
  const room = Math.max(1, rows - otherLines);
  const { workers } = sample;
  // When not all can be shown, the line that counts the others needs room, too.
  const shown = workers.length <= room ? workers : workers.slice(0, Math.max(1, room - 1));
  const [head = '', ...lines] = table(
    columns,
    shown.map((worker) => cells(worker, sample.at)),
  );
  const more = workers.length - shown.length;
  return [
    headLine(sample),
    '',
    outColor.dim(head),
    ...lines,
    ...(more > 0 ? [`… and ${count(more, 'more worker')}`] : []),
    totalLine(sample),
  ];
}

function headLine({ run, state, detail, progress }: Sample): string {
  const parts = [
    `run ${run}`,
    detail || doing(state) || 'no tasks are run now',
    progress ? `${(progress.succeeded + progress.failed).toLocaleString('en')} tasks done` : '',
    progress && progress.failed > 0 ? outColor.red(`${progress.failed.toLocaleString('en')} failed`) : '',
  ];
  return parts.filter((part) => part !== '').join(' · ');
}

function cells({ worker, pid, usage, succeeded, failed, task, since }: WorkerSample, at: number): string[] {
  const [, , file, column] = task ?? [];
  const isThere = usage.processes > 0;
  return [
    worker,
    pid === null ? '-' : String(pid),
    isThere ? usage.cpu.toFixed(0) : '-',
    isThere ? bytes(usage.memory) : '-',
    (succeeded + failed).toLocaleString('en'),
    failed > 0 ? outColor.red(failed.toLocaleString('en')) : '0',
    since === null ? '' : seconds(Math.max(0, at - since)),
    pid === null
      ? outColor.dim('starting')
      : task
        ? neutral(taskName({ file: file ?? '', column: column ?? null }))
        : outColor.dim('idle'),
  ];
}

function totalLine({ totals, machine }: Sample): string {
  const { cores, cpu, memoryAvailable, memoryTotal } = machine;
  const used = `${(totals.cpu / 100).toFixed(1)} of ${count(cores, 'core')}, ${bytes(totals.memory)} in ${totals.processes} ${totals.processes === 1 ? 'process' : 'processes'}`;
  return `workers: ${used} · machine: ${(cpu / 100).toFixed(1)} cores busy, ${bytes(memoryAvailable)} of ${bytes(memoryTotal)} available`;
}
