/**
 * Records which processes use an environment, and the last use: `<cache>/uses/<key>/` has one file per process; its
 * modification time is the time of the last use.
 */
import { unlinkSync } from 'node:fs';
import { mkdir, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { isRunning } from '../../is-running.ts';

/** Milliseconds after which the file of a process on another machine is ignored, since that process cannot be checked. */
const otherHostTimeout = 60 * 24 * 3600 * 1000;

const host = encodeURIComponent(hostname());
const own = `${host} ${process.pid}`;
const marks = new Set<string>();

export class UsageMarks {
  readonly #folder: string;

  /** @param cache absolute path of the cache's folder */
  constructor(cache: string) {
    this.#folder = join(cache, 'uses');
  }

  /** Marks an environment as used by this process until it exits. Ignores a cache without write access. */
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
      // Without write access nothing can be removed either.
    }
  }

  /** Milliseconds since 1970; undefined if no use was recorded. */
  async lastUse(key: string): Promise<number | undefined> {
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
      if (where !== host && Date.now() - since < otherHostTimeout) return true;
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
      // Already removed.
    }
}
