import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { placeFiles, replaceFiles } from '../../../../../adapters/local/project/write-files.ts';
import { temporary } from '../../../../support/environments/temporary-projects.ts';

const files = [
  { path: 'a.txt', content: 'a' },
  { path: 'deep/er/b.txt', content: 'b' },
];
const all = (folder: string) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();

describe('new files', () => {
  test('make their folder, and those above it', async () => {
    const folder = join(temporary(), 'x/y');
    await placeFiles(folder, files);
    expect(all(folder)).toEqual(['a.txt', 'deep', 'deep/er', 'deep/er/b.txt']);
    expect(readdirSync(join(folder, '..'))).toEqual(['y']);
  });

  test('go beside what is there', async () => {
    const folder = temporary();
    writeFileSync(join(folder, 'mine'), 'mine');
    await placeFiles(folder, files);
    expect(all(folder)).toEqual(['a.txt', 'deep', 'deep/er', 'deep/er/b.txt', 'mine']);
  });

  test.each<[string, (folder: string) => void, string]>([
    [
      'a file',
      (folder) => {
        mkdirSync(join(folder, 'deep/er'), { recursive: true });
        writeFileSync(join(folder, 'deep/er/b.txt'), 'mine');
      },
      'deep/er/b.txt',
    ],
    ['a file where a folder is wanted', (folder) => writeFileSync(join(folder, 'deep'), 'mine'), 'deep'],
    ['a link that leads nowhere', (folder) => symlinkSync('/nowhere', join(folder, 'a.txt')), 'a.txt'],
    ['a folder where a file is wanted', (folder) => mkdirSync(join(folder, 'a.txt')), 'a.txt'],
  ])('change nothing where there is %s', async (_, make, named) => {
    const folder = temporary();
    make(folder);
    const before = all(folder);
    await expect(placeFiles(folder, files)).rejects.toMatchObject({
      name: 'UsageError',
      message: expect.stringMatching(new RegExp(`: ${named}$`)),
    });
    expect(all(folder)).toEqual(before);
  });

  test('leave nothing behind when one cannot be written', async () => {
    const folder = temporary();
    const broken = [...files, { path: 'c.txt', content: { copyOf: '/no/such/file' } }];
    await expect(placeFiles(folder, broken)).rejects.toThrow('ENOENT');
    expect(all(folder)).toEqual([]);
    await expect(placeFiles(join(folder, 'new'), broken)).rejects.toThrow('ENOENT');
    expect(all(folder)).toEqual([]);
  });

  test('are taken back when one cannot be moved to its place', async () => {
    const folder = temporary();
    // Two of the same name: the second one is not there any more when it is to be moved.
    await expect(placeFiles(folder, [...files, files[0]!])).rejects.toThrow('ENOENT');
    expect(all(folder)).toEqual([]);
  });
});

describe('files that are replaced', () => {
  test('are kept under another name, and keep their mode', async () => {
    const folder = temporary();
    writeFileSync(join(folder, 'a'), 'old', { mode: 0o600 });
    await replaceFiles(folder, [{ name: 'a', text: 'new' }]);
    const read = (name: string) => readFileSync(join(folder, name), 'utf8');
    expect([read('a'), read('a.before-migration')]).toEqual(['new', 'old']);
    expect(statSync(join(folder, 'a')).mode & 0o777).toBe(0o600);
    expect(all(folder)).toEqual(['a', 'a.before-migration']);
  });

  test.each(['a', 'b'])('stay as they are when an earlier one was kept: %s', async (name) => {
    const folder = temporary();
    for (const file of ['a', 'b']) writeFileSync(join(folder, file), 'old');
    writeFileSync(join(folder, `${name}.before-migration`), 'older');
    const wanted = [
      { name: 'a', text: 'new' },
      { name: 'b', text: 'new' },
    ];
    await expect(replaceFiles(folder, wanted)).rejects.toThrow(`${name}.before-migration`);
    for (const file of ['a', 'b']) expect(readFileSync(join(folder, file), 'utf8')).toBe('old');
    expect(all(folder)).toHaveLength(3);
  });

  test.each<[string, (folder: string) => void]>([
    ['is not there', () => {}],
    ['cannot be kept', (folder) => mkdirSync(join(folder, 'b'))],
  ])('stay as they are when one of them %s', async (_, make) => {
    const folder = temporary();
    writeFileSync(join(folder, 'a'), 'old');
    make(folder);
    const before = all(folder);
    const wanted = ['a', 'b'].map((name) => ({ name, text: 'new' }));
    await expect(replaceFiles(folder, wanted)).rejects.toThrow(/^E[A-Z]+/);
    expect(readFileSync(join(folder, 'a'), 'utf8')).toBe('old');
    expect(all(folder)).toEqual(before);
  });
});
