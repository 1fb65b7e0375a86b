import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as tick } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  DataCache,
  type DataCacheOptions,
  defaultLimit,
  type Fetched,
} from '../../../../../adapters/local/data-cache/data-cache.ts';
import { AccessDenied, NotFound, Unreachable } from '../../../../../core/errors/errors.ts';
import { MemoryStore } from '../../../../../core/memory-store.ts';

/** Tells of each read, and lets a test decide how it goes on. */
class WatchedStore extends MemoryStore {
  reads: string[] = [];
  onRead: (key: string) => unknown = () => {};

  override async *read(key: string): AsyncIterable<Uint8Array> {
    this.reads.push(key);
    await this.onRead(key);
    yield* super.read(key);
  }
}

const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

async function newCache(objects: Record<string, string>, options: Partial<DataCacheOptions> = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'gcd-cache-'));
  const store = new WatchedStore();
  for (const [key, body] of Object.entries(objects)) await store.write(key, body);
  const cache = await DataCache.open({
    store,
    folder: join(folder, 'cache'),
    limit: 100,
    patienceMs: 0,
    ...options,
  });
  const remove = async () => {
    await cache.close();
    await rm(folder, { recursive: true });
  };
  const hold = (...keys: string[]) =>
    cache.hold(keys.map((key) => ({ key, size: objects[key]?.length ?? 0 })));
  const there = () =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => entry.name)
      .sort();
  return { cache, store, folder: join(folder, 'cache'), hold, there, remove };
}

async function opened(...args: Parameters<typeof newCache>) {
  const made = await newCache(...args);
  cleanUps.push(made.remove);
  return made;
}

const pathOf = (fetched: Fetched | undefined) => (fetched && 'path' in fetched ? fetched.path : undefined);
const errorOf = (fetched: Fetched | undefined) => (fetched && 'error' in fetched ? fetched.error : undefined);

describe('DataCache', () => {
  test('has files at their usual paths, with their content', async () => {
    const { cache, hold } = await opened({ 'a/b.csv': 'x,y', 'c.csv': '' });
    const files = await hold('a/b.csv', 'c.csv').files;
    expect(files.map(pathOf)).toEqual([join(cache.root, 'a/b.csv'), join(cache.root, 'c.csv')]);
    expect(readFileSync(join(cache.root, 'a/b.csv'), 'utf8')).toBe('x,y');
  });

  test('fetches a file once, however many need it, and keeps it while there is room', async () => {
    const { store, hold } = await opened({ a: '1', b: '2' });
    const holds = [hold('a'), hold('a', 'b'), hold('b', 'a')];
    await Promise.all(holds.map(({ files }) => files));
    for (const { release } of holds) release();
    const again = hold('a');
    expect(errorOf((await again.files)[0])).toBeUndefined();
    expect(store.reads.sort()).toEqual(['a', 'b']);
  });

  test('removes what was used least recently, and never what is held', async () => {
    const body = 'x'.repeat(40);
    const { store, hold, there } = await opened({ a: body, b: body, c: body, d: body });
    const a = hold('a');
    const b = hold('b');
    await Promise.all([a.files, b.files]);
    b.release();
    a.release();
    const c = hold('c');
    await c.files;
    expect(there()).toEqual(['a', 'c']);
    const d = hold('d');
    await d.files;
    expect(there()).toEqual(['c', 'd']);
    expect(store.reads.sort()).toEqual(['a', 'b', 'c', 'd']);
  });

  test('waits when all that is there is held, and goes on when something is released', async () => {
    const body = 'x'.repeat(60);
    const { store, hold, there } = await opened({ a: body, b: body });
    const a = hold('a');
    await a.files;
    const b = hold('b');
    for (let n = 0; n < 20; n++) await tick();
    expect(store.reads).toEqual(['a']);
    a.release();
    expect(pathOf((await b.files)[0])).toBeDefined();
    expect(there()).toEqual(['b']);
  });

  test('a file that is larger than the limit is fetched when nothing else is held', async () => {
    const { cache, hold, there } = await opened({ a: 'x'.repeat(60), huge: 'x'.repeat(500) });
    const a = hold('a');
    const huge = hold('huge');
    await a.files;
    a.release();
    expect(pathOf((await huge.files)[0])).toBeDefined();
    expect(there()).toEqual(['huge']);
    expect(cache.bytes).toBe(500);
    huge.release();
    await hold('a').files;
    expect(there()).toEqual(['a']);
  });

  test('sizes that were wrong are put right', async () => {
    const { cache } = await opened({ a: 'x'.repeat(60) });
    await cache.hold([{ key: 'a', size: 1 }]).files;
    expect(cache.bytes).toBe(60);
  });

  test('a file is not there before all of it is', async () => {
    const { store, folder, hold } = await opened({ a: 'whole' });
    let seen: string[] = [];
    store.onRead = async () => {
      seen = readdirSync(join(folder, 'files'));
    };
    await hold('a').files;
    expect(seen).toEqual([]);
    expect(readdirSync(join(folder, 'partial'))).toEqual([]);
  });

  test('a file that cannot be had is told, leaves nothing, and is tried again by the next who needs it', async () => {
    const { cache, store, hold, there } = await opened({ a: '1', b: '2' });
    store.onRead = (key) => {
      if (key === 'a') throw new AccessDenied('no');
    };
    const first = hold('a', 'b', 'missing');
    const files = await first.files;
    expect(errorOf(files[0])).toBeInstanceOf(AccessDenied);
    expect(pathOf(files[1])).toBeDefined();
    expect(errorOf(files[2])).toBeInstanceOf(NotFound);
    expect(there()).toEqual(['b']);
    expect(cache.bytes).toBe(1);
    first.release();
    store.onRead = () => {};
    expect(pathOf((await hold('a').files)[0])).toBeDefined();
  });

  test('a network that is down is waited for, and then told', async () => {
    const { store, hold } = await opened({ a: '1', b: '2' }, { patienceMs: 700 });
    store.onRead = (key) => {
      if (key === 'b' || store.reads.length < 2) throw new Unreachable('down');
    };
    expect(pathOf((await hold('a').files)[0])).toBeDefined();
    expect(store.reads.filter((key) => key === 'a').length).toBeGreaterThan(1);
    expect(errorOf((await hold('b').files)[0])).toBeInstanceOf(Unreachable);
  });

  test('a disk that does not take the files is no fault of theirs', async () => {
    const { folder, hold } = await opened({ a: '1' });
    await rm(join(folder, 'partial'), { recursive: true });
    await expect(hold('a').files).rejects.toThrow('ENOENT');
  });

  test('keys that are in each other’s way are both there', async () => {
    const { hold } = await opened({ a: '1', 'a/b': '2', A: '3', '../../x': '4' });
    const files = await hold('a', 'a/b', 'A', '../../x').files;
    expect(files.map((file) => readFileSync(pathOf(file) ?? '', 'utf8'))).toEqual(['1', '2', '3', '4']);
  });

  test('names that the file system does not take get a place of their own', async () => {
    const long = `${'d/'.repeat(2100)}a.csv`;
    const { hold } = await opened({ [long]: '1' });
    const [file] = await hold(long).files;
    expect(readFileSync(pathOf(file) ?? '', 'utf8')).toBe('1');
  });

  test('begins empty, and leaves nothing', async () => {
    const parent = await mkdtemp(join(tmpdir(), 'gcd-cache-'));
    cleanUps.push(() => rm(parent, { recursive: true }));
    const folder = join(parent, 'cache');
    await mkdir(join(folder, 'files'), { recursive: true });
    await writeFile(join(folder, 'files/a'), 'half of it');
    const store = new MemoryStore();
    await store.write('a', 'whole');
    const cache = await DataCache.open({ store, folder, limit: 10 });
    const [file] = await cache.hold([{ key: 'a', size: 5 }]).files;
    expect(readFileSync(pathOf(file) ?? '', 'utf8')).toBe('whole');
    await cache.close();
    expect(existsSync(folder)).toBe(false);
  });

  test('its usual limit is a part of what is free', async () => {
    const limit = await defaultLimit(tmpdir());
    expect(limit).toBeGreaterThan(0);
    expect(limit).toBeLessThanOrEqual(10 * 2 ** 30);
  });
});

