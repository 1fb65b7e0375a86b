/** The tasks of a run while it is planned. */
import type { StoredObject } from '../../ports/store.ts';
import { Numbers, Texts } from './numbers.ts';

/** Tasks in columns of numbers and bytes: some tens of bytes a task. */
export class TaskTable {
  readonly #files = new Texts();
  readonly #sizes = new Numbers(Float64Array);
  readonly #fileOf = new Numbers(Uint32Array);
  readonly #columnOf = new Numbers(Uint32Array);
  /** The same few column names stand in every file. 0 is no column. */
  readonly #columns: (string | null)[] = [null];
  readonly #columnIds = new Map<string | null, number>([[null, 0]]);

  get length(): number {
    return this.#fileOf.length;
  }

  get files(): number {
    return this.#files.length;
  }

  /** Adds a file with the columns that are tasks; null for a file that is no table. */
  addFile({ key, size }: StoredObject, columns: (string | null)[]): void {
    const file = this.#files.length;
    this.#files.push(key);
    this.#sizes.push(size);
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

  /** An upper bound for a task's share of a batch's line: a byte of text may need six in JSON. */
  wireBytes(index: number): number {
    const column = this.#columns[this.#columnOf.at(index)] ?? 'null';
    return 6 * (this.#files.bytesAt(this.#fileOf.at(index)) + Buffer.byteLength(column)) + 40;
  }

  #columnId(column: string | null): number {
    const known = this.#columnIds.get(column);
    if (known !== undefined) return known;
    const id = this.#columns.push(column) - 1;
    this.#columnIds.set(column, id);
    return id;
  }
}
