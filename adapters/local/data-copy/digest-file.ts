/** Reads and hashes data files, and detects changes while they are read. */
import { createHash, hash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';

/** File metadata; if it is unchanged, so is the content. */
export interface Stamp {
  /** Bytes. */
  size: number;
  /** Nanoseconds since 1970. `changed` is the ctime: no program sets it back. */
  modified: bigint;
  changed: bigint;
  inode: bigint;
  device: bigint;
}

/** A file was modified while it was read. */
export class FileChanged extends Error {}

const chunkBytes = 1024 * 1024;

export const isSame = (one: Stamp, other: Stamp): boolean =>
  one.size === other.size &&
  one.modified === other.modified &&
  one.changed === other.changed &&
  one.inode === other.inode &&
  one.device === other.device;

async function stampOf(file: FileHandle): Promise<Stamp> {
  const { size, mtimeNs, ctimeNs, ino, dev } = await file.stat({ bigint: true });
  return { size: Number(size), modified: mtimeNs, changed: ctimeNs, inode: ino, device: dev };
}

/** @throws errors of the file system, such as EACCES */
export const statFile = (path: string): Promise<Stamp> => opened(path, stampOf);

export interface Content {
  stamp: Stamp;
  /** SHA-256 of its content. */
  digest: string;
  /** The content, if it is no larger than `maxBytes`. */
  bytes?: Buffer;
}

/**
 * Reads a file once.
 * @param maxBytes size up to which the content is returned
 * @throws FileChanged
 */
export function contentOf(path: string, maxBytes = 0): Promise<Content> {
  return opened(path, async (file) => {
    const stamp = await stampOf(file);
    if (stamp.size <= maxBytes) {
      const bytes = await file.readFile();
      await refuseChanged(file, stamp, bytes.length);
      return { stamp, digest: hash('sha256', bytes), bytes };
    }
    const sum = createHash('sha256');
    let read = 0;
    for await (const chunk of chunks(file)) {
      sum.update(chunk);
      read += chunk.length;
    }
    await refuseChanged(file, stamp, read);
    return { stamp, digest: sum.digest('hex') };
  });
}

/**
 * The bytes of a file with this digest.
 * @throws FileChanged at the end, so that an upload of them is abandoned
 */
export async function* bytesOf(path: string, digest: string): AsyncGenerator<Uint8Array> {
  const file = await open(path);
  try {
    const sum = createHash('sha256');
    for await (const chunk of chunks(file)) {
      sum.update(chunk);
      yield chunk;
    }
    if (sum.digest('hex') !== digest) throw new FileChanged(path);
  } finally {
    await file.close();
  }
}

async function* chunks(file: FileHandle): AsyncGenerator<Buffer> {
  for (;;) {
    // A new buffer each time: the consumer may keep it.
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(chunkBytes), 0, chunkBytes);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
  }
}

async function refuseChanged(file: FileHandle, before: Stamp, read: number): Promise<void> {
  if (read !== before.size || !isSame(before, await stampOf(file))) throw new FileChanged();
}

async function opened<Answer>(path: string, use: (file: FileHandle) => Promise<Answer>): Promise<Answer> {
  const file = await open(path);
  try {
    return await use(file);
  } finally {
    await file.close();
  }
}
