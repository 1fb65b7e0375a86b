/** A sample as `top --json` prints it; its shape is described in docs/results.md. */

import { isoTime } from '../../core/format/dates.ts';
import type { UsageSample, WorkerUsage } from '../../core/run-store/status/run-status.ts';

const rounded = (value: number) => Math.round(value * 10) / 10;

export function usageJson(sample: UsageSample) {
  const { run, at, state, detail, workers, machine, execution } = sample;
  return {
    ...{ run, at: isoTime(at), state, detail },
    workers: workers.map((worker) => workerJson(worker, sample)),
    ...(execution !== null && { execution }),
    ...(machine && {
      totals: {
        processes: sum(workers, ({ processes }) => processes ?? 0),
        cpuPercent: rounded(sum(workers, ({ cpu }) => cpu)),
        memoryBytes: sum(workers, ({ memory }) => memory),
      },
      machine: {
        cores: machine.cores,
        cpuPercent: rounded(machine.cpu),
        memoryAvailableBytes: machine.memoryAvailable,
        memoryTotalBytes: machine.memoryTotal,
      },
    }),
  };
}

function workerJson(worker: WorkerUsage, { at, machine, execution }: UsageSample) {
  const { task, since, pid, processes, memoryLimit } = worker;
  return {
    ...{ worker: worker.worker, node: worker.node, state: worker.state },
    ...(machine ? { pid, processes } : { execution, memoryLimitBytes: memoryLimit, at: isoTime(worker.at) }),
    ...{ succeeded: worker.succeeded, failed: worker.failed },
    ...{ cpuPercent: rounded(worker.cpu), memoryBytes: worker.memory },
    task: task && { index: task[0], task: task[1], file: task[2], column: task[3] },
    taskSeconds: since === null ? null : rounded(Math.max(0, at - since)),
  };
}

export const sum = <One>(all: One[], of: (one: One) => number): number =>
  all.reduce((total, one) => total + of(one), 0);
