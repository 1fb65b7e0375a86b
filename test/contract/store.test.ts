import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { FolderStore } from '../../adapters/local/store/folder-store.ts';
import { MemoryStore } from '../../core/memory-store.ts';
import { keysOf, storeSuite } from './suites/store.ts';

const folders: string[] = [];
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true });
});

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'gcd-store-'));
  folders.push(folder);
  return folder;
}

test('a folder passes over what it is told to, follows links, and survives links that lead back up', async () => {
  const folder = await newFolder();
  await mkdir(join(folder, 'a/.gcd/runs'), { recursive: true });
  for (const file of ['a/.gcd/runs/x.csv', 'a/b.csv', 'z.csv']) await writeFile(join(folder, file), '1');
  await symlink('..', join(folder, 'a/up'));
  await symlink('nowhere', join(folder, 'broken.csv'));
  await symlink('z.csv', join(folder, 'link.csv'));
  await symlink('a', join(folder, 'c'));
  const store = new FolderStore(folder, { isIgnored: (path) => path.endsWith('/.gcd') });
  expect(await keysOf(store)).toEqual(['a/b.csv', 'c/b.csv', 'link.csv', 'z.csv']);
});

storeSuite('memory', async () => new MemoryStore());
storeSuite('folder', async () => new FolderStore(await newFolder()));
