/**
 * A repetition's parts, as lines; and how gathering goes on where a function's time was over.
 *
 * Runs that are long leave many small parts. In calls that may be ended they are put together, in their order, into
 * pieces, `gathering/<repetition>/<first>-<parts>-<digest>.jsonl`: so many parts from the nth on; the digest is of their
 * keys and sizes. What is there was written whole, and a piece of parts that have changed since has another name. So
 * pieces may be left behind, or written by two at once, and nothing has to be remembered.
 */
import { createHash } from 'node:crypto';
import { layout } from '../../core/run-store/layout.ts';
import { linesOf } from '../../core/run-store/records/lines.ts';
import { linesInOrder, partsIn } from '../../core/run-store/records/parts.ts';
import { readInOrder } from '../../core/run-store/records/read-ahead.ts';
import type { Store, StoredObject } from '../../core/store.ts';

/** Some lines of one part; all groups of a part come together, and the parts in the order of their keys. */
export interface PartLines {
  key: string;
  lines: Buffer[];
}

export interface Cutting {
  /** Whether it is time to stop; asked after each piece, so that every call comes further. */
  over(): boolean;
  /** A piece ends at so many parts or so many bytes. */
  piece?: { parts: number; bytes: number };
}

/** Some seconds' work each: what is lost when a call is ended in the middle. */
const defaultPiece = { parts: 4096, bytes: 8 * 1024 * 1024 };

/** Gathering was told to stop, and has kept how far it came. */
export class Cut extends Error {
  readonly parts: number;

  constructor(parts: number) {
    super(`gathering was told to stop after ${parts} parts`);
    this.parts = parts;
  }
}

/** Straight from the parts. */
export const linesOfParts = (store: Store, repetition: number): AsyncGenerator<PartLines> =>
  linesInOrder(store, partsIn(store, repetition));

/**
 * The same through pieces: makes those that are not there, then reads them. What fits into one piece is read as it is.
 * @throws Cut when the time was over before all pieces were there; those that are stay
 */
export async function* linesInPieces(
  store: Store,
  repetition: number,
  { over, piece: limit = defaultPiece }: Cutting,
): AsyncGenerator<PartLines> {
  const there = new Set<string>();
  for await (const { key } of store.list(`${layout.pieces}${repetition}/`)) there.add(key);
  const pieces: StoredObject[] = [];
  let last: Piece | undefined;
  let cut: Cut | undefined;
  for await (const piece of piecesOf(partsIn(store, repetition), limit)) {
    if (last) pieces.push(objectOf(repetition, last));
    if (last && !there.has(nameOf(repetition, last))) {
      if (cut) throw cut;
      await store.write(nameOf(repetition, last), joined(store, last.parts));
      if (over()) cut = new Cut(last.from + last.parts.length);
    }
    last = piece;
  }
  // The last piece is read as it is, in a call of its own when the time was over.
  if (cut) throw cut;
  yield* linesOfPieces(store, pieces);
  if (last) yield* linesInOrder(store, each(last.parts));
}

/** Takes away what was kept in between: it is as large as the parts themselves. */
export async function removePieces(store: Store): Promise<void> {
  for await (const { key } of store.list(layout.pieces)) await store.remove(key);
}

/** Parts that follow each other. */
interface Piece {
  /** Parts before. */
  from: number;
  parts: StoredObject[];
  bytes: number;
}

async function* piecesOf(
  parts: AsyncIterable<StoredObject>,
  limit: { parts: number; bytes: number },
): AsyncGenerator<Piece> {
  let piece: Piece = { from: 0, parts: [], bytes: 0 };
  for await (const part of parts) {
    piece.parts.push(part);
    piece.bytes += part.size;
    if (piece.parts.length < limit.parts && piece.bytes < limit.bytes) continue;
    yield piece;
    piece = { from: piece.from + piece.parts.length, parts: [], bytes: 0 };
  }
  if (piece.parts.length > 0) yield piece;
}

function nameOf(repetition: number, { from, parts }: Piece): string {
  const digest = createHash('sha256');
  for (const { key, size } of parts) digest.update(`${JSON.stringify([key, size])}\n`);
  return layout.piece(repetition, from, parts.length, digest.digest('hex').slice(0, 16));
}

const objectOf = (repetition: number, piece: Piece): StoredObject => ({
  key: nameOf(repetition, piece),
  size: piece.bytes,
});

const newline = Buffer.from('\n');

/** What a line that names a part begins with; no record does. */
const partStart = 0x3e;
/** Put before a line of a part that begins so as well: it is damaged, and stays so. */
const shield = Buffer.from(' ');

/** A line that names a part, then its lines; a torn last line is left out. */
async function* joined(store: Store, parts: StoredObject[]): AsyncGenerator<Uint8Array> {
  for await (const { key, body } of readInOrder(store, each(parts))) {
    yield Buffer.from(`>${key}\n`);
    for await (const lines of linesOf(body))
      yield Buffer.concat(
        lines.flatMap((line) => (line[0] === partStart ? [shield, line, newline] : [line, newline])),
      );
  }
}

async function* linesOfPieces(store: Store, pieces: StoredObject[]): AsyncGenerator<PartLines> {
  let key = '';
  for await (const { lines } of linesInOrder(store, each(pieces))) {
    let from = 0;
    for (const [place, line] of lines.entries()) {
      if (line[0] !== partStart) continue;
      if (place > from) yield { key, lines: lines.slice(from, place) };
      key = line.toString('utf8', 1);
      from = place + 1;
    }
    if (from < lines.length) yield { key, lines: lines.slice(from) };
  }
}

async function* each<Item>(items: Item[]): AsyncGenerator<Item> {
  yield* items;
}
