/** Many objects are read in order, several at once, and never more than fits. */
import { expect, test } from '@jest/globals';
import { NotFound } from '../../../../../core/errors/errors.ts';
import { MemoryStore } from '../../../../../core/memory-store.ts';
import { readInOrder } from '../../../../../core/run-store/records/read-ahead.ts';
import type { StoredObject } from '../../../../../core/store.ts';

const mebibyte = 1024 * 1024;

/** Says what is read and not yet given on. */
class Watched extends MemoryStore {
  held = 0;
  most = 0;
  reading = 0;
  mostReading = 0;

  override async *read(key: string) {
    this.mostReading = Math.max(this.mostReading, ++this.reading);
    await new Promise(setImmediate);
    for await (const chunk of super.read(key)) {
      this.held += chunk.length;
      this.most = Math.max(this.most, this.held);
      yield chunk;
    }
    this.reading--;
  }
}

async function* each(objects: StoredObject[]) {
  yield* objects;
}

async function read(sizes: number[]) {
  const store = new Watched();
  const objects = sizes.map((size, place) => ({ key: String(place).padStart(5, '0'), size }));
  for (const { key, size } of objects) await store.write(key, Buffer.alloc(size));
  const given: [string, number][] = [];
  for await (const { key, body } of readInOrder(store, each(objects))) {
    let bytes = 0;
    for await (const chunk of body) bytes += chunk.length;
    store.held -= bytes;
    given.push([key, bytes]);
  }
  expect(given).toEqual(objects.map(({ key, size }) => [key, size]));
  return store;
}

test('small ones: many at once', async () => {
  const { mostReading } = await read(new Array(500).fill(10));
  expect(mostReading).toBe(64);
});

test('larger ones: as many as fit into memory; the largest one at a time, when its turn comes', async () => {
  const sizes = [...new Array(20).fill(8), 100, 1, 1, 60, 70, ...new Array(20).fill(3)];
  const { most, mostReading } = await read(sizes.map((size) => size * mebibyte));
  expect(mostReading).toBeGreaterThan(4);
  // Of those that are streamed, this store gives all at once.
  expect(most).toBeLessThanOrEqual((48 + 100) * mebibyte);
  const { most: withoutLarge } = await read(new Array(30).fill(8 * mebibyte));
  expect(withoutLarge).toBeLessThanOrEqual(48 * mebibyte);
});

test('one that is gone is met when its turn comes', async () => {
  const store = new MemoryStore();
  await store.write('a', '1');
  const reading = readInOrder(
    store,
    each([
      { key: 'a', size: 1 },
      { key: 'b', size: 1 },
    ]),
  );
  expect((await reading.next()).value?.key).toBe('a');
  await expect(reading.next()).rejects.toThrow(NotFound);
});
