/** What each worker of a run on this machine uses. */
import { Machine, ProcessesUsage } from '../../adapters/local/resource-usage.ts';
import { liveOf } from '../../adapters/local/runs/live-file.ts';
import type { RunsFolder } from '../../adapters/local/runs/runs-folder.ts';
import type { UsageSample } from '../../core/run-store/status/run-status.ts';
import type { UsageSampler } from '../../ports/runs.ts';

const nothing = { cpu: 0, memory: 0, processes: 0 };
/** CPU is measured between two samples. */
const everyMs = 1000;

/** The first sample has no CPU figures. */
export class LocalUsage implements UsageSampler {
  readonly every = everyMs;
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

  async take(): Promise<UsageSample | undefined> {
    const owner = this.#runs.owner(this.#run);
    if (!owner) return undefined;
    const live = liveOf(this.#runs.folderOf(this.#run), owner);
    const pids = (live?.workers ?? []).flatMap(({ pid }) => pid ?? []);
    const usages = await this.#processes.measure(pids);
    const at = Date.now() / 1000;
    const workers = (live?.workers ?? []).map((worker) => ({
      ...worker,
      ...((worker.pid === null ? undefined : usages.get(worker.pid)) ?? nothing),
      state: worker.pid === null ? 'starting' : worker.task ? 'working' : 'idle',
      ...{ memoryLimit: null, at },
    }));
    return {
      ...{ run: this.#run, at, state: live?.state ?? '', detail: live?.detail ?? '' },
      tasks: live?.progress ?? null,
      ...{ workers, machine: this.#machine.measure(), execution: null },
    };
  }
}
