/** Folders with entries that cannot be read: each is told, and keeps nothing else from being listed. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { itemsOf } from '../../../../../adapters/local/project/code-files.ts';
import { FolderStore } from '../../../../../adapters/local/store/folder-store.ts';
import type { Config } from '../../../../../core/config/config.ts';
import { MemoryStore } from '../../../../../core/memory-store.ts';
import { sizeOf } from '../../../../../core/store.ts';
import { planTasks } from '../../../../../functions/plan/plan.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gcd-walk-'));
  writeFileSync(join(folder, 'a.csv'), 'Power\n');
  writeFileSync(join(folder, 'z.csv'), 'Power\n');
});
afterEach(() => {
  chmodSync(folder, 0o700);
  rmSync(folder, { recursive: true });
});

const bad = (name: string) => Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(name, 'latin1')]);

async function listed({ includeUnreadable = true, prefix = '' } = {}) {
  const found: string[] = [];
  for await (const { key, why } of new FolderStore(folder, { includeUnreadable }).list(prefix))
    found.push(why === undefined ? key : `${key}: ${why}`);
  return found;
}

async function plan(filePattern: string) {
  const config = { dataBucket: { kind: 'folder', path: folder }, filePattern, columnKeywords: null };
  const ports = {
    data: new FolderStore(folder, { includeUnreadable: true }),
    store: new MemoryStore(),
    project: new MemoryStore(),
  };
  const selection = { kind: 'first' as const, count: 0 };
  return planTasks(ports)({
    ...{ config: config as unknown as Config, selection, workers: 1 },
    target: { kind: 'local' },
  });
}

describe('a data folder', () => {
  test('with names that are no UTF-8', async () => {
    writeFileSync(bad('M\xfcnchen.csv'), 'Power\n');
    writeFileSync(bad('M\xfcnchen.txt'), 'Power\n');
    mkdirSync(bad('\xfc'));
    const why = 'its name is not in UTF-8';
    expect(await listed()).toEqual([
      `M\\xfcnchen.csv: ${why}`,
      `M\\xfcnchen.txt: ${why}`,
      `\\xfc/: ${why}`,
      ...['a.csv', 'z.csv'],
    ]);
    expect(await listed({ includeUnreadable: false })).toEqual(['a.csv', 'z.csv']);
    const { tasks, files, skipped } = await plan('*.csv');
    expect({ tasks, files }).toEqual({ tasks: 2, files: 4 });
    expect(skipped).toEqual({
      count: 2,
      first: [
        { file: 'M\\xfcnchen.csv', why },
        { file: '\\xfc/', why },
      ],
    });
    expect(
      await sizeOf(new FolderStore(folder, { includeUnreadable: true }), 'M\\xfcnchen.csv'),
    ).toBeUndefined();
  });

  test('with a file and a folder that go away while it is listed', async () => {
    mkdirSync(join(folder, 'gone'));
    writeFileSync(join(folder, 'gone.csv'), '');
    const found: string[] = [];
    for await (const { key, why } of new FolderStore(folder, { includeUnreadable: true }).list('')) {
      found.push(why === undefined ? key : `${key}: ${why}`);
      rmSync(join(folder, 'gone'), { recursive: true, force: true });
      rmSync(join(folder, 'gone.csv'), { force: true });
    }
    const why = 'it was deleted while the folder was listed';
    expect(found).toEqual(['a.csv', `gone.csv: ${why}`, `gone/: ${why}`, 'z.csv']);
  });

  test('with a folder that may not be opened', async () => {
    mkdirSync(join(folder, 'locked'));
    writeFileSync(join(folder, 'locked/b.csv'), 'Power\n');
    chmodSync(join(folder, 'locked'), 0);
    chmodSync(folder, 0o755);
    // An administrator may open everything: as nobody, then.
    const isRoot = process.getuid?.() === 0;
    if (isRoot) process.seteuid?.(65534);
    try {
      expect(await listed()).toEqual(['a.csv', 'locked/: no permission to read it', 'z.csv']);
      expect((await plan('*.csv')).skipped.first).toEqual([
        { file: 'locked/', why: 'no permission to read it' },
      ]);
      const leftOut: string[] = [];
      const items = await itemsOf({ folder, data: null, isDataFile: () => false, leftOut });
      expect(items.map(({ path }) => path)).toEqual(['a.csv', 'z.csv']);
      expect(leftOut).toEqual(['locked']);
    } finally {
      if (isRoot) process.seteuid?.(0);
    }
  });

  test('with links that go round', async () => {
    mkdirSync(join(folder, 'b'));
    symlinkSync('..', join(folder, 'b/up'));
    symlinkSync('c2', join(folder, 'c1'));
    symlinkSync('c1', join(folder, 'c2'));
    expect(await listed()).toEqual(['a.csv', 'z.csv']);
  });
});

test('code is frozen without what has no name in UTF-8', async () => {
  writeFileSync(bad('\xfc.py'), '');
  const leftOut: string[] = [];
  const items = await itemsOf({ folder, data: null, isDataFile: () => false, leftOut });
  expect(items.map(({ path }) => path)).toEqual(['a.csv', 'z.csv']);
  expect(leftOut).toEqual(['\\xfc.py']);
});
