/** Brings the files of a run's tasks to its results: all of them beside their place, then in one step into it. */
import { randomBytes } from 'node:crypto';
import { constants, createWriteStream, existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, rename, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { FolderStore } from '../adapters/local/store/folder-store.ts';
import { GcdError, NotFound, Unreachable } from '../core/errors/errors.ts';
import { type OutputFile, outputFiles } from '../core/run-store/records/output-files.ts';
import { filesFolder } from '../core/run-store/result-names.ts';
import type { Store } from '../core/store.ts';

/** At once. A bucket takes tens of milliseconds for each, whatever its size. */
const atOnce = 16;
/** In the folder of the files: it is gcd-sfn's, and the next run replaces it. */
const marker = '.gcd-sfn';
const markerText = 'The files of the tasks of a run of gcd-sfn. The next run replaces this folder.\n';
/** Beginnings of names beside it: what is being brought, what is being removed. */
const staging = '.files-new-';
const leaving = '.files-old-';

export interface Brought {
  /** Files that tasks have written, and their bytes. */
  count: number;
  bytes: number;
  /** Files that the run has lost: removed by somebody, or by a power cut. */
  missing: OutputFile[];
}

export interface Staged extends Brought {
  /** Whether files of an earlier run lie at their place. */
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
  await removeTemporaryFiles(to);
  const folder = join(to, `${staging}${randomBytes(6).toString('hex')}`);
  const brought: Brought = { count: 0, bytes: 0, missing: [] };
  const files = outputFiles(store);
  const work = async () => {
    for (let next = await files.next(); !next.done; next = await files.next()) {
      const file = next.value;
      const isThere = await bring(store, file, join(folder, file.path.slice(filesFolder.length + 1)));
      if (!isThere) brought.missing.push(file);
      else {
        brought.count++;
        brought.bytes += file.bytes;
      }
    }
  };
  try {
    await Promise.all(Array.from({ length: atOnce }, work));
    // They come as they are found missing, several at once.
    brought.missing.sort((a, b) => (a.path < b.path ? -1 : 1));
    if (brought.count > 0) await writeFile(join(folder, marker), markerText);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw asOurs(error, to);
  }
  const place = join(to, filesFolder);
  const replaced = existsSync(join(place, marker));
  return {
    ...brought,
    replaced,
    discard: () => rm(folder, { recursive: true, force: true }),
    publish: async () => {
      const old = join(to, `${leaving}${randomBytes(6).toString('hex')}`);
      if (replaced) await rename(place, old);
      // A folder of the user's own is not ours to remove.
      else if (brought.count > 0 && existsSync(place)) await rename(place, await freeName(to));
      if (brought.count > 0) await rename(folder, place);
      await rm(old, { recursive: true, force: true });
    },
  };
}

/** Whether the file was there, and as long as its task left it; what was written to it later is left out. */
async function bring(store: Store, { key, bytes }: OutputFile, to: string): Promise<boolean> {
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

/** Of one who was killed while he brought files. */
async function removeTemporaryFiles(to: string): Promise<void> {
  const names = await readdir(to).catch(() => []);
  for (const name of names)
    if (name.startsWith(staging) || name.startsWith(leaving))
      await rm(join(to, name), { recursive: true, force: true });
}

async function freeName(to: string): Promise<string> {
  for (let number = 1; ; number++) {
    const name = join(to, `${filesFolder}-${number}`);
    if (!existsSync(name)) return name;
  }
}

function asOurs(error: unknown, to: string): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === undefined || error instanceof GcdError) return error;
  return new Unreachable(`the files of the tasks cannot be written to ${to}: ${message}`, {
    hint: 'Free some space or repair the disk, then run `gcd-sfn results`: nothing is lost.',
    cause: error,
  });
}
