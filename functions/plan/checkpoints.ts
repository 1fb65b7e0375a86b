/**
 * Checkpoints of planning in the run's store, so that a call can continue after one that stopped or was killed.
 *
 * `planning/<n>.jsonl` has the results for files from the nth on. A piece is written atomically and says where the next
 * starts, so the pieces of two planners fit together even if they cut differently.
 */
import { NotFound } from '../../core/errors/errors.ts';
import { layout } from '../../core/run-store/layout.ts';
import { readAll, type Store } from '../../core/store.ts';
import type { Decided, FoundTable } from './columns/columns-to-tasks.ts';
import { shapeOf } from './files/file-kinds.ts';

/** Planning has stopped in time, after a checkpoint. */
export class Cut extends Error {
  readonly files: number;

  constructor(files: number) {
    super(`planning has stopped after ${files} files`);
    this.files = files;
  }
}

export interface Keeping {
  /** Files of a piece: the maximum that is read again after a planner died. */
  piece: number;
  /** Whether it is time to stop; called after each file, so that every call makes progress. */
  over(): boolean;
}

export interface Reached {
  /** Files so far. */
  files: number;
  /** The last of them. */
  key: string;
}

/** Yields the results of earlier calls. @returns how far they go; undefined without checkpoints */
export async function* replayed(store: Store): AsyncGenerator<Decided, Reached | undefined> {
  let reached: Reached | undefined;
  for (;;) {
    const from = reached?.files ?? 0;
    const text = await readAll(store, layout.planning(from)).catch((error) => {
      if (error instanceof NotFound) return undefined;
      throw error;
    });
    if (text === undefined) return reached;
    const tables: Table[] = [];
    for (const line of linesOf(text)) {
      const [key, size, columns, why, more = {}] = JSON.parse(line) as Line;
      reached = { files: (reached?.files ?? 0) + 1, key };
      const { table: given, notes = [], ...rest } = more;
      if (typeof given === 'object') tables.push(given);
      const table = typeof given === 'number' ? tables[given] : given;
      const found = table && { found: { ...table, notes } };
      yield { file: { key, size }, columns, ...(why != null && { why }), ...found, ...rest };
    }
    // An empty piece cannot say where the next starts.
    if ((reached?.files ?? 0) === from) return reached;
  }
}

type Table = Omit<FoundTable, 'notes'>;

/** Result for a file; older versions wrote nothing after the reason. */
type Line = [key: string, size: number, columns: (string | null)[], why?: string | null, more?: More];

interface More extends Pick<Decided, 'keywords' | 'literal' | 'expression' | 'hidden' | 'otherCase'> {
  /** The first of a kind in full, later ones by its number. Only the names of the first are stored. */
  table?: Table | number;
  notes?: string[];
}

/** A line for each file of a piece. */
class Lines {
  #lines: string[] = [];
  readonly #tables = new Map<string, number>();

  get length(): number {
    return this.#lines.length;
  }

  add({ file, columns, why, found, keywords, literal, expression, hidden, otherCase }: Decided): void {
    const more: More = {
      ...(found && { table: this.#table(found) }),
      ...(found && found.notes.length > 0 && { notes: found.notes }),
      ...(keywords && { keywords }),
      ...(literal && { literal }),
      ...(expression && { expression }),
      ...(hidden && { hidden }),
      ...(otherCase && { otherCase }),
    };
    const known: Line = [file.key, file.size, columns];
    if (Object.keys(more).length > 0) known.push(why ?? null, more);
    else if (why !== undefined) known.push(why);
    this.#lines.push(`${JSON.stringify(known)}\n`);
  }

  toString(): string {
    return this.#lines.join('');
  }

  #table({ notes: _, ...table }: FoundTable): Table | number {
    const shape = `${shapeOf(table)} ${JSON.stringify(table.reading)}`;
    const before = this.#tables.get(shape);
    if (before !== undefined) return before;
    this.#tables.set(shape, this.#tables.size);
    return table;
  }
}

function* linesOf(text: Buffer): Generator<string> {
  for (let start = 0; start < text.length; ) {
    const end = text.indexOf(0x0a, start);
    yield text.toString('utf8', start, end);
    start = end + 1;
  }
}

/**
 * Yields the same files, and writes checkpoints.
 * @param from number of files with a checkpoint
 * @throws Cut
 */
export async function* keeping(
  store: Store,
  files: AsyncIterable<Decided>,
  from: number,
  { piece, over }: Keeping,
): AsyncGenerator<Decided> {
  let lines = new Lines();
  let start = from;
  const keep = async () => {
    await store.write(layout.planning(start), lines.toString());
    start += lines.length;
    lines = new Lines();
  };
  for await (const decided of files) {
    lines.add(decided);
    const isOver = over();
    if (isOver || lines.length === piece) await keep();
    if (isOver) throw new Cut(start);
    yield decided;
  }
}
