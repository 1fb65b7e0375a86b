/** Lists cached environments, and removes unused ones. */
import { lstat, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { takeFlock } from '../../locks/flock.ts';
import type { Cache } from './environment-cache.ts';

const day = 24 * 3600 * 1000;
/** Days after its last use when an environment is removed. */
export const maxUnusedDays = 60;

export interface CachedEnvironment {
  /** Name of the environment. */
  key: string;
  /** On disk, including files shared with other folders by hard links. */
  bytes: number;
  /** Milliseconds since 1970. */
  lastUsed: number;
  /** Whether another process uses it now. */
  isUsed: boolean;
}

const isKey = (name: string): boolean => /^py\d/.test(name);
const namesIn = (folder: string): Promise<string[]> => readdir(folder).catch(() => []);

/** All environments, most recently used first. */
export async function cachedEnvironments(cache: Cache): Promise<CachedEnvironment[]> {
  const found: CachedEnvironment[] = [];
  for (const key of (await namesIn(cache.folder)).filter(isKey))
    found.push({
      key,
      bytes: await bytesOf(join(cache.folder, key)),
      lastUsed: await lastUse(cache, key),
      isUsed: await cache.uses.isUsed(key),
    });
  return found.sort((a, b) => b.lastUsed - a.lastUsed);
}

async function lastUse(cache: Cache, key: string): Promise<number> {
  const last = await cache.uses.lastUse(key);
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
 * Removes an environment unless a process uses or creates it. Hides it first: a process that looks for it has marked its
 * use before, and is noticed here, or finds nothing and recreates it.
 * @param python absolute path of any Python, which holds the lock
 * @returns whether it was removed
 */
export async function removeEnvironment(cache: Cache, key: string, python: string): Promise<boolean> {
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
    const removed = join(cache.folder, `removed-${key}-${process.pid}`);
    // Another process may have removed it meanwhile.
    await rename(join(cache.folder, key), removed).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
    await cache.uses.forget(key);
    await rm(cache.log(key), { force: true });
    await rm(removed, { recursive: true, force: true, maxRetries: 3 });
    return true;
  } finally {
    await lock.release();
  }
}

/**
 * Removes environments that were not used for `maxUnusedDays`, and incomplete ones of other processes; at most once a day.
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
    else if (now - (await lastUse(cache, name)) > maxUnusedDays * day)
      await removeEnvironment(cache, name, python);
    else await cache.removeSuperseded(name, python);
  }
  // uv is installed again when it is needed.
  await removeOlder(join(cache.folder, 'tools'), now - maxUnusedDays * day);
  await removeOlder(join(cache.folder, 'builds'), now - day);
}

/** Removes the entries of a folder that were modified before `than`, milliseconds since 1970. */
async function removeOlder(folder: string, than: number): Promise<void> {
  for (const name of await namesIn(folder)) {
    const since = (await stat(join(folder, name)).catch(() => undefined))?.mtimeMs ?? than;
    if (since < than) await rm(join(folder, name), { recursive: true, force: true });
  }
}
