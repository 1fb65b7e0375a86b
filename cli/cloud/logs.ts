/** What the tasks of a run on AWS print: their workers' logs, brought here as they grow. */
import { appendFileSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { RunsFolder } from '../../adapters/local/runs/runs-folder.ts';
import { newestExecution } from '../../cloud/executions-of.ts';
import type { Remote } from '../../ports/remote.ts';
import { readAll, type Store, type StoredObject } from '../../ports/store.ts';
import { type Connect, connect } from './connect.ts';
import { openRun } from './open.ts';

/** Where logs come from: the run's store, the folder with the logs, and whether more may come. */
export interface LogSource {
  folder: string;
  store: Store;
  /** Looks for more. @returns whether the run was at work before that */
  refresh(): Promise<boolean>;
  /** Milliseconds between two looks. */
  every: number;
}

/** Workers bring their logs to the bucket twice a minute. */
const everyMs = 10_000;

export async function remoteLogs(
  runs: RunsFolder,
  name: string,
  remote: Remote,
  connectTo: Connect = connect,
): Promise<LogSource> {
  const { cloud, folder, run } = await openRun(runs, name, remote, connectTo);
  return {
    ...{ folder, store: run.store, every: everyMs },
    refresh: async () => {
      const newest = await newestExecution(cloud, name, run.store);
      await mirrorLogs(run.store, folder);
      return newest?.execution.state === 'running';
    },
  };
}

/** Has the folder's logs be those of the bucket. A log only grows, until it is put aside as `<worker>.1.jsonl`. */
export async function mirrorLogs(store: Store, folder: string): Promise<void> {
  const found = new Map<string, StoredObject>();
  for await (const object of store.list('logs/')) found.set(object.key, object);
  for (const { key, size } of found.values()) {
    if (key.endsWith('.1.jsonl')) continue;
    const path = join(folder, key);
    mkdirSync(dirname(path), { recursive: true });
    const aside = key.replace(/\.jsonl$/, '.1.jsonl');
    const older = found.get(aside);
    // It was put aside, and a new one begun.
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
