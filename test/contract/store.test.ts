import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { FolderStore } from '../../adapters/local/store/folder-store.ts';
import { MemoryStore } from '../../adapters/memory/store.ts';
import { AlreadyThere, NotFound } from '../../ports/errors.ts';
import { exists, readAll, type Store } from '../../ports/store.ts';

const folders: string[] = [];
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true });
});

const adapters: Record<string, () => Promise<Store>> = {
  memory: async () => new MemoryStore(),
  folder: async () => {
    const folder = await mkdtemp(join(tmpdir(), 'gcd-store-'));
    folders.push(folder);
    return new FolderStore(folder);
  },
};

const keysOf = async (store: Store, prefix = '', after?: string) => {
  const keys: string[] = [];
  for await (const { key } of store.list(prefix, after)) keys.push(key);
  return keys;
};

async function* inChunks(...chunks: string[]) {
  for (const chunk of chunks) yield Buffer.from(chunk);
}

test('a folder passes over what it is told to, follows links, and survives links that lead back up', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gcd-store-'));
  folders.push(folder);
  await mkdir(join(folder, 'a/.gcd/runs'), { recursive: true });
  for (const file of ['a/.gcd/runs/x.csv', 'a/b.csv', 'z.csv']) await writeFile(join(folder, file), '1');
  await symlink('..', join(folder, 'a/up'));
  await symlink('nowhere', join(folder, 'broken.csv'));
  await symlink('z.csv', join(folder, 'link.csv'));
  await symlink('a', join(folder, 'c'));
  const store = new FolderStore(folder, (path) => path.endsWith('/.gcd'));
  expect(await keysOf(store)).toEqual(['a/b.csv', 'c/b.csv', 'link.csv', 'z.csv']);
});

describe.each(Object.entries(adapters))('Store: %s', (_, make) => {
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
