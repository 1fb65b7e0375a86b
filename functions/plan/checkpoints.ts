/**
 * How far planning has come, kept in the run's store, for a planner that may be ended at any time: the next one goes on.
 *
 * `planning/<n>.jsonl` has what files came to, from the nth on. Pieces are whole or not there, and each says where the
 * next begins; so what two planners keep at the same time fits together, however differently they cut it.
 */
import { NotFound } from '../../core/errors/errors.ts';
import { layout } from '../../core/run-store/layout.ts';
import { readAll, type Store } from '../../core/store.ts';
import type { Decided, FoundTable } from './columns/columns-to-tasks.ts';
import { shapeOf } from './files/file-kinds.ts';

/** Planning was told to stop, and has kept how far it came. */
export class Cut extends Error {
  readonly files: number;

  constructor(files: number) {
    super(`planning was told to stop after ${files} files`);
    this.files = files;
  }
}

export interface Keeping {
  /** Files of a piece: what is read again at most after a planner died. */
  piece: number;
  /** Whether it is time to stop; asked after each file, so that every planner comes further. */
  over(): boolean;
}

export interface Reached {
  /** Files so far. */
  files: number;
  /** The last of them. */
  key: string;
}

/** Gives what earlier planners have found out. @returns how far that goes; undefined when there was none */
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
    // A piece has files; one without could not say where the next begins.
    if ((reached?.files ?? 0) === from) return reached;
  }
}

type Table = Omit<FoundTable, 'notes'>;

/** What is known of a file; what is behind the reason was not kept by older versions. */
type Line = [key: string, size: number, columns: (string | null)[], why?: string | null, more?: More];

interface More extends Pick<Decided, 'keywords' | 'literal' | 'expression' | 'hidden' | 'otherCase'> {
  /** The first of its kind in a piece whole, later ones by its number. Only the names of the first are kept. */
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
 * Gives the same files, and keeps what they came to.
 * @param from files that are kept already
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