const plan = fc.record({
  sizes: fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 8, maxLength: 8 }),
  limit: fc.integer({ min: 1, max: 100 }),
  concurrency: fc.integer({ min: 1, max: 4 }),
  holders: fc.integer({ min: 1, max: 4 }),
  holds: fc.array(
    fc.record({
      files: fc.uniqueArray(fc.nat(7), { minLength: 1, maxLength: 4 }),
      reading: fc.nat(3),
      using: fc.nat(5),
    }),
    { minLength: 1, maxLength: 14 },
  ),
});

describe('DataCache, whatever is asked of it', () => {
  test('keeps what is held, keeps to its limit when it can, fetches once while kept, and never gets stuck', async () => {
    const check = async ({
      sizes,
      limit,
      concurrency,
      holders,
      holds,
    }: typeof plan extends fc.Arbitrary<infer Value> ? Value : never) => {
      const objects = Object.fromEntries(sizes.map((size, n) => [`f${n}`, `${n}`.repeat(size)]));
      const { cache, store, folder, hold, remove } = await newCache(objects, { limit, concurrency });
      const onDisk = () => readdirSync(join(folder, 'files'));
      const bytesIn = (part: string) =>
        readdirSync(join(folder, part))
          .map((name) => statSync(join(folder, part, name), { throwIfNoEntry: false })?.size ?? 0)
          .reduce((sum, size) => sum + size, 0);
      /** Keys of unreleased holds, oldest first. */
      const held: string[][] = [];
      let reading = 0;
      let delay = 0;
      store.onRead = async (key) => {
        expect(++reading).toBeLessThanOrEqual(concurrency);
        expect(onDisk()).not.toContain(key);
        // What is beyond the limit is needed by those who have waited longest.
        if (bytesIn('files') + bytesIn('partial') + (objects[key]?.length ?? 0) > limit)
          expect(held[0]).toContain(key);
        for (let n = 0; n < delay; n++) await tick();
        reading--;
      };
      const queue = [...holds];
      const holder = async () => {
        for (let next = queue.shift(); next; next = queue.shift()) {
          const keys = next.files.map((n) => `f${n}`);
          delay = next.reading;
          held.push(keys);
          const { files, release } = hold(...keys);
          await files;
          for (let n = 0; n <= next.using; n++) {
            for (const key of keys)
              expect(readFileSync(join(folder, 'files', key), 'utf8')).toBe(objects[key]);
            await tick();
          }
          held.splice(held.indexOf(keys), 1);
          release();
        }
      };
      try {
        await Promise.all(Array.from({ length: holders }, holder));
        expect(cache.bytes).toBe(onDisk().reduce((sum, key) => sum + (objects[key]?.length ?? 0), 0));
      } finally {
        await remove();
      }
    };
    await fc.assert(fc.asyncProperty(plan, check), { numRuns: 200 });
  });
});
