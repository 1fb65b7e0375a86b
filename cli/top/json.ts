/** A sample as `top --json` prints it; its shape is described in docs/results.md. */
import { isoTime } from '../status/words.ts';
import type { Sample } from './sample.ts';

const rounded = (value: number) => Math.round(value * 10) / 10;

export function sampleJson({ run, at, state, detail, workers, totals, machine }: Sample) {
  return {
    run,
    at: isoTime(at),
    state,
    detail,
    workers: workers.map(({ usage, task, since, ...worker }) => ({
      ...worker,
      processes: usage.processes,
      cpuPercent: rounded(usage.cpu),
      memoryBytes: usage.memory,
      task: task && { index: task[0], task: task[1], file: task[2], column: task[3] },
      taskSeconds: since === null ? null : rounded(Math.max(0, at - since)),
    })),
    totals: {
      processes: totals.processes,
      cpuPercent: rounded(totals.cpu),
      memoryBytes: totals.memory,
    },
    machine: {
      cores: machine.cores,
      cpuPercent: rounded(machine.cpu),
      memoryAvailableBytes: machine.memoryAvailable,
      memoryTotalBytes: machine.memoryTotal,
    },
  };
}
