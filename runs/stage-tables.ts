/** Copies a run's tables and pages to a staging folder beside the results, then renames each into place. */
import { randomBytes } from 'node:crypto';
import { renameSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { FolderStore, unfinished } from '../adapters/local/store/folder-store.ts';
import { layout } from '../core/run-store/layout.ts';
import type { Store } from '../core/store.ts';
import { cannotWrite } from './cannot-write.ts';

export interface StagedTables {
  names: string[];
  /** Puts them in their place, one right after the other. */
  publish(): Promise<void>;
}

/**
 * @param to the folder of the results
 * @param isResult whether a file of the store with this name is taken
 * @throws Unreachable, AccessDenied
 */
export async function stageTables(
  store: Store,
  to: string,
  isResult: (name: string) => boolean,
): Promise<StagedTables> {
  // `removeTemporaryFilesIn` deletes what a killed process left.
  const beside = `${unfinished}${process.pid}-${randomBytes(6).toString('hex')}`;
  const target = new FolderStore(to);
  const discard = () => rm(join(to, beside), { recursive: true, force: true });
  const names: string[] = [];
  const prefix = layout.result('');
  try {
    for await (const { key } of store.list(prefix)) {
      const name = key.slice(prefix.length);
      if (!isResult(name)) continue;
      await target.write(`${beside}/${name}`, store.read(key));
      names.push(name);
    }
  } catch (error) {
    await discard();
    throw error;
  }
  return {
    names,
    publish: async () => {
      try {
        for (const name of names) renameSync(join(to, beside, name), join(to, name));
      } catch (error) {
        throw cannotWrite('the results', to, error);
      } finally {
        await discard();
      }
    },
  };
}
