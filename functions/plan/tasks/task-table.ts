/** The tasks of a run while it is planned. */

import type { ReadCsv } from '../../../core/run-store/plan/table-layout.ts';
import type { StoredObject } from '../../../core/store.ts';
import { Numbers, Texts } from './typed-lists.ts';

/** Tasks as columns of typed arrays: some tens of bytes a task. */
export class TaskTable {
  readonly #files = new Texts();
  readonly #sizes = new Numbers(Float64Array);
  readonly #fileOf = new Numbers(Uint32Array);
  readonly #columnOf = new Numbers(Uint32Array);
  /** Distinct column names: mostly the same few in every file. 0 is no column. */
  readonly #columns: (string | null)[] = [null];
  /** Distinct ways to read a file, as JSON. 0: no table. */
  readonly #readings: string[] = ['null'];
  readonly #readingIds = new Map<string, number>([['null', 0]]);
  readonly #readingOf = new Numbers(Uint32Array);
  #last: { reading?: ReadCsv | undefined; id: number } = { id: 0 };
  readonly #columnIds = new Map<string | null, number>([[null, 0]]);

  get length(): number {
    return this.#fileOf.length;
  }

  get files(): number {
    return this.#files.length;
  }

  /** Adds a file with the columns that are tasks; null for a file that is no table. @param reading how to read a table */
  addFile({ key, size }: StoredObject, columns: (string | null)[], reading?: ReadCsv): void {
    const file = this.#files.length;
    this.#files.push(key);
    this.#sizes.push(size);
    this.#readingOf.push(this.#readingId(reading));
    for (const column of columns) {
      this.#fileOf.push(file);
      this.#columnOf.push(this.#columnId(column));
    }
  }

  /** File and column of the task with this index. */
  task(index: number): { file: string; column: string | null } {
    return {
      file: this.#files.at(this.#fileOf.at(index)),
      column: this.#columns[this.#columnOf.at(index)] ?? null,
    };
  }

  /** Size of the task's file in bytes. */
  size(index: number): number {
    return this.#sizes.at(this.#fileOf.at(index));
  }

  /** Number of the way to read the task's file. */
  reading(index: number): number {
    return this.#readingOf.at(this.#fileOf.at(index));
  }

  /** As JSON. @param id as `reading` gives it */
  readingText(id: number): string {
    return this.#readings[id] ?? 'null';
  }

  /** Upper bound of a task's bytes in a batch's line: a byte of text may take six in JSON. */
  wireBytes(index: number): number {
    const column = this.#columns[this.#columnOf.at(index)] ?? 'null';
    return 6 * (this.#files.bytesAt(this.#fileOf.at(index)) + Buffer.byteLength(column)) + 40;
  }

  #readingId(reading: ReadCsv | undefined): number {
    if (reading === undefined) return 0;
    // Mostly the same as for the last file.
    if (this.#last.reading === reading) return this.#last.id;
    const text = JSON.stringify(reading);
    let id = this.#readingIds.get(text);
    if (id === undefined) {
      id = this.#readings.push(text) - 1;
      this.#readingIds.set(text, id);
    }
    this.#last = { reading, id };
    return id;
  }

  #columnId(column: string | null): number {
    const known = this.#columnIds.get(column);
    if (known !== undefined) return known;
    const id = this.#columns.push(column) - 1;
    this.#columnIds.set(column, id);
    return id;
  }
}
