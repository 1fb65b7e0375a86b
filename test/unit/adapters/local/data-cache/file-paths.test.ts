import { join, relative, sep } from 'node:path';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { FilePaths } from '../../../../../adapters/local/data-cache/file-paths.ts';

const folder = '/cache';

test('usual keys keep their path', () => {
  const paths = new FilePaths(folder);
  for (const key of ['a.csv', 'PVO/2020/b [1] é+%.csv', '...', '.hidden', 'a b/-c', 'x.tar.gz'])
    expect(paths.take(key)).toBe(join(folder, 'files', key));
});

test.each([
  '../up.csv',
  'a/../../up.csv',
  '/abs.csv',
  'a//b.csv',
  './a.csv',
  'a/.',
  'nul\0.csv',
  `${'x'.repeat(256)}.csv`,
  `${'é'.repeat(128)}/a.csv`,
])('%j gets a place of its own, with its extension', (key) => {
  const path = new FilePaths(folder).take(key);
  expect(path.startsWith(`${folder}/others/`)).toBe(true);
  if (key.endsWith('.csv')) expect(path).toMatch(/\.csv$/);
});

test.each([
  ['a', 'a/b'],
  ['a/b', 'a'],
  ['a/b/c', 'a/b'],
  ['A.csv', 'a.csv'],
  ['\u00e9.csv', 'e\u0301.csv'],
])('of %j and %j one gets a place of its own, and the usual one again when it is free', (first, second) => {
  const paths = new FilePaths(folder);
  expect(paths.take(first)).toBe(join(folder, 'files', first));
  expect(paths.take(second)).toBe(paths.hashedPath(second));
  paths.release(second);
  expect(paths.release(first).at(0)).toBe(
    first.includes('/') ? join(folder, 'files', first, '..') : join(paths.hashedPath(first), '..'),
  );
  expect(paths.take(second)).toBe(join(folder, 'files', second));
});

test('folders are told when nothing is left in them, deepest first', () => {
  const paths = new FilePaths(folder);
  for (const key of ['a/b/1', 'a/b/2', 'a/3']) paths.take(key);
  const left = (key: string) => paths.release(key).filter((path) => path.startsWith('/cache/files'));
  expect(left('a/b/1')).toEqual([]);
  expect(left('a/b/2')).toEqual(['/cache/files/a/b']);
  expect(left('a/3')).toEqual(['/cache/files/a']);
});

test('no key leaves the folder, and no two share a path', () => {
  const step = fc.oneof(
    fc.constantFrom('', '.', '..', 'a', 'A', 'b', '\0', 'x'.repeat(300)),
    fc.string({ unit: 'grapheme' }),
  );
  const key = fc.array(step, { minLength: 1, maxLength: 4 }).map((steps) => steps.join('/'));
  fc.assert(
    fc.property(fc.uniqueArray(key, { maxLength: 20 }), (keys) => {
      const paths = new FilePaths(folder);
      const taken = keys.map((one) => paths.take(one));
      const names = taken.map((path) => path.normalize('NFC').toLowerCase());
      expect(new Set(names).size).toBe(keys.length);
      for (const path of taken) {
        expect(relative(folder, path).split(sep)[0]).toMatch(/^(files|others)$/);
        expect(path).not.toContain('\0');
        // A file is never a folder of another.
        expect(names.filter((name) => name.startsWith(`${path.normalize('NFC').toLowerCase()}/`))).toEqual(
          [],
        );
      }
      for (const one of keys) paths.release(one);
      for (const one of keys) expect(new FilePaths(folder).take(one)).toBe(new FilePaths(folder).take(one));
    }),
  );
});
