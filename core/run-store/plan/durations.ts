/** Durations of tasks in earlier runs of a project, by which the next run is planned. */

import { readIfThere, type Store } from '../../store.ts';
import { argsort } from '../../values/argsort.ts';

/** In the project's store. Entries of 12 bytes, sorted by id: 8 bytes of id, then seconds as a 32-bit float. */
export const durationsKey = 'history/durations.bin';

const entryBytes = 12;
const chunkEntries = 20_000;

/** Durations by task id, in 12 bytes a task. */
export class Durations {
  readonly #entries: Buffer;

  constructor(entries: Buffer = Buffer.alloc(0)) {
    // Ignore a truncated file, or one in another format.
    this.#entries = entries.length % entryBytes === 0 ? entries : Buffer.alloc(0);
  }

  get length(): number {
    return this.#entries.length / entryBytes;
  }

  /** Last duration in seconds of the task with this id (16 hexadecimal digits); undefined if it never ran. */
  secondsOf(id: string): number | undefined {
    const wanted = Buffer.from(id, 'hex');
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const order = wanted.compare(this.#entries, middle * entryBytes, middle * entryBytes + wanted.length);
      if (order === 0) return this.#entries.readFloatBE(middle * entryBytes + wanted.length);
      if (order < 0) high = middle;
      else low = middle + 1;
    }
    return undefined;
  }

  /** These entries, updated by newer ones, sorted by id. */
  *mergedWith(newer: Durations): Generator<Buffer> {
    let mine = 0;
    let its = 0;
    while (mine < this.length || its < newer.length) {
      const chunk = Buffer.allocUnsafe(chunkEntries * entryBytes);
      let used = 0;
      while (used < chunk.length && (mine < this.length || its < newer.length)) {
        const order = this.#order(mine, newer, its);
        const [entries, index] = order < 0 ? [this.#entries, mine] : [newer.#entries, its];
        used += entries.copy(chunk, used, index * entryBytes, (index + 1) * entryBytes);
        if (order <= 0) mine++;
        if (order >= 0) its++;
      }
      yield chunk.subarray(0, used);
    }
  }

  #order(mine: number, newer: Durations, its: number): number {
    if (mine >= this.length) return 1;
    if (its >= newer.length) return -1;
    return this.#entries.compare(
      newer.#entries,
      its * entryBytes,
      its * entryBytes + 8,
      mine * entryBytes,
      mine * entryBytes + 8,
    );
  }
}

/** Collects durations in any order. */
export class DurationsBuilder {
  #entries: Buffer;
  #length = 0;

  /** @param capacity maximum number of entries */
  constructor(capacity: number) {
    this.#entries = Buffer.alloc(capacity * entryBytes);
  }

  add(id: string, seconds: number): void {
    const at = this.#length++ * entryBytes;
    this.#entries.write(id, at, 'hex');
    this.#entries.writeFloatBE(seconds, at + 8);
  }

  sorted(): Durations {
    const entries = this.#entries;
    const high = new Uint32Array(this.#length);
    const low = new Uint32Array(this.#length);
    for (let index = 0; index < this.#length; index++) {
      high[index] = entries.readUInt32BE(index * entryBytes);
      low[index] = entries.readUInt32BE(index * entryBytes + 4);
    }
    const order = argsort(high, low);
    const sorted = Buffer.allocUnsafe(order.length * entryBytes);
    for (const [place, index] of order.entries())
      entries.copy(sorted, place * entryBytes, index * entryBytes, (index + 1) * entryBytes);
    return new Durations(sorted);
  }
}

/** The durations of a project; empty if it has none. */
export async function readDurations(project: Store): Promise<Durations> {
  return new Durations(await readIfThere(project, durationsKey));
}
