/** What each worker of a run uses at a moment. */
import { Machine, type MachineUsage } from '../../adapters/local/machine-usage.ts';
import { ProcessesUsage, type Usage } from '../../adapters/local/processes-usage.ts';
import { liveOf } from '../../adapters/local/runs/live-of.ts';
import type { RunsFolder } from '../../adapters/local/runs/runs-folder.ts';
import type { Live, LiveWorker } from '../../ports/live.ts';

export interface Sample {
  run: string;
  /** Seconds since 1970. */
  at: number;
  /** What the run is doing. */
  state: string;
  detail: string;
  progress: Live['progress'];
  workers: WorkerSample[];
  totals: Usage;
  machine: MachineUsage;
}

export interface WorkerSample extends LiveWorker {
  usage: Usage;
}

const nothing: Usage = { cpu: 0, memory: 0, processes: 0 };

/** CPU is measured between two samples, so that the first has none. */
export class Sampler {
  readonly #runs: RunsFolder;
  readonly #run: string;
  readonly #machine = new Machine();
  readonly #processes = new ProcessesUsage();

  constructor(runs: RunsFolder, run: string) {
    this.#runs = runs;
    this.#run = run;
  }

  close(): void {
    this.#processes.close();
  }

  /** @returns undefined when nobody works on the run any more */
  async take(): Promise<Sample | undefined> {
    const owner = this.#runs.owner(this.#run);
    if (!owner) return undefined;
    const live = liveOf(this.#runs.folderOf(this.#run), owner);
    const pids = (live?.workers ?? []).flatMap(({ pid }) => pid ?? []);
    const usages = await this.#processes.look(pids);
    const workers = (live?.workers ?? []).map((worker) => ({
      ...worker,
      usage: (worker.pid === null ? undefined : usages.get(worker.pid)) ?? nothing,
    }));
    return {
      run: this.#run,
      at: Date.now() / 1000,
      state: live?.state ?? '',
      detail: live?.detail ?? '',
      progress: live?.progress ?? null,
      workers,
      totals: workers.reduce(
        (sum, { usage }) => ({
          cpu: sum.cpu + usage.cpu,
          memory: sum.memory + usage.memory,
          processes: sum.processes + usage.processes,
        }),
        nothing,
      ),
      machine: this.#machine.look(),
    };
  }
}
