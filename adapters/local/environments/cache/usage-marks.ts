/**
 * Who uses an environment, and when that was last done: `<cache>/uses/<key>/` has a file for each process, and its own time is
 * that of the last use.
 */
import { unlinkSync } from 'node:fs';
import { mkdir, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { isRunning } from '../../is-running.ts';

/** Milliseconds after which a file of another machine, where nobody can ask for a process, says nothing any more. */
const elsewhere = 60 * 24 * 3600 * 1000;

const host = encodeURIComponent(hostname());
const own = `${host} ${process.pid}`;
const marks = new Set<string>();

export class Uses {
  readonly #folder: string;

  /** @param cache absolute path of the cache's folder */
  constructor(cache: string) {
    this.#folder = join(cache, 'uses');
  }

  /** Says that this process uses it from now on, until it ends. A cache that cannot be written is used all the same. */
  async mark(key: string): Promise<void> {
    const folder = join(this.#folder, key);
    const path = join(folder, own);
    try {
      await mkdir(folder, { recursive: true });
      await writeFile(path, '');
      const now = new Date();
      await utimes(folder, now, now);
      if (marks.size === 0) process.once('exit', removeMarks);
      marks.add(path);
    } catch {
      // Nothing can be removed from there either.
    }
  }

  /** Milliseconds since 1970; undefined when nobody has used it since such things are noted. */
  async last(key: string): Promise<number | undefined> {
    return (await stat(join(this.#folder, key)).catch(() => undefined))?.mtimeMs;
  }

  /** Whether another process uses it. */
  async isUsed(key: string): Promise<boolean> {
    const folder = join(this.#folder, key);
    for (const name of await readdir(folder).catch(() => [])) {
      if (name === own) continue;
      const [where, pid] = name.split(' ');
      if (where === host && isRunning(Number(pid))) return true;
      const since = (await stat(join(folder, name)).catch(() => undefined))?.mtimeMs ?? 0;
      if (where !== host && Date.now() - since < elsewhere) return true;
    }
    return false;
  }

  async forget(key: string): Promise<void> {
    await rm(join(this.#folder, key), { recursive: true, force: true });
  }
}

function removeMarks(): void {
  for (const path of marks)
    try {
      unlinkSync(path);
    } catch {
      // Removed already.
    }
}
