import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { FolderStore } from '../../../../../adapters/local/store/folder-store.ts';
import { NotFound } from '../../../../../core/errors/errors.ts';

const root = mkdtempSync(join(tmpdir(), 'gcd-meant-'));
mkdirSync(join(root, 'data/old'), { recursive: true });
writeFileSync(join(root, 'data/a.csv'), '');
writeFileSync(join(root, 'note.txt'), '');
afterAll(() => rmSync(root, { recursive: true }));

async function mendOf(path: string): Promise<string | undefined> {
  const keys = new FolderStore(join(root, path)).list('')[Symbol.asyncIterator]();
  const error: unknown = await keys.next().catch((error: unknown) => error);
  expect(error).toBeInstanceOf(NotFound);
  return (error as NotFound).hint?.replaceAll(root, '');
}

const folder = 'data_bucket names a folder, and file_pattern which files of it: ';

test.each([
  [
    'data/*.csv',
    `Patterns are not supported in data_bucket. ${folder}data_bucket: /data and file_pattern: "*.csv"`,
  ],
  [
    'data/{a,b}/x?',
    `Patterns are not supported in data_bucket. ${folder}data_bucket: /data and file_pattern: "{a,b}/x?"`,
  ],
  ['data/a.csv', `That is a file. ${folder}data_bucket: /data and file_pattern: "a.csv"`],
  ['data/a.csv/x', '/data/a.csv is a file, not a folder.'],
  ['Data', 'Perhaps /data was meant.'],
  ['dta/old', 'Perhaps /data/old was meant.'],
  ['data/Old', 'Perhaps /data/old was meant.'],
  ['measurements', undefined],
  ['Note.txt', undefined],
])('%s', async (path, hint) => {
  expect(await mendOf(path)).toBe(hint);
});
