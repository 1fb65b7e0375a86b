/** Questions that every kind of run is asked. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Config } from '../../../core/config/config.ts';
import { askOne, askText, askWhole } from '../../terminal/prompts.ts';

type Files = 'default' | 'all' | 'some';

const mostFiles = 100_000_000;

/** @returns path of the project folder, as it was given */
export const askProject = (): Promise<string> =>
  askText('Path of the project folder', standardProject(), mistakeInProject);

/** What the predecessor proposed, where it is there. */
function standardProject(): string {
  return existsSync('entrypoint.py') || !existsSync('examples/sleep') ? '.' : 'examples/sleep';
}

function mistakeInProject(path: string): string | undefined {
  const folder = resolve(path);
  if (!existsSync(folder)) return `There is no folder ${folder}.`;
  if (!existsSync(join(folder, 'entrypoint.py'))) return `There is no entrypoint.py in ${folder}.`;
  return undefined;
}

/** @returns how many files, 0 for all that match; undefined for those that the configuration names */
export async function askFiles({ defaultProcessFiles, filePattern }: Config): Promise<number | undefined> {
  const named = defaultProcessFiles.length;
  const files = await askOne<Files>('Which files?', [
    ...(named > 0
      ? [
          {
            value: 'default' as const,
            name: `the ${named} in default_process_files`,
            description: defaultProcessFiles.join(', '),
          },
        ]
      : []),
    { value: 'all', name: `all that match ${[filePattern].flat().join(', ')}` },
    { value: 'some', name: 'the first few of them' },
  ]);
  if (files === 'default') return undefined;
  return files === 'all' ? 0 : askWhole('How many files?', 1, 1, mostFiles);
}

/** What the run will be, a line each. */
export function showRows(rows: readonly (readonly [string, string])[]): void {
  console.error('');
  const width = Math.max(8, ...rows.map(([name]) => name.length));
  for (const [name, value] of rows) console.error(`  ${name.padEnd(width)} ${value}`);
  console.error('');
}

export function filesInWords(number: number | undefined, { defaultProcessFiles }: Config): string {
  if (number === undefined) return defaultProcessFiles.join(', ');
  return number === 0 ? 'all that match' : `the first ${number}`;
}

export const dataInWords = ({ dataBucket }: Config): string =>
  dataBucket.kind === 'folder' ? dataBucket.path : `s3://${dataBucket.bucket}/${dataBucket.prefix}`;
