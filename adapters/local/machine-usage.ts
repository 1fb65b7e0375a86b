/** How busy this machine is. */
import { availableParallelism, cpus, totalmem } from 'node:os';

export interface MachineUsage {
  cores: number;
  /** Percent of one core that all processes of the machine use together. */
  cpu: number;
  /** Bytes that are there, and those that more processes could have, also within a container's limit. */
  memoryTotal: number;
  memoryAvailable: number;
}

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
