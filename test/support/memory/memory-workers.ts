/** Workers that are a function in this process, for tests of what stands around workers. */
import type { GcdError } from '../../../core/errors/errors.ts';
import { layout } from '../../../core/run-store/layout.ts';
import { type Done, readDone } from '../../../core/run-store/records/parts.ts';
import type {
  Batch,
  BatchOutcome,
  BatchTask,
  TaskRecord,
  WorkerEvent,
} from '../../../core/run-store/records/records.ts';
import { readAll, type Store } from '../../../core/store.ts';
import type { Batches, Workers, WorkersReady, WorkersRequest } from '../../../ports/workers.ts';

export interface MemoryWorkersOptions {
  store: Store;
  slots: number;
  /** The user's function: a result, or an error that becomes a failure of class `exception`. */
  run: (task: BatchTask, repetition: number) => Record<string, unknown> | Promise<Record<string, unknown>>;
  /** Why workers cannot start. */
  refuse?: GcdError;
}

const worker: WorkerEvent = {
  event: 'worker',
  worker: 'memory-1',
  node: 'memory',
  hostname: 'here',
  ip: '',
  pid: 1,
};

export class MemoryWorkers implements Workers, Batches {
  readonly #options: MemoryWorkersOptions;
  readonly #running = new Set<Promise<unknown>>();
  #reading: Promise<unknown> = Promise.resolve();
  #repetition = 0;
  #done: Done | undefined;
  #parts = 0;
  stopping = false;
  failure: GcdError | undefined;

  constructor(options: MemoryWorkersOptions) {
    this.#options = options;
  }

  async start({ repetition }: WorkersRequest): Promise<WorkersReady> {
    if (this.#options.refuse) throw this.#options.refuse;
    this.#repetition = repetition;
    this.#done = await readDone(this.#options.store, repetition);
    return { slots: this.#options.slots, waiting: 0 };
  }

  async offer(batch: Batch): Promise<BatchOutcome> {
    const running = this.#work(batch);
    this.#running.add(running);
    return running.finally(() => this.#running.delete(running));
  }

  async stop(): Promise<void> {
    this.stopping = true;
    await Promise.allSettled(this.#running);
  }

  async #work({ batch, offset, bytes }: Batch): Promise<BatchOutcome> {
    const { store } = this.#options;
    // Batches begin in the order in which they are offered.
    const range = { start: offset, end: offset + bytes };
    const reading = this.#reading.then(() => readAll(store, layout.batchTasks, range));
    this.#reading = reading.catch(() => {});
    const line = await reading;
    const left = (JSON.parse(line.toString()) as BatchTask[]).filter(
      ([index, id]) => !this.#done?.has(index, id),
    );
    const outcome: BatchOutcome = { batch, succeeded: 0, failed: 0, notRun: 0 };
    const lines = [JSON.stringify(worker)];
    for (const task of left) {
      if (this.stopping) {
        outcome.notRun++;
        continue;
      }
      const record = await this.#record(task);
      outcome[record.status]++;
      lines.push(JSON.stringify(record));
    }
    const key = layout.part(this.#repetition, `memory-${++this.#parts}`);
    if (lines.length > 1) await store.write(key, `${lines.join('\n')}\n`);
    return outcome;
  }

  async #record(given: BatchTask): Promise<TaskRecord> {
    const [index, task] = given;
    const start = Date.now() / 1000;
    try {
      const result = await this.#options.run(given, this.#repetition);
      return { status: 'succeeded', index, task, attempt: 1, start, end: start, cpu: 0, memory: 0, result };
    } catch (thrown) {
      const { name, message } = thrown as Error;
      const error = { class: 'exception' as const, type: name, message, traceback: '' };
      return { status: 'failed', index, task, attempt: 1, start, end: start, cpu: 0, memory: 0, error };
    }
  }
}
