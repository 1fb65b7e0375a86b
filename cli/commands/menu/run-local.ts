/** The menu's questions for a run on this machine. */
import { resolve } from 'node:path';

import { loadConfig } from '../../../core/config/load-config.ts';

import { shellWord } from '../../terminal/paths.ts';
import { askWhole, askYes } from '../../terminal/prompts.ts';
import { argumentsOf, type StartOptions } from '../start/options.ts';
import { start } from '../start/start.ts';

import { askFiles, askProject, dataInWords, filesInWords, showRows } from './questions.ts';

/** More processes than this on one machine are a slip of the finger. */
const mostWorkers = 1000;

/** @param cores of this machine: the default number of workers */
export async function runHere(cores: number): Promise<void> {
  const project = await askProject();
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
  showRows([
    ['project', resolve(project)],
    ['data', dataInWords(config)],
    ['files', filesInWords(files, config)],
    ['workers', `${workers} on this machine`],
    ['cost', 'none'],
  ]);
  if (!(await askYes('Go on?', true))) {
    console.error('nothing was done');
    return;
  }
  console.error(`The same without questions: gcd-sfn ${argumentsOf(options).map(shellWord).join(' ')}\n`);
  process.exitCode = await start(options);
}
