/** Finds each task's record among a repetition's parts. */

import { type PartLine, readLine } from '../../core/run-store/records/part-line.ts';
import type { WorkerEvent } from '../../core/run-store/records/records.ts';
import type { Ids } from '../../core/run-store/records/task-ids.ts';
import { Shape } from './identity-columns.ts';
import type { PartLines } from './part-lines.ts';
import { Scratch } from './spill-buffer.ts';

/** Status of a task, as a number. */
export const Status = { unfinished: 0, succeeded: 1, failed: 2 } as const;

/** Records of one repetition, by the task's index. Arrays have one element a task. */
export class RecordIndex implements Disposable {
  readonly records = new Scratch();
  readonly status: Uint8Array;
  /** Seconds since 1970. */
  readonly start: Float64Array;
  readonly end: Float64Array;
  /** Place in `workers`. */
  readonly worker: Uint32Array;
  /** Every process that wrote records, once, in order of appearance. */
  readonly workers: WorkerEvent[] = [];
  /** Of the results that count. */
  readonly shape = new Shape();
  /** Lines that are no records: how many, and where the first of them are. */
  readonly damaged = { lines: 0, first: [] as string[] };
  readonly #places = new Map<string, number>();
  readonly #ids: Ids;
  readonly #offset: Float64Array;
  readonly #length: Uint32Array;

  /** @param ids of the tasks, by the manifest: a record that has another is of no task */
  constructor(tasks: number, ids: Ids) {
    this.#ids = ids;
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

  /** The place of a process in `workers`. */
  workerOf(worker: WorkerEvent): number {
    const key = JSON.stringify([worker.node, worker.worker, worker.hostname, worker.ip, worker.pid]);
    const place = this.#places.get(key) ?? this.workers.push(worker) - 1;
    this.#places.set(key, place);
    return place;
  }

  /**
   * Takes a record: of a task's successes the first, otherwise of its failures the last to end.
   * @returns false for one that is of no task
   */
  take(line: Buffer, record: Extract<PartLine, { status: string }>, worker: number): boolean {
    const { status, index, task, ...head } = record;
    if (index >= this.status.length) return false;
    if (this.#ids.knows(index) && !this.#ids.is(index, task)) return false;
    if (this.status[index] === Status.succeeded) return true;
    const end = Number(head.end);
    const failedBefore = this.status[index] === Status.failed;
    if (failedBefore && status === 'failed' && end < (this.end[index] as number)) return true;
    if (record.kind === 'succeeded') this.shape.see(record.result);
    this.status[index] = Status[status];
    this.start[index] = Number(head.start);
    this.end[index] = end;
    this.worker[index] = worker;
    this.#offset[index] = this.records.length;
    this.#length[index] = line.length;
    this.records.append(line);
    return true;
  }

  damage(where: string): void {
    this.damaged.lines++;
    if (this.damaged.first.length < maxNamed) this.damaged.first.push(where);
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

/** Lines that are named; the others are counted. */
export const maxNamed = 5;

/** Reads a repetition's parts once. Lines that are damaged are counted and passed over: their tasks are unfinished. */
export async function indexParts(
  lines: AsyncIterable<PartLines>,
  ids: Ids,
  tasks: number,
): Promise<RecordIndex> {
  const index = new RecordIndex(tasks, ids);
  let part = '';
  let worker = -1;
  let number = 0;
  for await (const { key, lines: read } of lines) {
    if (key !== part) {
      part = key;
      worker = -1;
      number = 0;
    }
    for (const line of read) {
      number++;
      const what = readLine(line);
      if (what.kind === 'worker') worker = index.workerOf(what.worker);
      else if (what.kind === 'succeeded' || what.kind === 'failed') {
        if (worker === -1) worker = index.workerOf(unknownWorker);
        if (!index.take(line, what, worker)) index.damage(`${part}:${number}`);
      } else if (what.kind === 'damaged') {
        index.damage(`${part}:${number}`);
        // It may have been what says whose the following records are.
        if (line.includes(eventStart)) worker = -1;
      }
    }
  }
  return index;
}

const eventStart = '"event"';
