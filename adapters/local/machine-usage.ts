/** How busy this machine is. */
import { availableParallelism, cpus, totalmem } from 'node:os';
import type { MachineUsage } from '../../core/run-store/status/run-status.ts';

export class Machine {
  #last = times();

  /** CPU is measured since the last call, or since this was made. */
  look(): MachineUsage {
    const [last, now] = [this.#last, times()];
    this.#last = now;
    const all = now.all - last.all;
    return {
      cores: availableParallelism(),
      cpu: all > 0 ? (100 * cpus().length * (now.busy - last.busy)) / all : 0,
      memoryTotal:
        process.constrainedMemory() > 0 ? Math.min(process.constrainedMemory(), totalmem()) : totalmem(),
      memoryAvailable: process.availableMemory(),
    };
  }
}

function times(): { busy: number; all: number } {
  let [busy, all] = [0, 0];
  for (const { times } of cpus()) {
    const sum = times.user + times.nice + times.sys + times.irq + times.idle;
    all += sum;
    busy += sum - times.idle;
  }
  return { busy, all };
}
