/** Reads many objects in order, several at once: a bucket takes tens of milliseconds for each, whatever its size. */
import type { Store, StoredObject } from '../../store.ts';
import { readAll } from '../../store.ts';

/** Objects that are read or lie ready at once, and how many bytes they may be together. */
const mostAhead = 64;
const mostBytesAhead = 48 * 1024 * 1024;
/** What is larger is read when its turn comes, as a stream. */
const largeBytes = 16 * 1024 * 1024;

export interface ReadObject {
  key: string;
  body: AsyncIterable<Uint8Array>;
}

/**
 * Gives the objects in their order; a body must be read, or left, before the next is asked for. Each is read as it was
 * when it was listed or later; those that are gone meanwhile throw NotFound when their turn comes.
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
    while (waiting.length > 0 && (waiting.length >= mostAhead || (!isLarge && bytes + size > mostBytesAhead)))
      yield await next();
    const read = isLarge ? undefined : readAll(store, key);
    // One that fails is met when its turn comes, or never, when one before it fails.
    read?.catch(() => {});
    waiting.push({ key, size, read });
    if (read) bytes += size;
  }
  while (waiting.length > 0) yield await next();
}

async function* one(content: Buffer): AsyncGenerator<Buffer> {
  if (content.length > 0) yield content;
}
