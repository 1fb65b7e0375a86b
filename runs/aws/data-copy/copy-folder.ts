/** Copies a folder with data to the stack's bucket: what is not there yet, several files at once. */
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { bytesOf, contentOf, FileChanged } from '../../../adapters/local/data-copy/digest-file.ts';
import type { KnownDigests } from '../../../adapters/local/data-copy/known-digests.ts';
import { type CopiedFile, copiedObject, listingKey, listingOf } from '../../../core/bucket/copied-data.ts';
import type { DataBucket } from '../../../core/config/config.ts';
import { NothingToDo, UsageError } from '../../../core/errors/errors.ts';
import { exists, type Store } from '../../../core/store.ts';
import type { Cloud } from '../cloud.ts';
import { type Amount, type FileToCopy, type FolderCopy, type LeftOut, reasonOf } from './plan-copy.ts';

/** Files up to this size are read into memory and written by one request, larger ones in parts of this size. */
export const partBytes = 8 * 1024 * 1024;
/** So many of each are under way at once: large ones are written in parts, several of them at once. */
const atOnce = { small: 8, large: 2 };
/** How often a file is read again that changes meanwhile, and the first pause before that. */
const mostTries = 4;
const pauseMs = 250;

export interface CopyPorts {
  cloud: Pick<Cloud, 'store' | 'stack'>;
  known: KnownDigests;
  /** Is told after each file how much has been copied. */
  onCopied?: (amount: Amount) => void;
  /** Is told of a file that could not be read any more. */
  onLeftOut?: (file: LeftOut) => void;
}

/**
 * What was copied stays when this is ended: the next time, only the rest is.
 * @returns what a run's data_bucket is
 * @throws UsageError when a file does not stop changing; NothingToDo when none could be read; AccessDenied, Unreachable
 */
export async function copyFolder(
  { cloud, known, onCopied, onLeftOut }: CopyPorts,
  { folder, data, files, objects }: FolderCopy,
): Promise<DataBucket> {
  const bucket = cloud.store('');
  const listed: CopiedFile[] = new Array(files.length);
  const small: number[] = [];
  const large: number[] = [];
  for (const [index, file] of files.entries())
    if ('why' in file) listed[index] = file;
    else if (file.there !== null) listed[index] = { name: file.name, size: file.size, digest: file.there };
    else (file.size <= partBytes ? small : large).push(index);

  const done = { files: 0, bytes: 0 };
  let failure: { error: unknown } | undefined;
  const work = async (indices: Iterator<number>) => {
    for (let next = indices.next(); !next.done && !failure; next = indices.next()) {
      const file = files[next.value] as FileToCopy;
      try {
        const copied = await copy(file, { bucket, folder, data, objects, known });
        listed[next.value] = copied;
        if ('why' in copied) onLeftOut?.(copied);
        else {
          done.files++;
          done.bytes += copied.size;
          onCopied?.(done);
        }
      } catch (error) {
        failure ??= { error };
      }
    }
  };
  const smalls = small.values();
  const larges = large.values();
  await Promise.all([
    ...Array.from({ length: atOnce.small }, () => work(smalls)),
    ...Array.from({ length: atOnce.large }, () => work(larges)),
  ]);
  if (failure) throw failure.error;
  if (!listed.some((file) => 'digest' in file))
    throw new NothingToDo(`not one file of ${folder} can be read`, {
      hint: 'The reasons are above. Correct data_bucket or file_pattern in config.yaml.',
    });

  // Last: a listing names only what is there.
  const { text, digest } = listingOf(listed);
  const key = listingKey({ data, listing: digest });
  if (!(await exists(bucket, key))) await bucket.write(key, text);
  return { kind: 's3', bucket: cloud.stack.bucket, prefix: `${data}${digest}/`, folder };
}

interface Place extends Pick<FolderCopy, 'folder' | 'data' | 'objects'> {
  bucket: Store;
  known: KnownDigests;
}

/** One file, again when it changes meanwhile. */
async function copy(file: FileToCopy, place: Place): Promise<CopiedFile> {
  const { name } = file;
  for (let tries = 1; ; tries++) {
    try {
      return await write(name, place);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException)?.code;
      if (typeof code === 'string' && 'syscall' in (error as object)) return { name, why: reasonOf(error) };
      if (!(error instanceof FileChanged)) throw error;
      if (tries === mostTries)
        throw new UsageError(`${join(place.folder, name)} changes while it is copied`, {
          hint: 'Start again when nobody writes to it; what is copied already stays.',
        });
      await wait(pauseMs * 2 ** tries);
    }
  }
}

/** What S3 takes has the digest by which it is called: read and summed at once, or summed again while it is sent. */
async function write(name: string, { bucket, folder, data, objects, known }: Place): Promise<CopiedFile> {
  const path = join(folder, name);
  const { stamp, digest, bytes } = await contentOf(path, partBytes);
  if (!objects.get(name)?.has(digest))
    await bucket.write(copiedObject(data, digest, name), bytes ?? bytesOf(path, digest));
  known.add(path, stamp, digest);
  return { name, size: stamp.size, digest };
}
