/** Walks a folder in the order in which S3 would list it. */
import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { StoredObject } from '../../../ports/store.ts';

export interface Wanted {
  /** Only keys that begin with it. */
  prefix: string;
  /** Only keys that come after it. */
  after?: string | undefined;
  /** Folders that are passed over, by their absolute path. */
  isIgnored: (path: string) => boolean;
}

/**
 * All files below a folder, links followed, in order of their keys' UTF-8 bytes.
 * Only folders that can hold such keys are opened. Broken links and links that lead back up are passed over.
 * @throws ENOENT when the folder is not there
 */
export async function* walk(folder: string, wanted: Wanted): AsyncGenerator<StoredObject> {
  const cursor = wanted.after === undefined ? undefined : Buffer.from(wanted.after);
  yield* below(folder, '', { ...wanted, cursor }, [await realpath(folder)]);
}

type Search = Wanted & { cursor: Buffer | undefined };

async function* below(
  folder: string,
  keyOfFolder: string,
  wanted: Search,
  ancestors: string[],
): AsyncGenerator<StoredObject> {
  for (const { name, isFolder } of await sortedEntries(folder)) {
    const key = `${keyOfFolder}${name}`;
    const path = join(folder, name);
    if (isFolder) {
      if (!mayHold(`${key}/`, wanted) || wanted.isIgnored(path)) continue;
      const real = await realpath(path);
      if (!ancestors.includes(real)) yield* below(path, `${key}/`, wanted, [...ancestors, real]);
    } else if (key.startsWith(wanted.prefix) && comesAfter(key, wanted.cursor)) {
      const { size } = await stat(path);
      yield { key, size };
    }
  }
}

/** A folder sorts as its name with a slash behind, as its keys do. */
async function sortedEntries(folder: string): Promise<{ name: string; isFolder: boolean }[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const kinds = await Promise.all(entries.map((entry) => kindOf(folder, entry)));
  return kinds
    .filter((entry) => entry !== undefined)
    .map((entry) => ({ ...entry, order: Buffer.from(entry.isFolder ? `${entry.name}/` : entry.name) }))
    .sort((a, b) => Buffer.compare(a.order, b.order));
}

async function kindOf(
  folder: string,
  entry: Dirent,
): Promise<{ name: string; isFolder: boolean } | undefined> {
  const { name } = entry;
  if (entry.isDirectory()) return { name, isFolder: true };
  if (entry.isFile()) return { name, isFolder: false };
  if (!entry.isSymbolicLink()) return undefined;
  const target = await stat(join(folder, name)).catch(() => undefined);
  if (target?.isDirectory()) return { name, isFolder: true };
  return target?.isFile() ? { name, isFolder: false } : undefined;
}

function mayHold(keyOfFolder: string, { prefix, cursor }: Search): boolean {
  if (!keyOfFolder.startsWith(prefix) && !prefix.startsWith(keyOfFolder)) return false;
  // Every key below is larger than the cursor unless the cursor lies below or after the folder.
  return cursor === undefined || Buffer.compare(lastBelow(keyOfFolder), cursor) > 0;
}

/** Larger than every key below the folder: its bytes with 0xff, which no UTF-8 text has. */
function lastBelow(keyOfFolder: string): Buffer {
  return Buffer.concat([Buffer.from(keyOfFolder), Buffer.of(0xff)]);
}

function comesAfter(key: string, after: Buffer | undefined): boolean {
  return after === undefined || Buffer.compare(Buffer.from(key), after) > 0;
}
