/** Lines as they are kept in a store: reading them as a stream, and collecting them into chunks to write. */
import { NotFound } from '../../errors/errors.ts';
import type { Store } from '../../store.ts';

const newline = 0x0a;

/**
 * The lines of an object, without their newlines, many at a time. A last line without a newline is torn, and dropped.
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

/** The lines of an object, many at a time; none if it does not exist. */
export async function* lineGroups(store: Store, key: string): AsyncGenerator<Buffer[]> {
  try {
    yield* linesOf(store.read(key));
  } catch (error) {
    if (!(error instanceof NotFound)) throw error;
  }
}

/**
 * The parsed lines of an object; none if it does not exist. Lines that are not JSON are skipped: a killed process leaves
 * a torn line.
 */
export async function* jsonLines<Line>(store: Store, key: string): AsyncGenerator<Line> {
  for await (const lines of lineGroups(store, key)) {
    for (const line of lines) {
      const parsed = parse<Line>(line);
      if (parsed !== undefined) yield parsed;
    }
  }
}

function parse<Line>(line: Buffer): Line | undefined {
  try {
    return JSON.parse(line.toString()) as Line;
  } catch {
    return undefined;
  }
}

/** Gathers lines into chunks of bytes, as a Store takes them. */

const chunkBytes = 256 * 1024;
/** A UTF-16 unit takes at most so many bytes in UTF-8. */
const bytesPerUnit = 3;

/**
 * Collects lines into chunks of bytes. Concatenated strings would keep a million small strings alive until V8's old space
 * is collected.
 */
export class LineChunks {
  #chunk = Buffer.allocUnsafe(chunkBytes);
  #used = 0;

  /** Adds a line and its newline. @returns a chunk when one is full */
  add(line: string): Buffer | undefined {
    const maxBytes = line.length * bytesPerUnit + 1;
    const full = this.#used > 0 && this.#used + maxBytes > this.#chunk.length ? this.rest() : undefined;
    if (maxBytes > this.#chunk.length) this.#chunk = Buffer.allocUnsafe(maxBytes);
    this.#used += this.#chunk.write(line, this.#used);
    this.#chunk[this.#used++] = 0x0a;
    return full;
  }

  /** The last, incomplete chunk; empty if there is none. */
  rest(): Buffer {
    const rest = this.#chunk.subarray(0, this.#used);
    this.#chunk = Buffer.allocUnsafe(chunkBytes);
    this.#used = 0;
    return rest;
  }
}
