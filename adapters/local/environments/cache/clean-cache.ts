/** Environments that are kept, and how those go that nobody uses. */
import { lstat, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { takeFlock } from '../../locks/flock.ts';
import type { Cache } from './environment-cache.ts';

const day = 24 * 3600 * 1000;
/** Days after which one that nobody has used is removed. */
export const keptDays = 60;

export interface Kept {
  /** Name of the environment. */
  key: string;
  /** On the disk; files that it shares with another folder count here, too. */
  bytes: number;
  /** Milliseconds since 1970. */
  lastUsed: number;
  /** Whether another process uses it right now. */
  isUsed: boolean;
}

const isKey = (name: string): boolean => /^py\d/.test(name);
const namesIn = (folder: string): Promise<string[]> => readdir(folder).catch(() => []);

/** All of them, those that were used last first. */
export async function keptEnvironments(cache: Cache): Promise<Kept[]> {
  const kept: Kept[] = [];
  for (const key of (await namesIn(cache.folder)).filter(isKey))
    kept.push({
      key,
      bytes: await bytesOf(join(cache.folder, key)),
      lastUsed: await lastUse(cache, key),
      isUsed: await cache.uses.isUsed(key),
    });
  return kept.sort((a, b) => b.lastUsed - a.lastUsed);
}

async function lastUse(cache: Cache, key: string): Promise<number> {
  const last = await cache.uses.last(key);
  return last ?? (await stat(join(cache.folder, key)).catch(() => undefined))?.mtimeMs ?? Date.now();
}

async function bytesOf(folder: string): Promise<number> {
  let sum = 0;
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => []);
  for (const entry of entries)
    if (entry.isFile())
      sum += (await lstat(join(entry.parentPath, entry.name)).catch(() => undefined))?.size ?? 0;
  return sum;
}

/**
 * Removes one, unless a process uses or makes it. It is out of sight before anything of it goes; whoever looks for it at that
 * moment has said so before, and is seen, or makes it anew.
 * @param python absolute path of any Python, which holds the lock
 * @returns whether it is gone
 */
export async function removeKept(cache: Cache, key: string, python: string): Promise<boolean> {
  await cache.prepare();
  const lock = await takeFlock(python, cache.lock(key));
  if ('busy' in lock) return false;
  try {
    const complete = join(cache.folder, key, 'complete.json');
    await rename(complete, `${complete}.hidden`).catch(() => {});
    if (await cache.uses.isUsed(key)) {
      await rename(`${complete}.hidden`, complete).catch(() => {});
      return false;
    }
    const gone = join(cache.folder, `removed-${key}-${process.pid}`);
    // Another one may have removed it since it was listed.
    await rename(join(cache.folder, key), gone).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
    await cache.uses.forget(key);
    await rm(cache.log(key), { force: true });
    await rm(gone, { recursive: true, force: true, maxRetries: 3 });
    return true;
  } finally {
    await lock.release();
  }
}

/**
 * Removes what nobody has used for long, and what others have left half removed or half made. Looks once a day.
 * @param python absolute path of any Python
 */
export async function tidy(cache: Cache, python: string, now = Date.now()): Promise<void> {
  const stamp = join(cache.folder, 'tidied');
  const last = (await stat(stamp).catch(() => undefined))?.mtimeMs ?? 0;
  if (now - last < day || !(await stat(cache.folder).catch(() => undefined))) return;
  await writeFile(stamp, '');
  await utimes(stamp, now / 1000, now / 1000);
  for (const name of await namesIn(cache.folder)) {
    const path = join(cache.folder, name);
    if (name.startsWith('removed-')) await rm(path, { recursive: true, force: true });
    else if (!isKey(name)) continue;
    else if (now - (await lastUse(cache, name)) > keptDays * day) await removeKept(cache, name, python);
    else await cache.removeSuperseded(name, python);
  }
  // A newer one is fetched when it is needed.
  await removeOlder(join(cache.folder, 'tools'), now - keptDays * day);
  await removeOlder(join(cache.folder, 'builds'), now - day);
}

/** Removes what in a folder is older than a time in milliseconds since 1970. */
async function removeOlder(folder: string, than: number): Promise<void> {
  for (const name of await namesIn(folder)) {
    const since = (await stat(join(folder, name)).catch(() => undefined))?.mtimeMs ?? than;
    if (since < than) await rm(join(folder, name), { recursive: true, force: true });
  }
}
