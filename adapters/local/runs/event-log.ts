/** A run's `events.jsonl`: appends events, and reads them as they are appended. */
import { appendFileSync, closeSync, existsSync, openSync, readFileSync, readSync } from 'node:fs';
import type { RunEvent } from '../../../core/run-store/events/events.ts';

const chunkBytes = 64 * 1024;
const newline = 0x0a;

export class EventLog {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
    // A killed process may have left an incomplete line: end it, so that the next line is valid.
    if (existsSync(path) && readFileSync(path).at(-1) !== newline) appendFileSync(path, '\n');
  }

  append(event: RunEvent): void {
    appendFileSync(this.#path, `${JSON.stringify(event)}\n`);
  }
}

export class EventTail {
  readonly #path: string;
  /** Kept open, to read the last events of a run that is deleted at its end because nothing was done. */
  #file: number | undefined;
  #offset = 0;
  #rest: Buffer = Buffer.alloc(0);

  constructor(path: string) {
    this.#path = path;
  }

  /** The events since the last call. */
  read(): RunEvent[] {
    this.#file ??= open(this.#path);
    const events: RunEvent[] = [];
    if (this.#file === undefined) return events;
    const chunk = Buffer.alloc(chunkBytes);
    for (;;) {
      const read = readSync(this.#file, chunk, 0, chunkBytes, this.#offset);
      if (read === 0) return events;
      this.#offset += read;
      const bytes = Buffer.concat([this.#rest, chunk.subarray(0, read)]);
      const end = bytes.lastIndexOf(newline) + 1;
      this.#rest = bytes.subarray(end);
      for (const line of bytes.toString('utf8', 0, end).split('\n')) events.push(...parsed(line));
    }
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }
}

function open(path: string): number | undefined {
  try {
    return openSync(path, 'r');
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}

/** Skips an incomplete line of a killed process. */
function parsed(line: string): RunEvent[] {
  try {
    return line === '' ? [] : [JSON.parse(line) as RunEvent];
  } catch {
    return [];
  }
}
