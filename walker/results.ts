/** A run's files, and the project's. */
import { basename, join } from 'node:path';
import type { HeldRun } from '../adapters/local/runs/runs-folder.ts';
import { FolderStore } from '../adapters/local/store/folder-store.ts';
import { layout } from '../ports/layout.ts';
import type { Plan } from '../ports/plan.ts';
import { readAll, type Store } from '../ports/store.ts';

/** What outlives the runs of a project: how long its tasks took. */
export function projectStore(project: string): FolderStore {
  return new FolderStore(join(project, '.gcd'));
}

/** What planning found, for messages. */
export async function readPlan({ store }: HeldRun): Promise<Plan> {
  return JSON.parse((await readAll(store, layout.plan)).toString());
}

/** Copies a run's result files to where its users look for them, mostly `<project>/results/`; each whole or not at all. */
export async function publishResults(
  { store }: { store: Store },
  to: string,
): Promise<{ folder: string; files: string[] }> {
  const target = new FolderStore(to);
  const files: string[] = [];
  for await (const { key } of store.list(layout.result(''))) {
    await target.write(basename(key), store.read(key));
    files.push(basename(key));
  }
  return { folder: target.location, files };
}
