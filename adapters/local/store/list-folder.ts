/** Lists a folder recursively, in the order of S3. */
import { isUtf8 } from 'node:buffer';
import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { StoredObject } from '../../../core/store.ts';

export interface Wanted {
  /** Only keys that start with it. */
  prefix: string;
  /** Only keys that come after it. */
  after?: string | undefined;
  /** Whether to skip a folder, by its absolute path. */
  isIgnored: (path: string) => boolean;
}

/**
 * All files below a folder, following links, sorted by the UTF-8 bytes of their keys. Opens only folders that can have
 * matching keys. Skips broken links and links to a parent folder. Unreadable files and folders are listed with a reason; the
 * key of such a folder ends with a slash.
 * @throws ENOENT if the folder does not exist
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
  /** Why its name cannot be used. */
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

/** Why an entry of a folder cannot be read. @throws errors that do not concern this entry */
function reasonOf(error: NodeJS.ErrnoException): string {
  const { code } = error;
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'it was deleted while the folder was listed';
  if (code === 'EACCES' || code === 'EPERM') return 'no permission to read it';
  if (code === undefined || code === 'EMFILE' || code === 'ENFILE') throw error;
  return `it cannot be read: ${code}`;
}

/** A folder sorts like its keys: as its name with a slash. */
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

/** Undefined for other kinds, such as sockets. */
async function isFolderAt(folder: string, entry: Dirent<Buffer>): Promise<boolean | undefined> {
  if (entry.isDirectory()) return true;
  if (entry.isFile()) return false;
  if (!entry.isSymbolicLink()) return undefined;
  const target = await stat(join(folder, entry.name.toString())).catch(() => undefined);
  if (target?.isDirectory()) return true;
  return target?.isFile() ? false : undefined;
}

/** A name with escapes in place of invalid bytes, such as `M\xfcnchen.txt`. */
export const withEscapes = (name: Buffer) =>
  name.toString('latin1').replace(/[\u0080-\u00ff]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16)}`);

function mayHold(keyOfFolder: string, { prefix, cursor }: Search): boolean {
  if (!keyOfFolder.startsWith(prefix) && !prefix.startsWith(keyOfFolder)) return false;
  // Every key below is greater than the cursor unless the cursor is below or after the folder.
  return cursor === undefined || Buffer.compare(lastBelow(keyOfFolder), cursor) > 0;
}

/** Greater than every key below the folder: 0xff does not occur in UTF-8. */
function lastBelow(keyOfFolder: string): Buffer {
  return Buffer.concat([Buffer.from(keyOfFolder), Buffer.of(0xff)]);
}

function comesAfter(key: string, after: Buffer | undefined): boolean {
  return after === undefined || Buffer.compare(Buffer.from(key), after) > 0;
}
