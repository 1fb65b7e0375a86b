/** `top`: what each worker uses, as a table. */

import { formatBytes, formatCount, formatDuration, plural } from '../../core/format/numbers.ts';
import { taskName } from '../../core/run-store/plan/manifest.ts';
import type { MachineUsage, UsageSample, WorkerUsage } from '../../core/run-store/status/run-status.ts';
import { doing } from '../status/states.ts';
import { escapeControlChars } from '../terminal/escape-control-chars.ts';
import { outColor } from '../terminal/output.ts';
import { table } from '../terminal/table.ts';
import { sum } from './json.ts';

/** A worker is a process on this machine, and on AWS a pod on a node. */
const columns = (isHere: boolean) => [
  { head: 'worker' },
  isHere ? { head: 'pid', right: true } : { head: 'node' },
  { head: 'CPU %', right: true },
  { head: 'memory', right: true },
  { head: 'done', right: true },
  { head: 'failed', right: true },
  { head: 'for', right: true },
  { head: 'task' },
];

/** The lines above and below the workers. */
const otherLines = 4;

/** @param rows at most so many lines; workers that do not fit are counted */
export function frame(sample: UsageSample, rows = Number.POSITIVE_INFINITY): string[] {
  const room = Math.max(1, rows - otherLines);
  const { workers, machine } = sample;
  // The line that counts the others needs room, too.
  const shown = workers.length <= room ? workers : workers.slice(0, Math.max(1, room - 1));
  const [head = '', ...lines] = table(
    columns(machine !== null),
    shown.map((worker) => cells(worker, sample)),
  );
  const more = workers.length - shown.length;
  return [
    headLine(sample),
    '',
    outColor.dim(head),
    ...lines,
    ...(more > 0 ? [`… and ${plural(more, 'more worker')}`] : []),
    machine ? totalsHere(workers, machine) : totalsOnAws(workers),
  ];
}

function headLine({ run, state, detail, tasks, machine }: UsageSample): string {
  const parts = [
    `run ${run}${machine ? '' : ' on AWS'}`,
    detail || doing(state) || 'no tasks are running',
    tasks ? `${plural(tasks.succeeded + tasks.failed, 'task')} done` : '',
    tasks && tasks.failed > 0 ? outColor.red(`${formatCount(tasks.failed)} failed`) : '',
  ];
  return parts.filter((part) => part !== '').join(' · ');
}

function cells(worker: WorkerUsage, { at, machine }: UsageSample): string[] {
  const { pid, processes, succeeded, failed, task, since, state } = worker;
  const [, , file, column] = task ?? [];
  const isThere = processes !== 0;
  return [
    worker.worker,
    machine ? (pid === null ? '-' : String(pid)) : worker.node,
    isThere ? formatCount(Math.round(worker.cpu)) : '-',
    isThere ? formatBytes(worker.memory) : '-',
    formatCount(succeeded + failed),
    failed > 0 ? outColor.red(formatCount(failed)) : '0',
    since === null ? '' : formatDuration(Math.max(0, at - since)),
    task ? escapeControlChars(taskName({ file: file ?? '', column: column ?? null })) : outColor.dim(state),
  ];
}

const coresOf = (workers: WorkerUsage[]) => formatCores(sum(workers, ({ cpu }) => cpu));
/** @param cpu percent of one core */
const formatCores = (cpu: number) => (cpu / 100).toFixed(1);
const memoryOf = (workers: WorkerUsage[]) => formatBytes(sum(workers, ({ memory }) => memory));

function totalsHere(workers: WorkerUsage[], machine: MachineUsage): string {
  const { cores, cpu, memoryAvailable, memoryTotal } = machine;
  const processes = sum(workers, (worker) => worker.processes ?? 0);
  const used = `${coresOf(workers)} of ${plural(cores, 'core')}, ${memoryOf(workers)} in ${plural(processes, 'process')}`;
  return `workers: ${used} · machine: ${formatCores(cpu)} cores busy, ${formatBytes(memoryAvailable)} of ${formatBytes(memoryTotal)} available`;
}

function totalsOnAws(workers: WorkerUsage[]): string {
  const nodes = new Set(workers.map(({ node }) => node)).size;
  return `${plural(workers.length, 'worker')} on ${plural(nodes, 'node')}: ${coresOf(workers)} cores busy, ${memoryOf(workers)}; as each reported last, at most two minutes ago`;
}
