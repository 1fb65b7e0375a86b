/** Reads what workers wrote: parts, that is lines of records and events (worker/PROTOCOL.md). */
import { NotFound } from './errors.ts';
import { layout } from './layout.ts';
import type { Store } from './store.ts';

const newline = 0x0a;

/**
 * The lines of an object, without their newlines, many at a time. A last line without a newline is torn: it
 * is dropped, because nobody can tell what it was to be.
 */
export async function* linesOf(source: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer[]> {
  let rest: Buffer[] = [];
  for await (const bytes of source) {
    const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const lines: Buffer[] = [];
    let start = 0;
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, start)) {
      const line = chunk.subarray(start, end);
      lines.push(rest.length > 0 ? Buffer.concat([...rest, line]) : line);
      if (rest.length > 0) rest = [];
      start = end + 1;
    }
    if (start < chunk.length) rest.push(chunk.subarray(start));
    if (lines.length > 0) yield lines;
  }
}

/** The keys of a repetition's parts. */
export async function* partsOf(store: Store, repetition: number): AsyncGenerator<string> {
  try {
    for await (const { key } of store.list(layout.parts(repetition))) yield key;
  } catch (error) {
    if (!(error instanceof NotFound)) throw error;
  }
}

const recordHead = /^\{"status":"([sf])[a-z]+","index":(\d+),/;
const attemptHead = /^\{"event":"attempt","index":(\d+),/;
/** Longer than any head of a line that tells what it is. */
const headBytes = 64;

/** What a line says at its beginning; undefined for other events and for lines that are damaged. */
export function headOf(
  line: Buffer,
): { kind: 'succeeded' | 'failed' | 'attempt'; index: number } | undefined {
  // A crash of the machine, not of a process, can leave a line with a hole in it: bytes of 0.
  if (line[line.length - 1] !== 0x7d || line.includes(0)) return undefined;
  const head = line.toString('latin1', 0, headBytes);
  const record = recordHead.exec(head);
  if (record) return { kind: record[1] === 's' ? 'succeeded' : 'failed', index: Number(record[2]) };
  const attempt = attemptHead.exec(head);
  return attempt ? { kind: 'attempt', index: Number(attempt[1]) } : undefined;
}

/** What earlier executions of a run have done of a repetition. */
export interface Done {
  /** Whether the task with this index has a record. */
  has(index: number): boolean;
  succeeded: number;
  failed: number;
  /** Attempts counted against tasks that have no record yet. */
  attempts: Map<number, number>;
}

/**
 * Reads every part of a repetition. A success outweighs a failure of the same task.
 * @param retryFailed a task that failed counts as not done, and its attempts not at all
 */
export async function readDone(
  store: Store,
  repetition: number,
  { retryFailed = false }: { retryFailed?: boolean } = {},
): Promise<Done> {
  const outcomes = new Outcomes();
  const attempts = new Map<number, number>();
  for await (const key of partsOf(store, repetition))
    for await (const lines of linesOf(store.read(key)))
      for (const line of lines) {
        const head = headOf(line);
        if (!head) continue;
        if (head.kind === 'attempt') attempts.set(head.index, (attempts.get(head.index) ?? 0) + 1);
        else outcomes.add(head.index, head.kind);
      }
  // Before failures are forgotten: what is tried again has all its attempts.
  for (const index of [...attempts.keys()]) if (outcomes.has(index)) attempts.delete(index);
  if (retryFailed) outcomes.forgetFailed();
  return {
    has: (index) => outcomes.has(index),
    succeeded: outcomes.succeeded,
    failed: outcomes.failed,
    attempts,
  };
}

/** How tasks ended, by index: one byte a task. */
class Outcomes {
  static readonly #none = 0;
  static readonly #failed = 1;
  static readonly #succeeded = 2;
  #ends = new Uint8Array(1024);
  succeeded = 0;
  failed = 0;

  has(index: number): boolean {
    return (this.#ends[index] ?? Outcomes.#none) !== Outcomes.#none;
  }

  add(index: number, kind: 'succeeded' | 'failed'): void {
    if (index >= this.#ends.length) this.#grow(index);
    const before = this.#ends[index];
    if (before === Outcomes.#succeeded || (before === Outcomes.#failed && kind === 'failed')) return;
    if (before === Outcomes.#failed) this.failed--;
    this[kind]++;
    this.#ends[index] = kind === 'succeeded' ? Outcomes.#succeeded : Outcomes.#failed;
  }

  forgetFailed(): void {
    this.failed = 0;
    for (const [index, end] of this.#ends.entries())
      if (end === Outcomes.#failed) this.#ends[index] = Outcomes.#none;
  }

  #grow(index: number): void {
    const larger = new Uint8Array(2 * (index + 1));
    larger.set(this.#ends);
    this.#ends = larger;
  }
}
