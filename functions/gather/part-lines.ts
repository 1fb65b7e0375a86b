/**
 * Reads a repetition's parts as lines, in calls that may be killed.
 *
 * Long runs leave many small parts. They are concatenated in order into pieces,
 * `gathering/<repetition>/<first>-<parts>-<digest>.jsonl`: `parts` parts from the nth on; the digest is of their keys and
 * sizes. A piece is written atomically, and changed parts give another name. So pieces may be left behind, or written
 * twice, and no other state is needed.
 */
import { createHash } from 'node:crypto';
import { layout } from '../../core/run-store/layout.ts';
import { linesOf } from '../../core/run-store/records/lines.ts';
import { linesInOrder, partsIn } from '../../core/run-store/records/parts.ts';
import { readInOrder } from '../../core/run-store/records/read-ahead.ts';
import type { Store, StoredObject } from '../../core/store.ts';

/** Some lines of one part; the groups of a part are consecutive, and the parts in the order of their keys. */
export interface PartLines {
  key: string;
  lines: Buffer[];
}

export interface Cutting {
  /** Whether it is time to stop; called after each piece, so that every call makes progress. */
  over(): boolean;
  /** Maximum parts and bytes of a piece. */
  piece?: { parts: number; bytes: number };
}

/** Some seconds of work: the maximum that is lost if a call is killed. */
const defaultPiece = { parts: 4096, bytes: 8 * 1024 * 1024 };

/** Gathering has stopped in time, after a piece. */
export class Cut extends Error {
  readonly parts: number;

  constructor(parts: number) {
    super(`gathering has stopped after ${parts} parts`);
    this.parts = parts;
  }
}

/** Directly from the parts. */
export const linesOfParts = (store: Store, repetition: number): AsyncGenerator<PartLines> =>
  linesInOrder(store, partsIn(store, repetition));

/**
 * The same through pieces: writes missing ones, then reads all. The last piece is read from its parts.
 * @throws Cut if the time was over before all pieces existed; existing ones are kept
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
  // The last piece is read from its parts, in another call if the time is over.
  if (cut) throw cut;
  yield* linesOfPieces(store, pieces);
  if (last) yield* linesInOrder(store, each(last.parts));
}

/** Deletes all pieces, which are as large as the parts. */
export async function removePieces(store: Store): Promise<void> {
  for await (const { key } of store.list(layout.pieces)) await store.remove(key);
}

/** Consecutive parts. */
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

/** First byte of a line that names a part; no record starts with it. */
const partStart = 0x3e;
/** Prefix for a damaged line that starts with the same byte: it stays damaged. */
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
