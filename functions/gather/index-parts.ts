/** Finds each task's record among a repetition's parts. */
import { headOf, linesOf, partsOf } from '../../ports/parts.ts';
import type { WorkerEvent } from '../../ports/records.ts';
import type { Store } from '../../ports/store.ts';
import { Scratch } from './scratch.ts';

/** Status of a task, as a number. */
export const Status = { unfinished: 0, succeeded: 1, failed: 2 } as const;

const workerHead = Buffer.from('{"event":"worker"');
const times = /"start":([0-9.]+),"end":([0-9.]+),/;
/** A record says all but its result or error within so many bytes. */
const headBytes = 256;

/** Records of one repetition, by the task's index. Arrays have one element a task. */
export class RecordIndex implements Disposable {
  readonly records = new Scratch();
  readonly status: Uint8Array;
  /** Seconds since 1970. */
  readonly start: Float64Array;
  readonly end: Float64Array;
  /** Place in `workers`. */
  readonly worker: Uint32Array;
  /** Every process that wrote records, in order of appearance. */
  readonly workers: WorkerEvent[] = [];
  readonly #offset: Float64Array;
  readonly #length: Uint32Array;

  constructor(tasks: number) {
    this.status = new Uint8Array(tasks);
    this.start = new Float64Array(tasks);
    this.end = new Float64Array(tasks);
    this.worker = new Uint32Array(tasks);
    this.#offset = new Float64Array(tasks);
    this.#length = new Uint32Array(tasks);
  }

  /** The record of a finished task, as text. */
  record(index: number): string {
    return this.records.read(this.#offset[index] as number, this.#length[index] as number).toString();
  }

  /** Takes a record: of a task's successes the first, otherwise of its failures the last to end. */
  take(line: Buffer, index: number, outcome: 'succeeded' | 'failed', worker: number): void {
    if (index >= this.status.length || this.status[index] === Status.succeeded) return;
    const [, start, end] = times.exec(line.toString('latin1', 0, headBytes)) ?? [];
    if (start === undefined || end === undefined) return;
    const failedBefore = this.status[index] === Status.failed;
    if (failedBefore && outcome === 'failed' && Number(end) < (this.end[index] as number)) return;
    this.status[index] = Status[outcome];
    this.start[index] = Number(start);
    this.end[index] = Number(end);
    this.worker[index] = worker;
    this.#offset[index] = this.records.length;
    this.#length[index] = line.length;
    this.records.append(line);
  }

  [Symbol.dispose](): void {
    this.records[Symbol.dispose]();
  }
}

const unknownWorker: WorkerEvent = {
  event: 'worker',
  worker: 'unknown',
  node: '',
  hostname: '',
  ip: '',
  pid: 0,
};

/** Reads a repetition's parts once. Torn and damaged lines are passed over: their tasks are unfinished. */
export async function indexParts(store: Store, repetition: number, tasks: number): Promise<RecordIndex> {
  const index = new RecordIndex(tasks);
  for await (const key of partsOf(store, repetition)) {
    let worker = -1;
    for await (const lines of linesOf(store.read(key)))
      for (const line of lines) {
        if (line.subarray(0, workerHead.length).equals(workerHead)) {
          worker = index.workers.push(JSON.parse(line.toString())) - 1;
          continue;
        }
        const head = headOf(line);
        if (!head || head.kind === 'attempt') continue;
        if (worker === -1) worker = index.workers.push(unknownWorker) - 1;
        index.take(line, head.index, head.kind, worker);
      }
  }
  return index;
}
