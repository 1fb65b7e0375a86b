/** Copies workers' logs from a run's bucket to this machine as they grow. */
import { appendFileSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readAll, type Store, type StoredObject } from '../../../core/store.ts';

/** Copies new lines of each log. A log only grows until it is renamed to `<worker>.1.jsonl`. */
export async function mirrorLogs(store: Store, folder: string): Promise<void> {
  const found = new Map<string, StoredObject>();
  for await (const object of store.list('logs/')) found.set(object.key, object);
  for (const { key, size } of found.values()) {
    if (key.endsWith('.1.jsonl')) continue;
    const path = join(folder, key);
    mkdirSync(dirname(path), { recursive: true });
    const aside = key.replace(/\.jsonl$/, '.1.jsonl');
    const older = found.get(aside);
    // It was renamed, and a new log started.
    if (older && size < sizeOf(path)) renameSync(path, join(folder, aside));
    if (older) await grow(store, older, join(folder, aside));
    await grow(store, { key, size }, path);
  }
}

async function grow(store: Store, { key, size }: StoredObject, path: string): Promise<void> {
  const have = sizeOf(path);
  if (have > size) rmSync(path);
  const start = have > size ? 0 : have;
  if (start < size) appendFileSync(path, await readAll(store, key, { start, end: size }));
}

const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;
