/** Storage of data files and runs: a folder, a bucket, or memory. */

import { NotFound } from './errors/errors.ts';

export interface StoredObject {
  /** Path with `/`; no leading slash. */
  key: string;
  /** Bytes. */
  size: number;
  /** Why it cannot be read, if the store lists unreadable files; the key of an unreadable folder ends in a slash. */
  why?: string;
}

export type Body = string | Uint8Array | AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

export interface Store {
  /** For messages: a folder's path, `s3://bucket/prefix`. */
  readonly location: string;
  /**
   * All objects whose key starts with `prefix`, in order of the keys' UTF-8 bytes, as in S3.
   * @param after only keys after this one: a cursor.
   * @throws NotFound if the folder or bucket does not exist.
   */
  list(prefix: string, after?: string): AsyncIterable<StoredObject>;
  /**
   * The bytes of an object, or of its range [start, end); fewer if the object ends before.
   * @throws NotFound
   */
  read(key: string, range?: { start: number; end?: number }): AsyncIterable<Uint8Array>;
  /**
   * Writes an object atomically.
   * @throws AlreadyThere with `ifAbsent` if the key exists.
   */
  write(key: string, body: Body, options?: { ifAbsent?: boolean }): Promise<void>;
  /** Deletes an object. Idempotent. */
  remove(key: string): Promise<void>;
}

/** The object as a Buffer. Only for objects known to be small. */
export async function readAll(
  store: Store,
  key: string,
  range?: { start: number; end?: number },
): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of store.read(key, range)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** The object as a Buffer; undefined if it does not exist. */
export function readIfThere(store: Store, key: string): Promise<Buffer | undefined> {
  return readAll(store, key).catch((error) => {
    if (error instanceof NotFound) return undefined;
    throw error;
  });
}

/** An object's content as JSON; undefined if it does not exist, or is damaged. */
export async function readJson<Content>(store: Store, key: string): Promise<Content | undefined> {
  try {
    return (JSON.parse((await readAll(store, key)).toString()) as Content | null) ?? undefined;
  } catch (error) {
    if (error instanceof NotFound || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Whether the object exists. */
export async function exists(store: Store, key: string): Promise<boolean> {
  return (await sizeOf(store, key)) !== undefined;
}

/** Size of the object in bytes; undefined if it does not exist. */
export async function sizeOf(store: Store, key: string): Promise<number | undefined> {
  try {
    // An object sorts before all others that start with its key.
    for await (const found of store.list(key))
      return found.key === key && found.why === undefined ? found.size : undefined;
  } catch (error) {
    if (!(error instanceof NotFound)) throw error;
  }
  return undefined;
}
