/** A part on disk: what one supervisor writes, as it comes. */
import { closeSync, fdatasync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { Unreachable } from '../../../core/errors/errors.ts';

/** A killed process loses nothing of what was written; a machine that loses power, at most this time. */
const syncEveryMs = 1000;

export class Part {
  readonly #path: string;
  #file: number | undefined;
  #sync: NodeJS.Timeout | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  /** Appends bytes; when it returns, they survive the death of every process. @throws Unreachable */
  append(bytes: Uint8Array): void {
    try {
      if (this.#file === undefined) {
        mkdirSync(dirname(this.#path), { recursive: true });
        this.#file = openSync(this.#path, 'ax');
      }
      for (let done = 0; done < bytes.length; ) done += writeSync(this.#file, bytes, done);
    } catch (error) {
      throw new Unreachable(`results cannot be written to ${this.#path}: ${(error as Error).message}`, {
        hint: 'Free some space or repair the disk, then run `gcd-sfn resume`: what is done is kept.',
        cause: error,
      });
    }
    this.#sync ??= setTimeout(() => this.#flush(), syncEveryMs);
  }

  /** Makes everything durable and closes the file. */
  async close(): Promise<void> {
    clearTimeout(this.#sync);
    const file = this.#file;
    if (file === undefined) return;
    this.#file = undefined;
    await new Promise<void>((resolve) => fdatasync(file, () => resolve()));
    closeSync(file);
  }

  #flush(): void {
    this.#sync = undefined;
    // A disk that cannot sync says so at the next write, or never can.
    if (this.#file !== undefined) fdatasync(this.#file, () => {});
  }
}
