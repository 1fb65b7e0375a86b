/** Tables on disk that grow in rows and, for results, in columns. */
import { cell, row } from './csv-cells.ts';
import { Scratch } from './spill-buffer.ts';

/** A table with fixed columns. */
export class Rows implements Disposable {
  readonly #rows = new Scratch();

  constructor(columns: readonly string[]) {
    this.#rows.appendText(row(columns.map(cell)));
  }

  /** Adds a row of cells (already quoted). */
  add(cells: string[]): void {
    this.#rows.appendText(row(cells));
  }

  chunks(): Iterable<Buffer> {
    return this.#rows.chunks();
  }

  [Symbol.dispose](): void {
    this.#rows[Symbol.dispose]();
  }
}

/** A table whose columns are some fixed ones, then the union of its rows' fields in order of first appearance. */
export class UnionRows implements Disposable {
  readonly #rows = new Scratch();
  readonly #columns = new Map<string, number>();
  /** Offsets from which rows have more columns: [offset, columns]. */
  readonly #growth: [offset: number, columns: number][] = [];

  constructor(columns: readonly string[] = []) {
    for (const name of columns) this.#columns.set(name, this.#columns.size);
  }

  /** Adds a row; `fill` gets a function that sets a field to a cell (already quoted). */
  add(fill: (set: (name: string, value: string) => void) => void): void {
    const cells = new Array<string>(this.#columns.size).fill('');
    fill((name, value) => {
      let column = this.#columns.get(name);
      if (column === undefined) {
        column = this.#columns.size;
        this.#columns.set(name, column);
      }
      cells[column] = value;
    });
    const known = this.#growth.at(-1)?.[1] ?? 0;
    if (this.#growth.length === 0 || known !== this.#columns.size)
      this.#growth.push([this.#rows.length, this.#columns.size]);
    // A result without fields is a row with one empty cell.
    this.#rows.appendText(row(cells.length === 0 ? [''] : cells));
  }

  /** The header, then the rows; short ones are padded. */
  *chunks(): Generator<Buffer> {
    const width = this.#columns.size;
    yield Buffer.from(row([...this.#columns.keys()].map(cell)));
    if (this.#growth.length <= 1) {
      yield* this.#rows.chunks();
      return;
    }
    for (const [place, [offset, columns]] of this.#growth.entries()) {
      const end = this.#growth[place + 1]?.[0] ?? this.#rows.length;
      yield* padded(this.#rows, offset, end, width - Math.max(columns, 1));
    }
  }

  [Symbol.dispose](): void {
    this.#rows[Symbol.dispose]();
  }
}

const step = 512 * 1024;

/** The rows in [start, end), each with `missing` empty cells appended. Newlines in quotes end no row. */
function* padded(rows: Scratch, start: number, end: number, missing: number): Generator<Buffer> {
  const padding = ','.repeat(missing);
  let quoted = false;
  for (let at = start; at < end; at += step) {
    const text = rows.read(at, Math.min(step, end - at)).toString('latin1');
    let out = '';
    let from = 0;
    for (const { index, 0: character } of text.matchAll(/["\n]/g)) {
      if (character === '"') quoted = !quoted;
      else if (!quoted) {
        out += text.slice(from, index) + padding;
        from = index;
      }
    }
    yield Buffer.from(out + text.slice(from), 'latin1');
  }
}
