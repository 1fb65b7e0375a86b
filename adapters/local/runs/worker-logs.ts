/** Reads the output of tasks that a run's workers log, also while they write. */
import { closeSync, fstatSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { layout } from '../../../core/run-store/layout.ts';
import { type LogLine, parseLogLine } from '../../../core/run-store/log-line.ts';

/** `<worker>.jsonl`, and `<worker>.1.jsonl` for the previous file. */
const fileName = /^(.+?)(\.1)?\.jsonl$/;
const chunkBytes = 256 * 1024;

/** Names of the workers with output of tasks, sorted. @param folder the run's folder */
export function loggingWorkers(folder: string): string[] {
  const logs = dirname(join(folder, layout.log('any')));
  let names: string[];
  try {
    names = readdirSync(logs);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  const workers = new Set(names.flatMap((name) => fileName.exec(name)?.[1] ?? []));
  return [...workers].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}

/** Reads the log of one worker from its start, and follows it as it grows. */
export class WorkerLog {
  readonly worker: string;
  readonly #newer: string;
  readonly #older: string;
  #file: number | undefined;
  /** An incomplete line at the end. */
  #rest = Buffer.alloc(0);
  #lines: LogLine[] = [];
  #place = 0;
  readonly #chunk = Buffer.allocUnsafe(chunkBytes);

  /** @param folder the run's */
  constructor(folder: string, worker: string) {
    this.worker = worker;
    this.#newer = join(folder, layout.log(worker));
    this.#older = join(dirname(this.#newer), `${basename(this.#newer, '.jsonl')}.1.jsonl`);
  }

  /** The next line; undefined if there is none yet. */
  first(): LogLine | undefined {
    if (this.#place === this.#lines.length) this.#fill();
    return this.#lines[this.#place];
  }

  /** Removes the first line. */
  shift(): void {
    this.#place++;
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  #fill(): void {
    this.#lines = [];
    this.#place = 0;
    while (!this.#readOn()) {
      const next = this.#next();
      if (next === undefined) return;
      // Lines may have been appended before the file was rotated.
      if (this.#readOn()) return;
      this.close();
      this.#rest = Buffer.alloc(0);
      this.#file = openIfThere(next);
    }
  }

  /** Reads until there are lines. @returns false at the end of the file */
  #readOn(): boolean {
    if (this.#file === undefined) return false;
    while (this.#lines.length === 0) {
      const count = readSync(this.#file, this.#chunk, 0, chunkBytes, null);
      if (count === 0) return false;
      const bytes = Buffer.concat([this.#rest, this.#chunk.subarray(0, count)]);
      const end = bytes.lastIndexOf(0x0a) + 1;
      this.#rest = bytes.subarray(end);
      for (const line of bytes.toString('utf8', 0, end).split('\n')) {
        const parsed = line === '' ? undefined : parseLogLine(line);
        if (parsed) this.#lines.push(parsed);
      }
    }
    return true;
  }

  /** The file after the present one; undefined while that is still written. */
  #next(): string | undefined {
    // The inode of an open file is not reused.
    const present = this.#file === undefined ? undefined : fstatSync(this.#file, { bigint: true }).ino;
    const older = inode(this.#older);
    const newer = inode(this.#newer);
    if (present !== undefined && present === newer) return undefined;
    if (older !== undefined && present !== older) return this.#older;
    return newer === undefined ? undefined : this.#newer;
  }
}

const inode = (path: string) => statSync(path, { bigint: true, throwIfNoEntry: false })?.ino;

function openIfThere(path: string): number | undefined {
  try {
    return openSync(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
