/** Where data files and runs are kept: a folder, a bucket, or memory. */

import { NotFound } from './errors/errors.ts';

export interface StoredObject {
  /** Names with `/` between; never begins with one. */
  key: string;
  /** Bytes. */
  size: number;
  /** Why it cannot be read: of what lies in a folder with data, where the store was asked to tell. A folder ends in a slash. */
  why?: string;
}

export type Body = string | Uint8Array | AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

export interface Store {
  /** How a person would name this place: a folder's path, `s3://bucket/prefix`. */
  readonly location: string;
  /**
   * All objects whose key begins with `prefix`, in order of the keys' UTF-8 bytes, as S3 lists them.
   * @param after only keys that come after this one: a cursor.
   * @throws NotFound when the place itself is not there.
   */
  list(prefix: string, after?: string): AsyncIterable<StoredObject>;
  /**
   * The bytes of an object, or of the part [start, end) of it; less where the object ends before.
   * @throws NotFound
   */
  read(key: string, range?: { start: number; end?: number }): AsyncIterable<Uint8Array>;
  /**
   * Writes an object whole or not at all.
   * @throws AlreadyThere with `ifAbsent` when the key exists.
   */
  write(key: string, body: Body, options?: { ifAbsent?: boolean }): Promise<void>;
  /** Removes an object; one that is not there is no error. */
  remove(key: string): Promise<void>;
}

/** The whole object as a Buffer. Only for objects known to be small. */
export async function readAll(
  store: Store,
  key: string,
  range?: { start: number; end?: number },
): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of store.read(key, range)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** All of an object; undefined when there is none. */
export function readIfThere(store: Store, key: string): Promise<Buffer | undefined> {
  return readAll(store, key).catch((error) => {
    if (error instanceof NotFound) return undefined;
    throw error;
  });
}

/** An object's content as JSON; undefined when it is not there, or damaged. */
export async function readJson<Content>(store: Store, key: string): Promise<Content | undefined> {
  try {
    return (JSON.parse((await readAll(store, key)).toString()) as Content | null) ?? undefined;
  } catch (error) {
    if (error instanceof NotFound || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Whether the object is there. */
export async function exists(store: Store, key: string): Promise<boolean> {
  return (await sizeOf(store, key)) !== undefined;
}

/** Bytes of the object; undefined when it is not there. */
export async function sizeOf(store: Store, key: string): Promise<number | undefined> {
  try {
    // An object sorts before all others that begin with its key.
    for await (const found of store.list(key))
      return found.key === key && found.why === undefined ? found.size : undefined;
  } catch (error) {
    if (!(error instanceof NotFound)) throw error;
  }
  return undefined;
}
