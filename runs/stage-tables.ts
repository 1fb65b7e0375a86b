/** Brings a run's tables and pages to its results: all of them beside their place, then all into it. */
import { randomBytes } from 'node:crypto';
import { renameSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { FolderStore, unfinished } from '../adapters/local/store/folder-store.ts';
import { Unreachable } from '../core/errors/errors.ts';
import { layout } from '../core/run-store/layout.ts';
import type { Store } from '../core/store.ts';

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
  // Of a process that was killed, `removeTemporaryFilesIn` takes it away.
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
        const { message } = error as Error;
        throw new Unreachable(`the results cannot be written to ${to}: ${message}`, {
          hint: 'Make room for them there, then run `gcd-sfn results`: nothing is lost.',
          cause: error,
        });
      } finally {
        await discard();
      }
    },
  };
}
