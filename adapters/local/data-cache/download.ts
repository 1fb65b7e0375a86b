/** Brings one object of a store to this disk. */
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Throttled, Unreachable } from '../../../core/errors/errors.ts';
import type { Store } from '../../../core/store.ts';

/** Pauses between tries, when a network is down; the last one is repeated. */
const pausesMs = [500, 1000, 2000, 5000, 10_000];

export interface Download {
  store: Store;
  key: string;
  /** Where it is written as long as it is not complete. */
  partial: string;
  path: string;
  /** Where it goes when the file system does not take `path`. */
  otherwise: string;
  /** For how long it is tried again while the store cannot be reached. */
  patienceMs: number;
  signal: AbortSignal;
}

/**
 * @returns its path and its bytes
 * @throws GcdError of the store: it cannot be had. Any other error is this machine's.
 */
export async function download(wanted: Download): Promise<{ path: string; bytes: number }> {
  const { partial, signal } = wanted;
  const end = performance.now() + wanted.patienceMs;
  for (let tries = 0; ; tries++) {
    try {
      const bytes = await fetch(wanted);
      return { path: await place(wanted), bytes };
    } catch (error) {
      await rm(partial, { force: true });
      const mayPass = error instanceof Unreachable || error instanceof Throttled;
      const pause = pausesMs[Math.min(tries, pausesMs.length - 1)] as number;
      if (signal.aborted || !mayPass || performance.now() + pause > end) throw error;
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

/** What a file system says of names that it does not take, and of places that something else has. */
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

/** Complete files alone get their name. */
async function place({ partial, path, otherwise }: Download): Promise<string> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await rename(partial, path);
    return path;
  } catch (error) {
    if (!refusals.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
    await mkdir(dirname(otherwise), { recursive: true });
    await rename(partial, otherwise);
    return otherwise;
  }
}
