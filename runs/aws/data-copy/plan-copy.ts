/** What of a folder with data is to be copied to the stack's bucket, and what is there. */
import { join } from 'node:path';
import { contentOf, FileChanged, statFile } from '../../../adapters/local/data-copy/digest-file.ts';
import type { KnownDigests } from '../../../adapters/local/data-copy/known-digests.ts';
import { bucketLayout } from '../../../core/bucket/bucket-layout.ts';
import { fitsAsCopy } from '../../../core/bucket/copied-data.ts';
import { UsageError } from '../../../core/errors/errors.ts';
import type { EksDraft } from '../../../core/run-store/request/draft.ts';
import type { Store } from '../../../core/store.ts';
import { filesOf } from '../../../functions/plan/files/list-files.ts';
import type { Cloud } from '../cloud.ts';

export interface FileToCopy {
  name: string;
  /** Bytes. */
  size: number;
  /** SHA-256 of its content, when it is in the bucket already. */
  there: string | null;
}

export interface LeftOut {
  name: string;
  why: string;
}

export interface Amount {
  files: number;
  bytes: number;
}

/** A folder, as it is to be in the bucket. */
export interface FolderCopy {
  /** Absolute path. */
  folder: string;
  /** `data/PROJECT/` */
  data: string;
  /** In the order in which they are listed. */
  files: (FileToCopy | LeftOut)[];
  toCopy: Amount;
  there: Amount;
  leftOut: LeftOut[];
  /** Digests of the objects that are there, by name. */
  objects: Map<string, Map<string, number>>;
}

export interface LookPorts {
  cloud: Pick<Cloud, 'store'>;
  /** The folder; listings tell what cannot be read. */
  store: Store;
  known: KnownDigests;
}

/**
 * Reads only files of which the bucket has one of the same name and size, unless it is known what is in them.
 * @param folder absolute path
 * @throws NothingToDo when no file matches
 */
export async function lookAtCopy(
  { cloud, store, known }: LookPorts,
  folder: string,
  wanted: Pick<EksDraft, 'config' | 'selection' | 'projectKey' | 'projectName'>,
): Promise<FolderCopy> {
  const data = bucketLayout.data(wanted);
  const objects = await objectsIn(cloud.store(''), data);
  const files: (FileToCopy | LeftOut)[] = [];
  const copy = { toCopy: { files: 0, bytes: 0 }, there: { files: 0, bytes: 0 } };
  for await (const { key: name, why } of filesOf(store, wanted.config.filePattern, wanted.selection)) {
    const file = why === undefined ? await lookAt(name) : { name, why };
    files.push(file);
    if ('why' in file) continue;
    const amount = file.there === null ? copy.toCopy : copy.there;
    amount.files++;
    amount.bytes += file.size;
  }
  const leftOut = files.filter((file) => 'why' in file);
  return { folder, data, files, ...copy, leftOut, objects };

  async function lookAt(name: string): Promise<FileToCopy | LeftOut> {
    if (!fitsAsCopy(data, name)) return { name, why: 'its name is too long for S3' };
    const path = join(folder, name);
    try {
      const stamp = await statFile(path);
      const alike = objects.get(name);
      const isAlike = [...(alike?.values() ?? [])].includes(stamp.size);
      const digest = known.of(path, stamp) ?? (isAlike ? await read(path) : undefined);
      const there = digest !== undefined && alike?.has(digest) ? digest : null;
      return { name, size: stamp.size, there };
    } catch (error) {
      // It is copied when it has come to rest, or refused then.
      if (error instanceof FileChanged) return { name, size: 0, there: null };
      return { name, why: reasonOf(error) };
    }
  }

  async function read(path: string): Promise<string> {
    const { stamp, digest } = await contentOf(path);
    known.add(path, stamp, digest);
    return digest;
  }
}

/** Why a file cannot be read. @throws what is not about this file */
export function reasonOf(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'it went away while the folder was looked at';
  if (code === 'EACCES' || code === 'EPERM') return 'it may not be read';
  if (code === 'EMFILE' || code === 'ENFILE')
    throw new UsageError('too many files are open at once', { hint: 'Raise the limit: ulimit -n 4096' });
  if (code === undefined || typeof code !== 'string' || !/^E[A-Z0-9]+$/.test(code)) throw error;
  return `it cannot be read: ${code}`;
}

async function objectsIn(bucket: Store, data: string): Promise<FolderCopy['objects']> {
  const prefix = `${data}objects/`;
  const objects: FolderCopy['objects'] = new Map();
  for await (const { key, size } of bucket.list(prefix)) {
    const [, digest, name] = /^([0-9a-f]{64})\/([\s\S]+)$/.exec(key.slice(prefix.length)) ?? [];
    if (digest === undefined || name === undefined) continue;
    const its = objects.get(name) ?? new Map<string, number>();
    objects.set(name, its.set(digest, size));
  }
  return objects;
}
