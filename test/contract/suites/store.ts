/** What every adapter of Store must do. */
import { describe, expect, test } from '@jest/globals';
import { AlreadyThere, NotFound } from '../../../core/errors/errors.ts';
import { exists, readAll, type Store } from '../../../core/store.ts';

export const keysOf = async (store: Store, prefix = '', after?: string): Promise<string[]> => {
  const keys: string[] = [];
  for await (const { key } of store.list(prefix, after)) keys.push(key);
  return keys;
};

export async function* inChunks(...chunks: string[]): AsyncGenerator<Buffer> {
  for (const chunk of chunks) yield Buffer.from(chunk);
}

/** @param make makes an empty store */
export function storeSuite(name: string, make: () => Promise<Store>): void {
  describe(`Store: ${name}`, () => {
    test('gives back what was written, whole and by range', async () => {
      const store = await make();
      await store.write('a/b.txt', inChunks('0123', '456789'));
      expect((await readAll(store, 'a/b.txt')).toString()).toBe('0123456789');
      expect((await readAll(store, 'a/b.txt', { start: 2, end: 5 })).toString()).toBe('234');
      expect((await readAll(store, 'a/b.txt', { start: 8, end: 100 })).toString()).toBe('89');
      expect((await readAll(store, 'a/b.txt', { start: 3, end: 3 })).toString()).toBe('');
      expect((await readAll(store, 'a/b.txt', { start: 100 })).toString()).toBe('');
    });

    test('lists in order of UTF-8 bytes, from a prefix, after a cursor', async () => {
      const store = await make();
      // '-' < '/' < '0', and U+FF5E < U+1F600 in UTF-8 but not in UTF-16.
      const keys = ['a-b', 'a/x', 'a/y/z', 'a0', 'b [1] 100%.csv', 'é.csv', '～.csv', '😀.csv'];
      for (const key of [...keys].reverse()) await store.write(key, key);
      expect(await keysOf(store)).toEqual(keys);
      expect(await keysOf(store, 'a/')).toEqual(['a/x', 'a/y/z']);
      expect(await keysOf(store, 'a')).toEqual(['a-b', 'a/x', 'a/y/z', 'a0']);
      for (const [place, key] of keys.entries())
        expect(await keysOf(store, '', key)).toEqual(keys.slice(place + 1));
      expect(await keysOf(store, 'a/', 'a/x')).toEqual(['a/y/z']);
      expect(await keysOf(store, 'nothing')).toEqual([]);
    });

    test('tells sizes in bytes', async () => {
      const store = await make();
      await store.write('é', 'éé');
      for await (const { size } of store.list('')) expect(size).toBe(4);
    });

    test('replaces, and with ifAbsent refuses to', async () => {
      const store = await make();
      await store.write('x', 'one', { ifAbsent: true });
      await expect(store.write('x', 'two', { ifAbsent: true })).rejects.toThrow(AlreadyThere);
      expect((await readAll(store, 'x')).toString()).toBe('one');
      await store.write('x', 'three');
      expect((await readAll(store, 'x')).toString()).toBe('three');
    });

    test('of two if-absent writers one wins', async () => {
      const store = await make();
      const writes = await Promise.allSettled(
        ['a', 'b', 'c'].map((body) => store.write('x', body, { ifAbsent: true })),
      );
      expect(writes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    });

    test('a body that breaks off leaves what was there, and no remains', async () => {
      const store = await make();
      await store.write('x', 'old');
      const breaking = (async function* () {
        yield Buffer.from('half');
        throw new Error('the source broke off');
      })();
      await expect(store.write('x', breaking)).rejects.toThrow('the source broke off');
      expect((await readAll(store, 'x')).toString()).toBe('old');
      expect(await keysOf(store)).toEqual(['x']);
    });

    test('says what is not there', async () => {
      const store = await make();
      await expect(readAll(store, 'missing')).rejects.toThrow(NotFound);
      await store.write('there', '');
      expect(await exists(store, 'there')).toBe(true);
      expect(await exists(store, 'ther')).toBe(false);
      await store.remove('there');
      await store.remove('there');
      expect(await exists(store, 'there')).toBe(false);
    });
  });
}
