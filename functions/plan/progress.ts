/**
 * How far planning has come, kept in the run's store, for a planner that may be ended at any time: the next one goes on.
 *
 * `planning/<n>.jsonl` has what files came to, from the nth on. Pieces are whole or not there, and each says where the
 * next begins; so what two planners keep at the same time fits together, however differently they cut it.
 */
import { NotFound } from '../../ports/errors.ts';
import { layout } from '../../ports/layout.ts';
import { readAll, type Store } from '../../ports/store.ts';
import type { Decided } from './decide.ts';

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
    for (const line of linesOf(text)) {
      const [key, size, columns, why] = JSON.parse(line);
      reached = { files: (reached?.files ?? 0) + 1, key };
      yield { file: { key, size }, columns, ...(why !== undefined && { why }) };
    }
    // A piece has files; one without could not say where the next begins.
    if ((reached?.files ?? 0) === from) return reached;
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
  let lines: string[] = [];
  let start = from;
  const keep = async () => {
    await store.write(layout.planning(start), lines.join(''));
    start += lines.length;
    lines = [];
  };
  for await (const decided of files) {
    const { file, columns, why } = decided;
    const known = [file.key, file.size, columns];
    lines.push(`${JSON.stringify(why === undefined ? known : [...known, why])}\n`);
    const isOver = over();
    if (isOver || lines.length === piece) await keep();
    if (isOver) throw new Cut(start);
    yield decided;
  }
}
