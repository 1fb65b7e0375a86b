/** Takes away what workers have left in a run's folder that is nobody's. */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { workingFolder } from '../../../adapters/local/workers/local-workers.ts';
import { layout } from '../../../core/run-store/layout.ts';
import { outputFiles } from '../../../core/run-store/records/output-files.ts';
import type { Store } from '../../../core/store.ts';

/** The working directories: only while the run is at work does anybody need them. @param folder the run's */
export async function removeWorkingFolder(folder: string): Promise<void> {
  // Whatever tasks have made of it; the next execution tries again.
  await rm(join(folder, workingFolder), { recursive: true, force: true }).catch(() => {});
}

/** Files of attempts that do not count: their worker was killed before it could say that it had kept them. */
export async function removeOrphans(store: Store, folder: string): Promise<void> {
  const named = new Set<string>();
  for await (const { key } of outputFiles(store)) named.add(key.split('/')[1] as string);
  const outputs = join(folder, layout.outputs);
  const there = await readdir(outputs).catch(() => []);
  for (const name of there)
    if (!named.has(name)) await rm(join(outputs, name), { recursive: true, force: true }).catch(() => {});
}
