/** How many tasks are done, from the parts that have come to the bucket since the last look: each is read once. */

import { layout } from '../ports/layout.ts';
import { headOf, linesOf } from '../ports/parts.ts';
import type { TaskRecord } from '../ports/records.ts';
import type { Store } from '../ports/store.ts';

type FailedRecord = TaskRecord & { status: 'failed' };

/** What is read at most; what comes later is counted by its size. */
const mostBytes = 256 * 1024 * 1024;
const atOnce = 16;

export class DoneSoFar {
  readonly #store: Store;
  readonly #repetition: number;
  readonly #budget: number;
  readonly #seen = new Map<string, number>();
  readonly #succeeded = new Set<number>();
  readonly #failed = new Set<number>();
  #read = 0;
  #unread = 0;
  /** The first failure that was seen. */
  firstFailure: FailedRecord | undefined;

  constructor(store: Store, repetition: number, budget = mostBytes) {
    this.#store = store;
    this.#repetition = repetition;
    this.#budget = budget;
  }

  /** Whether all that is there was read. */
  get exact(): boolean {
    return this.#unread === 0;
  }

  get succeeded(): number {
    const known = this.#succeeded.size;
    if (this.#unread === 0 || this.#read === 0) return known;
    return known + Math.round((this.#unread / this.#read) * (known + this.#failed.size));
  }

  get failed(): number {
    return this.#failed.size;
  }

  /** Takes in what has come. */
  async look(): Promise<void> {
    const fresh: { key: string; size: number }[] = [];
    for await (const { key, size } of this.#store.list(layout.parts(this.#repetition)))
      if (this.#seen.get(key) !== size) fresh.push({ key, size });
    const take = async () => {
      for (let part = fresh.shift(); part; part = fresh.shift()) await this.#take(part);
    };
    await Promise.all(Array.from({ length: atOnce }, take));
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

  /** A success outweighs a failure of the same task. */
  #count(line: Buffer): void {
    const head = headOf(line);
    if (head?.kind === 'succeeded') {
      this.#succeeded.add(head.index);
      this.#failed.delete(head.index);
    } else if (head?.kind === 'failed' && !this.#succeeded.has(head.index)) {
      this.#failed.add(head.index);
      this.firstFailure ??= withoutOutput(JSON.parse(line.toString()));
    }
  }
}

/** What a task printed may be long, and is in its record. */
function withoutOutput({ output: _, ...rest }: FailedRecord): FailedRecord {
  return rest;
}
