/** Merges the logs of a run's workers in order of time. */
import { loggingWorkers, WorkerLog } from '../../adapters/local/runs/worker-logs.ts';
import type { LogLine } from '../../core/run-store/log-line.ts';

export type WorkerLine = LogLine & { worker: string };

export class MergedLogs {
  readonly #folder: string;
  readonly #wanted: string | undefined;
  readonly #logs = new Map<string, WorkerLog>();

  /**
   * @param folder folder of the run
   * @param wanted only this worker
   */
  constructor(folder: string, wanted?: string) {
    this.#folder = folder;
    this.#wanted = wanted;
  }

  /** The lines that have not been read yet, perhaps including some that are written meanwhile. */
  *read(): Generator<WorkerLine> {
    for (const worker of loggingWorkers(this.#folder))
      if (!this.#logs.has(worker) && (this.#wanted ?? worker) === worker)
        this.#logs.set(worker, new WorkerLog(this.#folder, worker));
    const logs = [...this.#logs.values()];
    for (;;) {
      let earliest: { log: WorkerLog; line: LogLine } | undefined;
      for (const log of logs) {
        const line = log.first();
        if (line && (!earliest || line.at < earliest.line.at)) earliest = { log, line };
      }
      if (!earliest) return;
      earliest.log.shift();
      yield { ...earliest.line, worker: earliest.log.worker };
    }
  }

  close(): void {
    for (const log of this.#logs.values()) log.close();
  }
}
