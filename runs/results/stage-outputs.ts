/** Copies the output files of tasks to a staging folder beside the results, then renames it into place. */
import { randomBytes } from 'node:crypto';
import { constants, createWriteStream, existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, rename, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { FolderStore } from '../../adapters/local/store/folder-store.ts';
import { NotFound } from '../../core/errors/errors.ts';
import { type OutputFile, outputFiles } from '../../core/run-store/records/output-files.ts';
import { filesFolder } from '../../core/run-store/result-names.ts';
import type { Store } from '../../core/store.ts';
import { cannotWrite } from './cannot-write.ts';

/** Files at once: a bucket takes tens of milliseconds for each, whatever its size. */
const concurrency = 16;
/** Marks the folder as gcd-sfn's: the next run may replace it. */
const marker = '.gcd-sfn';
const markerText = 'The files of the tasks of a run of gcd-sfn. The next run replaces this folder.\n';
/** Name prefixes beside it: of files being copied, and of files being deleted. */
const staging = '.files-new-';
const deleting = '.files-old-';

export interface CopiedOutputs {
  /** Files that tasks have written, and their bytes. */
  count: number;
  bytes: number;
  /** Files that the run has lost: somebody deleted them, or a power cut did. */
  missing: OutputFile[];
}

export interface Staged extends CopiedOutputs {
  /** Whether files of an earlier run are in their place. */
  replaced: boolean;
  /** Puts them in their place. */
  publish(): Promise<void>;
  /** Removes them again. */
  discard(): Promise<void>;
}

/**
 * @param to the folder of the results
 * @throws Unreachable when the disk does not take them
 */
export async function stageOutputs(store: Store, to: string): Promise<Staged> {
  await removeLeftovers(to);
  const folder = join(to, `${staging}${randomBytes(6).toString('hex')}`);
  const copied: CopiedOutputs = { count: 0, bytes: 0, missing: [] };
  const files = outputFiles(store);
  const work = async () => {
    for (let next = await files.next(); !next.done; next = await files.next()) {
      const file = next.value;
      const isThere = await copyOutput(store, file, join(folder, file.path.slice(filesFolder.length + 1)));
      if (!isThere) copied.missing.push(file);
      else {
        copied.count++;
        copied.bytes += file.bytes;
      }
    }
  };
  try {
    await Promise.all(Array.from({ length: concurrency }, work));
    // Concurrent copies find them in any order.
    copied.missing.sort((a, b) => (a.path < b.path ? -1 : 1));
    if (copied.count > 0) await writeFile(join(folder, marker), markerText);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw cannotWrite('the files of the tasks', to, error);
  }
  const place = join(to, filesFolder);
  const replaced = existsSync(join(place, marker));
  return {
    ...copied,
    replaced,
    discard: () => rm(folder, { recursive: true, force: true }),
    publish: async () => {
      const old = join(to, `${deleting}${randomBytes(6).toString('hex')}`);
      if (replaced) await rename(place, old);
      // A folder that the user made is kept under another name.
      else if (copied.count > 0 && existsSync(place)) await rename(place, await freeName(to));
      if (copied.count > 0) await rename(folder, place);
      await rm(old, { recursive: true, force: true });
    },
  };
}

/** @returns false when the file is missing or shorter than its task left it; later additions are cut off */
async function copyOutput(store: Store, { key, bytes }: OutputFile, to: string): Promise<boolean> {
  await mkdir(dirname(to), { recursive: true });
  try {
    if (store instanceof FolderStore) {
      await copyFile(store.path(key), to, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);
    } else {
      const body = bytes === 0 ? [] : store.read(key, { start: 0, end: bytes });
      await pipeline(Readable.from(body), createWriteStream(to, { flags: 'wx' }));
    }
  } catch (error) {
    if (!(error instanceof NotFound || (error as NodeJS.ErrnoException).code === 'ENOENT')) throw error;
    await rm(to, { force: true });
    return false;
  }
  const { size } = await stat(to);
  if (size > bytes) await truncate(to, bytes);
  if (size < bytes) await rm(to);
  return size >= bytes;
}

/** Left by a process that was killed while it copied. */
async function removeLeftovers(to: string): Promise<void> {
  const names = await readdir(to).catch(() => []);
  for (const name of names)
    if (name.startsWith(staging) || name.startsWith(deleting))
      await rm(join(to, name), { recursive: true, force: true });
}

async function freeName(to: string): Promise<string> {
  for (let number = 1; ; number++) {
    const name = join(to, `${filesFolder}-${number}`);
    if (!existsSync(name)) return name;
  }
}
