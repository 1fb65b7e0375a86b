/** The menu's questions for a run on this machine. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { loadConfig } from '../../functions/config/load.ts';
import type { Config } from '../../ports/config.ts';
import { argumentsOf, type StartOptions, start } from '../commands/start.ts';
import { shellWord } from '../view/paths.ts';
import { askOne, askText, askWhole, askYes } from '../view/prompts.ts';

type Files = 'default' | 'all' | 'some';

/** More processes than this on one machine are a slip of the finger. */
const mostWorkers = 1000;
const mostFiles = 100_000_000;

/** @param cores of this machine: the default number of workers */
export async function runHere(cores: number): Promise<void> {
  const project = await askText('Path of the project folder', standardProject(), mistakeInProject);
  const config = await loadConfig(resolve(project));
  const files = await askFiles(config);
  const workers = await askWhole('How many workers?', cores, 1, mostWorkers);
  const options: StartOptions = {
    project,
    file: [],
    scalenodes: workers,
    repeat: 1,
    cluster: 'local',
    ...(files !== undefined && { number: files }),
  };
  showSummary(options, config);
  if (!(await askYes('Go on?', true))) {
    console.error('nothing was done');
    return;
  }
  console.error(`The same without questions: gcd-sfn ${argumentsOf(options).map(shellWord).join(' ')}\n`);
  await start(options);
}

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
async function askFiles({ defaultProcessFiles, filePattern }: Config): Promise<number | undefined> {
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
    { value: 'all', name: `all that match ${filePattern}` },
    { value: 'some', name: 'the first few of them' },
  ]);
  if (files === 'default') return undefined;
  return files === 'all' ? 0 : askWhole('How many files?', 1, 1, mostFiles);
}

function showSummary(
  { project, number, scalenodes }: StartOptions,
  { dataBucket, defaultProcessFiles }: Config,
): void {
  const rows = [
    ['project', resolve(project)],
    [
      'data',
      dataBucket.kind === 'folder' ? dataBucket.path : `s3://${dataBucket.bucket}/${dataBucket.prefix}`,
    ],
    [
      'files',
      number === undefined
        ? defaultProcessFiles.join(', ')
        : number === 0
          ? 'all that match'
          : `the first ${number}`,
    ],
    ['workers', `${scalenodes} on this machine`],
    ['cost', 'none'],
  ] as const;
  console.error('');
  for (const [name, value] of rows) console.error(`  ${name.padEnd(8)} ${value}`);
  console.error('');
}
