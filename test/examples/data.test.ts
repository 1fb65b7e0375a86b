import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { packageRoot } from '../support/cli/project.ts';

const folderOf = (example: string): string => join(packageRoot, 'examples', example, 'data');

function linesOf(path: string): string[] {
  const bytes = readFileSync(path);
  return (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString().trimEnd().split('\n');
}

test.each(['solardatatools', 'stasticclearsky'])(
  '%s: data/README.md says of each file what is in it, and where it comes from',
  (example) => {
    const folder = folderOf(example);
    const readme = readFileSync(join(folder, 'README.md'), 'utf8');
    for (const word of ['NREL', 'PVDAQ', 'pvanalytics 0.2.2', 'MIT']) expect(readme).toContain(word);
    expect(readFileSync(join(folder, 'LICENSE'), 'utf8')).toContain('MIT License');
    const tables = readdirSync(folder).filter((name) => name.includes('.csv'));
    expect(tables.length).toBeGreaterThan(4);
    for (const name of tables) {
      const [header = '', ...rows] = linesOf(join(folder, name));
      const [, column] = header.split(',');
      expect(readme).toContain(`\`${column}\``);
      const empty = rows.filter((row) => row.endsWith(',')).length;
      const entry = readme.split('\n').find((line) => line.startsWith(`| \`${name}\``));
      expect(entry).toMatch(new RegExp(`\\| ${rows.length} +\\| ${empty} +\\|$`));
    }
  },
);

test('a clone has to fetch little data', () => {
  const bytes = ['solardatatools', 'stasticclearsky', 'gridlabd'].flatMap((example) =>
    readdirSync(folderOf(example)).map((name) => statSync(join(folderOf(example), name)).size),
  );
  expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThan(3_000_000);
});
