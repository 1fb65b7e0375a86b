/** Deletes files of workers that no record refers to. */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { workingFolder } from '../../../adapters/local/workers/local-workers.ts';
import { layout } from '../../../core/run-store/layout.ts';
import { outputFiles } from '../../../core/run-store/records/output-files.ts';
import type { Store } from '../../../core/store.ts';

/** Deletes the tasks' working directories. @param folder the run's */
export async function removeWorkingFolder(folder: string): Promise<void> {
  // Tasks may have made a directory undeletable; the next execution tries again.
  await rm(join(folder, workingFolder), { recursive: true, force: true }).catch(() => {});
}

/** Deletes outputs of attempts without a record: their worker was killed before it wrote one. */
export async function removeOrphans(store: Store, folder: string): Promise<void> {
  const named = new Set<string>();
  for await (const { key } of outputFiles(store)) named.add(key.split('/')[1] as string);
  const outputs = join(folder, layout.outputs);
  const there = await readdir(outputs).catch(() => []);
  for (const name of there)
    if (!named.has(name)) await rm(join(outputs, name), { recursive: true, force: true }).catch(() => {});
}
