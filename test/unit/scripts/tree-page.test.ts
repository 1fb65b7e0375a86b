import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { pageWithTree, readTree, sourceFolders } from '../../../scripts/tree-page.ts';
import { packageRoot } from '../../support/cli/project.ts';

const { folders, many } = readTree();
const existing = sourceFolders();

test('every folder of the sources has its line in docs/tree.yaml, and no other has', () => {
  expect(Object.keys(folders).sort()).toEqual([...existing.keys()].sort());
});

test('a folder has at most 15 files, unless docs/tree.yaml says why', () => {
  const large = [...existing].filter(([, files]) => files > 15).map(([folder]) => folder);
  expect(large.filter((folder) => many[folder] === undefined)).toEqual([]);
  expect(Object.keys(many).filter((folder) => !existing.has(folder))).toEqual([]);
});

test('docs/architecture.md has the current tree: node scripts/tree-page.ts', () => {
  expect(readFileSync(join(packageRoot, 'docs/architecture.md'), 'utf8')).toBe(pageWithTree());
});
