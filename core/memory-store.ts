/** A store in memory: for dry runs and tests. */
import { AlreadyThere, NotFound } from './errors/errors.ts';
import type { Body, Store, StoredObject } from './store.ts';

export class MemoryStore implements Store {
  readonly location: string = 'memory:';
  readonly #objects = new Map<string, Buffer>();

  async *list(prefix: string, after?: string): AsyncIterable<StoredObject> {
    const found = [...this.#objects.keys()].filter((key) => key.startsWith(prefix));
    const cursor = after === undefined ? undefined : Buffer.from(after);
    found.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    for (const key of found) {
      if (cursor && Buffer.compare(Buffer.from(key), cursor) <= 0) continue;
      const body = this.#objects.get(key);
      if (body) yield { key, size: body.length };
    }
  }

  async *read(key: string, range: { start: number; end?: number } = { start: 0 }): AsyncIterable<Uint8Array> {
    const body = this.#objects.get(key);
    if (!body) throw new NotFound(`there is no ${key}`);
    const part = body.subarray(range.start, range.end);
    if (part.length > 0) yield part;
  }

  async write(key: string, body: Body, options: { ifAbsent?: boolean } = {}): Promise<void> {
    const content = await bytesOf(body);
    if (options.ifAbsent && this.#objects.has(key)) throw new AlreadyThere(`there is a ${key} already`);
    this.#objects.set(key, content);
  }

  async remove(key: string): Promise<void> {
    this.#objects.delete(key);
  }
}

/** A copy, so that a caller may reuse its buffer. */
async function bytesOf(body: Body): Promise<Buffer> {
  if (typeof body === 'string') return Buffer.from(body);
  if (body instanceof Uint8Array) return Buffer.from(body);
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}
