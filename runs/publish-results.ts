/** Copies a run's results to where the user reads them. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { refuseResultsElsewhere } from '../adapters/local/project/outside-links.ts';
import { removeTemporaryFilesIn } from '../adapters/local/runs/remove-temporary-files.ts';
import type { LockedRun } from '../adapters/local/runs/runs-folder.ts';
import { FolderStore } from '../adapters/local/store/folder-store.ts';
import { layout } from '../core/run-store/layout.ts';
import type { Plan } from '../core/run-store/plan/plan.ts';
import type { RunRequest } from '../core/run-store/request/request.ts';
import { filesFolder, filesTable, isResultOf } from '../core/run-store/result-names.ts';
import { readAll, type Store } from '../core/store.ts';
import { type CopiedOutputs, stageOutputs } from './stage-outputs.ts';
import { stageTables } from './stage-tables.ts';

/** The store of what outlives runs: how long the project's tasks took. */
export function projectStore(project: string): FolderStore {
  return new FolderStore(join(project, '.gcd'));
}

/** What planning found, for messages. */
export async function readPlan({ store }: LockedRun): Promise<Plan> {
  return JSON.parse((await readAll(store, layout.plan)).toString());
}

export interface Published {
  folder: string;
  /** Names of the tables and pages in it. */
  files: string[];
  /** The files of tasks, in its folder `files`. */
  outputs: CopiedOutputs;
}

/**
 * Copies a run's result files to where its users look for them, mostly `<project>/results/`; all of them or none. The
 * files of its tasks take the place of those of the run before. What else lies among them in the store is left there:
 * others may write into a bucket.
 * @param request the one that this machine has
 * @throws ProjectInvalid when a link leads from there out of the project, UsageError when a name can be none
 */
export async function publishResults(
  { store }: { store: Store },
  request: Pick<RunRequest, 'run' | 'project' | 'config'>,
  to = join(request.project, 'results'),
): Promise<Published> {
  refuseResultsElsewhere(request.project, to);
  removeTemporaryFilesIn(to);
  // Everything is staged first, so that renaming takes a moment: a kill leaves the results of one run.
  const outputs = await stageOutputs(store, to);
  const tables = await stageTables(store, to, isResultOf(request)).catch(async (error) => {
    await outputs.discard();
    throw error;
  });
  const files = [...tables.names];
  const isOld = !files.includes(filesTable) && outputs.replaced;
  await tables.publish();
  if (isOld) await rm(join(to, filesTable), { force: true });
  await outputs.publish();
  if (outputs.count > 0) files.push(`${filesFolder}/`);
  return { folder: to, files, outputs };
}
