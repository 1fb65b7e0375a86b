/** What workers use as lines of a table. */
import { taskName } from '../../core/run-store/plan/manifest.ts';
import type { MachineUsage, UsageSample, WorkerUsage } from '../../core/run-store/status/run-status.ts';
import { doing } from '../status/states.ts';
import { bytes } from '../view/bytes.ts';
import { neutral } from '../view/neutral.ts';
import { outColor } from '../view/out.ts';
import { table } from '../view/table.ts';
import { count, seconds } from '../view/units.ts';
import { sum } from './json.ts';

/** Here a worker is a process, on AWS a pod on a node. */
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

/** Lines around the workers' ones. */
const otherLines = 4;

/** @param rows maximum of lines; workers that find no room are counted */
export function frame(sample: UsageSample, rows = Number.POSITIVE_INFINITY): string[] {
  const room = Math.max(1, rows - otherLines);
  const { workers, machine } = sample;
  // When not all can be shown, the line that counts the others needs room, too.
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
    ...(more > 0 ? [`… and ${count(more, 'more worker')}`] : []),
    machine ? totalsHere(workers, machine) : totalsOnAws(workers),
  ];
}

function headLine({ run, state, detail, tasks, machine }: UsageSample): string {
  const parts = [
    `run ${run}${machine ? '' : ' on AWS'}`,
    detail || doing(state) || 'no tasks are run now',
    tasks ? `${(tasks.succeeded + tasks.failed).toLocaleString('en')} tasks done` : '',
    tasks && tasks.failed > 0 ? outColor.red(`${tasks.failed.toLocaleString('en')} failed`) : '',
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
    isThere ? worker.cpu.toFixed(0) : '-',
    isThere ? bytes(worker.memory) : '-',
    (succeeded + failed).toLocaleString('en'),
    failed > 0 ? outColor.red(failed.toLocaleString('en')) : '0',
    since === null ? '' : seconds(Math.max(0, at - since)),
    task ? neutral(taskName({ file: file ?? '', column: column ?? null })) : outColor.dim(state),
  ];
}

const coresOf = (workers: WorkerUsage[]) => (sum(workers, ({ cpu }) => cpu) / 100).toFixed(1);
const memoryOf = (workers: WorkerUsage[]) => bytes(sum(workers, ({ memory }) => memory));

function totalsHere(workers: WorkerUsage[], machine: MachineUsage): string {
  const { cores, cpu, memoryAvailable, memoryTotal } = machine;
  const processes = sum(workers, (worker) => worker.processes ?? 0);
  const used = `${coresOf(workers)} of ${count(cores, 'core')}, ${memoryOf(workers)} in ${processes} ${processes === 1 ? 'process' : 'processes'}`;
  return `workers: ${used} · machine: ${(cpu / 100).toFixed(1)} cores busy, ${bytes(memoryAvailable)} of ${bytes(memoryTotal)} available`;
}

function totalsOnAws(workers: WorkerUsage[]): string {
  const nodes = new Set(workers.map(({ node }) => node)).size;
  return `${count(workers.length, 'worker')} on ${count(nodes, 'node')}: ${coresOf(workers)} cores busy, ${memoryOf(workers)}; as they said of themselves last, two minutes ago at most`;
}
