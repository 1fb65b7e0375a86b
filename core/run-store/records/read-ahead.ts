/** Reads many objects in order, several in parallel: S3 takes tens of milliseconds for each, whatever its size. */
import type { Store, StoredObject } from '../../store.ts';
import { readAll } from '../../store.ts';

/** Maximum number and bytes of objects that are read ahead. */
const maxAhead = 64;
const maxBytesAhead = 48 * 1024 * 1024;
/** Larger objects are read as a stream when their turn comes. */
const largeBytes = 16 * 1024 * 1024;

export interface ReadObject {
  key: string;
  body: AsyncIterable<Uint8Array>;
}

/**
 * Yields the objects in order; a body must be read, or ignored, before the next is requested. One that was deleted
 * meanwhile throws NotFound when its turn comes.
 */
export async function* readInOrder(
  store: Store,
  objects: AsyncIterable<StoredObject>,
): AsyncGenerator<ReadObject> {
  const waiting: { key: string; size: number; read: Promise<Buffer> | undefined }[] = [];
  let bytes = 0;
  const next = async (): Promise<ReadObject> => {
    const { key, size, read } = waiting.shift() as (typeof waiting)[number];
    if (!read) return { key, body: store.read(key) };
    const content = await read;
    bytes -= size;
    return { key, body: one(content) };
  };
  for await (const { key, size } of objects) {
    const isLarge = size > largeBytes;
    while (waiting.length > 0 && (waiting.length >= maxAhead || (!isLarge && bytes + size > maxBytesAhead)))
      yield await next();
    const read = isLarge ? undefined : readAll(store, key);
    // A failure is thrown when its turn comes, or never, if an earlier one fails.
    read?.catch(() => {});
    waiting.push({ key, size, read });
    if (read) bytes += size;
  }
  while (waiting.length > 0) yield await next();
}

async function* one(content: Buffer): AsyncGenerator<Buffer> {
  if (content.length > 0) yield content;
}
