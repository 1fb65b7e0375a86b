/** Walks a folder in the order in which S3 would list it. */
import { isUtf8 } from 'node:buffer';
import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { StoredObject } from '../../../core/store.ts';

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
 * Only folders that can hold such keys are opened. Broken links and links that lead back up are passed over. What cannot be
 * read stands there with a reason, a folder with a slash behind it, and keeps nothing else from being listed.
 * @throws ENOENT when the folder is not there
 */
export async function* walk(folder: string, wanted: Wanted): AsyncGenerator<StoredObject> {
  const cursor = wanted.after === undefined ? undefined : Buffer.from(wanted.after);
  const real = await realpath(folder);
  yield* below(folder, '', { ...wanted, cursor }, [real], await sortedEntries(folder));
}

type Search = Wanted & { cursor: Buffer | undefined };

interface Entry {
  name: string;
  isFolder: boolean;
  /** Why it has no name that could be asked for. */
  why?: string;
}

async function* below(
  folder: string,
  keyOfFolder: string,
  wanted: Search,
  ancestors: string[],
  entries: Entry[],
): AsyncGenerator<StoredObject> {
  for (const { name, isFolder, why } of entries) {
    const key = `${keyOfFolder}${name}`;
    const path = join(folder, name);
    if (isFolder) {
      if (!mayHold(`${key}/`, wanted) || wanted.isIgnored(path)) continue;
      const opened = why ?? (await opening(path).catch(reasonOf));
      if (typeof opened === 'string') yield { key: `${key}/`, size: 0, why: opened };
      else if (!ancestors.includes(opened.real))
        yield* below(path, `${key}/`, wanted, [...ancestors, opened.real], opened.entries);
    } else if (key.startsWith(wanted.prefix) && comesAfter(key, wanted.cursor)) {
      const found = why ?? (await stat(path).catch(reasonOf));
      yield typeof found === 'string' ? { key, size: 0, why: found } : { key, size: found.size };
    }
  }
}

const opening = async (path: string) => ({ real: await realpath(path), entries: await sortedEntries(path) });

/** Of an entry that was there when its folder was read. @throws what is not about this entry */
function reasonOf(error: NodeJS.ErrnoException): string {
  const { code } = error;
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'it went away while the folder was listed';
  if (code === 'EACCES' || code === 'EPERM') return 'it may not be read';
  if (code === undefined || code === 'EMFILE' || code === 'ENFILE') throw error;
  return `it cannot be read: ${code}`;
}

/** A folder sorts as its name with a slash behind, as its keys do. */
async function sortedEntries(folder: string): Promise<Entry[]> {
  const entries = await readdir(folder, { withFileTypes: true, encoding: 'buffer' });
  const kinds = await Promise.all(entries.map((entry) => kindOf(folder, entry)));
  return kinds
    .filter((entry) => entry !== undefined)
    .map((entry) => ({ ...entry, order: Buffer.from(entry.isFolder ? `${entry.name}/` : entry.name) }))
    .sort((a, b) => Buffer.compare(a.order, b.order));
}

async function kindOf(folder: string, entry: Dirent<Buffer>): Promise<Entry | undefined> {
  const { name } = entry;
  if (!isUtf8(name)) {
    const why = 'its name is not in UTF-8';
    return entry.isDirectory() || entry.isFile()
      ? { name: withEscapes(name), isFolder: entry.isDirectory(), why }
      : undefined;
  }
  const isFolder = await isFolderAt(folder, entry);
  return isFolder === undefined ? undefined : { name: name.toString(), isFolder };
}

/** Undefined for what is neither a folder nor a file. */
async function isFolderAt(folder: string, entry: Dirent<Buffer>): Promise<boolean | undefined> {
  if (entry.isDirectory()) return true;
  if (entry.isFile()) return false;
  if (!entry.isSymbolicLink()) return undefined;
  const target = await stat(join(folder, entry.name.toString())).catch(() => undefined);
  if (target?.isDirectory()) return true;
  return target?.isFile() ? false : undefined;
}

/** `M\xfcnchen.txt`: such bytes cannot be told otherwise. */
export const withEscapes = (name: Buffer) =>
  name.toString('latin1').replace(/[\u0080-\u00ff]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16)}`);

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
