/** Downloads one object of a store. */
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Throttled, Unreachable } from '../../../core/errors/errors.ts';
import type { Store } from '../../../core/store.ts';

/** Pauses between tries, when the network is down; the last one is repeated. */
const pausesMs = [500, 1000, 2000, 5000, 10_000];

export interface Download {
  store: Store;
  key: string;
  /** Path until the download is complete. */
  partial: string;
  path: string;
  /** Path when the file system refuses `path`. */
  fallbackPath: string;
  /** How long it is retried while the store cannot be reached. */
  patienceMs: number;
  signal: AbortSignal;
}

/**
 * @returns its path and its size in bytes
 * @throws GcdError of the store. Any other error is this machine's.
 */
export async function download(wanted: Download): Promise<{ path: string; bytes: number }> {
  const { partial, signal } = wanted;
  const end = performance.now() + wanted.patienceMs;
  for (let tries = 0; ; tries++) {
    try {
      const bytes = await fetch(wanted);
      return { path: await moveToPath(wanted), bytes };
    } catch (error) {
      await rm(partial, { force: true });
      const isTransient = error instanceof Unreachable || error instanceof Throttled;
      const pause = pausesMs[Math.min(tries, pausesMs.length - 1)] as number;
      if (signal.aborted || !isTransient || performance.now() + pause > end) throw error;
      await wait(pause, undefined, { signal }).catch(() => {
        throw error;
      });
    }
  }
}

async function fetch({ store, key, partial, signal }: Download): Promise<number> {
  const file = await open(partial, 'w');
  let bytes = 0;
  try {
    for await (const chunk of store.read(key)) {
      if (signal.aborted) throw new Unreachable(`fetching ${key} was ended`);
      for (let done = 0; done < chunk.length; )
        done += (await file.write(chunk, done, chunk.length - done)).bytesWritten;
      bytes += chunk.length;
    }
  } finally {
    await file.close();
  }
  return bytes;
}

/** Error codes of names that the file system refuses, and of paths that are taken. */
const refusals = new Set([
  'EEXIST',
  'EILSEQ',
  'EINVAL',
  'EISDIR',
  'ENAMETOOLONG',
  'ENOENT',
  'ENOTDIR',
  'ENOTEMPTY',
]);

/** Only a complete file gets its name. */
async function moveToPath({ partial, path, fallbackPath }: Download): Promise<string> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await rename(partial, path);
    return path;
  } catch (error) {
    if (!refusals.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
    await mkdir(dirname(fallbackPath), { recursive: true });
    await rename(partial, fallbackPath);
    return fallbackPath;
  }
}
