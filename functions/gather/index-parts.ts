/** Indexes the parts of a repetition by task. */

import { type PartLine, readLine } from '../../core/run-store/records/part-line.ts';
import type { WorkerEvent } from '../../core/run-store/records/records.ts';
import type { Ids } from '../../core/run-store/records/task-ids.ts';
import { Shape } from './identity-columns.ts';
import type { PartLines } from './part-lines.ts';
import { Scratch } from './spill-buffer.ts';

/** Status of a task, as a number. */
export const Status = { unfinished: 0, succeeded: 1, failed: 2 } as const;

/** Records of one repetition, by task index. Arrays have one element per task. */
export class RecordIndex implements Disposable {
  readonly records = new Scratch();
  readonly status: Uint8Array;
  /** Seconds since 1970. */
  readonly start: Float64Array;
  readonly end: Float64Array;
  /** Index into `workers`. */
  readonly worker: Uint32Array;
  /** Every process that wrote records, in order of appearance. */
  readonly workers: WorkerEvent[] = [];
  /** Of the counted results. */
  readonly shape = new Shape();
  /** Damaged lines: number, and positions of the first of them. */
  readonly damaged = { lines: 0, first: [] as string[] };
  readonly #places = new Map<string, number>();
  readonly #ids: Ids;
  readonly #offset: Float64Array;
  readonly #length: Uint32Array;

  /** @param ids of the tasks, from the manifest: a record with another id belongs to no task */
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

  /** The index of a process in `workers`. */
  workerOf(worker: WorkerEvent): number {
    const key = JSON.stringify([worker.node, worker.worker, worker.hostname, worker.ip, worker.pid]);
    const place = this.#places.get(key) ?? this.workers.push(worker) - 1;
    this.#places.set(key, place);
    return place;
  }

  /**
   * Adds a record. The first success of a task counts, otherwise its last failure.
   * @returns false if it belongs to no task
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

/** Maximum number of damaged lines whose position is kept. */
export const maxNamed = 5;

/** Reads a repetition's parts once. Damaged lines are counted and skipped: their tasks are unfinished. */
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
        // It may have been the event that names the worker of the following records.
        if (line.includes(eventStart)) worker = -1;
      }
    }
  }
  return index;
}

const eventStart = '"event"';
