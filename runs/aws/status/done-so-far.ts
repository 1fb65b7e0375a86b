/**
 * How many tasks are done: from the parts that have come to the bucket since the last look, each of which is read once; and
 * between two looks at the parts, of which there may be many pages, from what workers count themselves.
 */

import pMap from 'p-map';
import { countBefore, type EndedTasks, SpreadRecorder } from '../../../core/estimate/pace.ts';
import { layout } from '../../../core/run-store/layout.ts';
import { linesOf } from '../../../core/run-store/records/lines.ts';
import { type RecordHead, readLine } from '../../../core/run-store/records/part-line.ts';
import type { TaskRecord } from '../../../core/run-store/records/records.ts';
import type { Store } from '../../../core/store.ts';

type FailedRecord = TaskRecord & { status: 'failed' };

/** What is read at most; what comes later is counted by its size. */
const mostBytes = 256 * 1024 * 1024;
const concurrency = 32;
/** Keys of a page of a listing, each of which is a request. */
const pageKeys = 1000;

/** What a worker says that it has ended in its container's life. */
export interface Ended {
  worker: string;
  succeeded: number;
  failed: number;
}

export class DoneSoFar {
  readonly #store: Store;
  readonly #repetition: number;
  readonly #budget: number;
  readonly #seen = new Map<string, number>();
  readonly #succeeded = new Set<number>();
  readonly #failed = new Set<number>();
  /** Tasks that ended within each second, and how their durations vary. */
  readonly #perSecond = new Map<number, number>();
  readonly #spread = new SpreadRecorder();
  #read = 0;
  #unread = 0;
  /** Looks until the parts are listed again: as many as that takes requests. */
  #wait = 0;
  /** What workers had counted when the parts were listed, and what they have counted since that is in no part yet. */
  #counted = new Map<string, Ended>();
  #ahead = { succeeded: 0, failed: 0 };
  #before = { succeeded: 0, failed: 0 };
  /** The first failure that was seen. */
  firstFailure: FailedRecord | undefined;

  constructor(store: Store, repetition: number, budget = mostBytes) {
    this.#store = store;
    this.#repetition = repetition;
    this.#budget = budget;
  }

  /** Whether all that is there was read. */
  get exact(): boolean {
    return this.#unread === 0 && this.#ahead.succeeded === 0 && this.#ahead.failed === 0;
  }

  get succeeded(): number {
    return this.#inParts() + this.#ahead.succeeded;
  }

  get failed(): number {
    return this.#failed.size + this.#ahead.failed;
  }

  /** When tasks ended. */
  get ended(): EndedTasks {
    const { spread } = this.#spread;
    return { perSecond: this.#perSecond, spread, done: this.succeeded + this.failed };
  }

  /** Tasks that had ended by then, seconds since 1970. */
  doneBefore(at: number): number {
    return countBefore(this.#perSecond, at);
  }

  /**
   * Takes in what has come.
   * @param workers what they count; without them, all parts are listed
   */
  async look(workers?: Ended[]): Promise<void> {
    if (workers && this.#wait-- > 0) {
      const since = this.#since(workers);
      this.#ahead = {
        succeeded: this.#before.succeeded + since.succeeded,
        failed: this.#before.failed + since.failed,
      };
      return;
    }
    const shown = { succeeded: this.succeeded, failed: this.failed };
    const isFirst = this.#seen.size === 0;
    await this.#list();
    this.#counted = new Map(workers?.map((worker) => [worker.worker, worker]));
    // What was shown already is on its way: workers write parts later than they count.
    const ahead = (before: number, now: number) => (workers && !isFirst ? Math.max(0, before - now) : 0);
    this.#before = {
      succeeded: ahead(shown.succeeded, this.#inParts()),
      failed: ahead(shown.failed, this.#failed.size),
    };
    this.#ahead = this.#before;
  }

  async #list(): Promise<void> {
    const fresh: { key: string; size: number }[] = [];
    let keys = 0;
    for await (const { key, size } of this.#store.list(layout.parts(this.#repetition))) {
      keys++;
      if (this.#seen.get(key) !== size) fresh.push({ key, size });
    }
    this.#wait = Math.floor(keys / pageKeys);
    await pMap(fresh, (part) => this.#take(part), { concurrency });
  }

  #inParts(): number {
    const known = this.#succeeded.size;
    if (this.#unread === 0 || this.#read === 0) return known;
    return known + Math.round((this.#unread / this.#read) * (known + this.#failed.size));
  }

  /** A worker that counts less than before was started anew. */
  #since(workers: Ended[]): { succeeded: number; failed: number } {
    const sum = { succeeded: 0, failed: 0 };
    for (const { worker, succeeded, failed } of workers) {
      const before = this.#counted.get(worker);
      const isSame = before && before.succeeded <= succeeded && before.failed <= failed;
      sum.succeeded += succeeded - (isSame ? before.succeeded : 0);
      sum.failed += failed - (isSame ? before.failed : 0);
    }
    return sum;
  }

  async #take({ key, size }: { key: string; size: number }): Promise<void> {
    this.#seen.set(key, size);
    if (this.#read + size > this.#budget) {
      this.#unread += size;
      return;
    }
    this.#read += size;
    for await (const lines of linesOf(this.#store.read(key))) for (const line of lines) this.#count(line);
  }

  /** Takes the times of a task's first record. */
  #time({ index, start, end }: RecordHead): void {
    if (this.#succeeded.has(index) || this.#failed.has(index)) return;
    const second = Math.ceil(Number(end));
    this.#perSecond.set(second, (this.#perSecond.get(second) ?? 0) + 1);
    this.#spread.add(Number(end) - Number(start), 1);
  }

  /** A success outweighs a failure of the same task. */
  #count(line: Buffer): void {
    const read = readLine(line);
    if (read.kind === 'succeeded' || read.kind === 'failed') this.#time(read);
    if (read.kind === 'succeeded') {
      this.#succeeded.add(read.index);
      this.#failed.delete(read.index);
    } else if (read.kind === 'failed' && !this.#succeeded.has(read.index)) {
      this.#failed.add(read.index);
      this.firstFailure ??= withoutOutput(JSON.parse(line.toString()));
    }
  }
}

/** What a task printed may be long, and is in its record. */
function withoutOutput({ output: _, ...rest }: FailedRecord): FailedRecord {
  return rest;
}
