import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { dataKeys } from '../../../../core/config/data-keys.ts';
import { UsageError } from '../../../../core/errors/errors.ts';
import { load } from './folder.ts';

const root = realpathSync(mkdtempSync(join(tmpdir(), 'gcd-keys-')));
const project = join(root, 'project');
const path = join(project, 'data');
mkdirSync(join(path, 'data/sub'), { recursive: true });
mkdirSync(join(root, 'other'));
for (const file of ['a.csv', 'b.csv', 'data/b.csv', 'data/sub/c.csv', '100% {x}.csv'])
  writeFileSync(join(path, file), '');
for (const file of ['entrypoint.py', '../other/z.csv']) writeFileSync(join(project, file), '');
symlinkSync(project, join(root, 'link'));
afterAll(() => rmSync(root, { recursive: true }));

const folder = { dataBucket: { kind: 'folder' as const, path } };
const keyOf = (name: string, from = project) => dataKeys([name], folder, [from, project], '--file')[0];

test.each([
  ['a.csv', 'a.csv'],
  ['100% {x}.csv', '100% {x}.csv'],
  ['data/a.csv', 'a.csv'],
  ['./data/a.csv', 'a.csv'],
  ['data/../data//a.csv', 'a.csv'],
  [join(path, 'data/sub/c.csv'), 'data/sub/c.csv'],
  [join(root, 'link/data/a.csv'), 'a.csv'],
  // A key first, then a path.
  ['data/b.csv', 'data/b.csv'],
  ['./data/b.csv', 'b.csv'],
  ['./a.csv', 'a.csv'],
  // Whoever looks for it says that it is not there.
  ['gone.csv', 'gone.csv'],
  ['./gone.csv', './gone.csv'],
  ['', ''],
])('the key of %s is %s', (name, key) => {
  expect(keyOf(name)).toBe(key);
});

test('paths are seen from the current folder, then from the project', () => {
  expect(keyOf('../data/a.csv', join(root, 'project/data'))).toBe('a.csv');
  expect(keyOf('data/a.csv', root)).toBe('a.csv');
  expect(keyOf('project/data/a.csv', root)).toBe('a.csv');
});

test.each([
  ['../other/z.csv', /^--file names .*z\.csv, which is not in the data folder /],
  ['entrypoint.py', /^--file names .*entrypoint\.py, which is not in the data folder /],
  ['data/data/sub', /^--file names the folder /],
  ['data/sub', /^--file names the folder /],
  ['s3://pv/a.csv', /^--file names s3:\/\/pv\/a\.csv, and data_bucket is the folder /],
])('%s is refused', (name, message) => {
  expect(() => keyOf(name)).toThrow(UsageError);
  expect(() => keyOf(name)).toThrow(message);
});

test('an URL of an object is its key below the prefix', () => {
  const bucket = { dataBucket: { kind: 's3' as const, bucket: 'pv', prefix: 'site/' } };
  const keys = (...names: string[]) => dataKeys(names, bucket, [project], '--file');
  expect(keys('s3://pv/site/x/a.csv', 'a.csv', './a.csv')).toEqual(['x/a.csv', 'a.csv', './a.csv']);
  for (const other of ['s3://pv/a.csv', 's3://other/site/a.csv', 's3://pv/site/', 's3://pv'])
    expect(() => keys(other)).toThrow(`--file names ${other}, which is not in s3://pv/site/`);
});

test('default_process_files may be paths from the project folder', async () => {
  const config = `data_bucket: ${path}\ndefault_process_files: [${join(path, 'a.csv')}, b.csv, ${join(root, 'other/z.csv')}]\n`;
  expect((await load(config)).defaultProcessFiles).toEqual(['a.csv', 'b.csv', join(root, 'other/z.csv')]);
});
