/** `gcd-sfn results`: the result files of a run, once more. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { refuseResultsElsewhere } from '../../adapters/local/project/outside-links.ts';
import { openRuns } from '../run/open-runs.ts';
import { shownPath } from '../terminal/paths.ts';
import { printPerformance, showMissing, showSavedCopy } from '../terminal/results.ts';

interface ResultsOptions {
  project: string;
  output?: string;
  rebuild?: boolean;
  json?: boolean;
}

const examples = `
Examples:
  $ gcd-sfn results --project my-project               the newest run's files, into my-project/results
  $ gcd-sfn results calm-owls-sing -p my-project       those of the run of that name
  $ gcd-sfn results calm-owls-sing -p my-project -o sing        into another folder
  $ gcd-sfn results -p my-project --rebuild            rebuild them from the tasks' records

For a run that was killed before its files were written, they are built now from the completed tasks.`;

export function define(command: Command): void {
  command
    .argument('[run]', 'name of the run; default: the newest')
    .option('-p, --project <folder>', 'the project folder', '.')
    .option('-o, --output <folder>', 'folder for the files; default: results in the project folder')
    .option('--rebuild', "rebuild the files from the tasks' records, even if they exist")
    .option('--json', 'print the outcome as JSON')
    .option('--no-color', 'disable colors; same as NO_COLOR=1')
    .addHelpText('after', examples)
    .action((run: string | undefined, options: ResultsOptions) => results(run, options));
}

async function results(name: string | undefined, options: ResultsOptions): Promise<void> {
  const runs = await openRuns(options.project);
  const { project } = runs;
  const to = options.output === undefined ? `${project}/results` : resolve(options.output);
  refuseResultsElsewhere(project, to);
  const run = await runs.open(name);
  const fetched = await run.results({ to, rebuild: options.rebuild ?? false });
  const { rebuilt, folder, files } = fetched;
  showMissing(fetched);
  if (options.json) console.log(JSON.stringify({ run: run.name, rebuilt, folder, files }));
  else {
    await printPerformance(await run.store(), (await run.request()).config);
    console.error(
      `\nresults of ${run.name}${rebuilt ? ', rebuilt,' : ''} in ${shownPath(folder)}/: ${files.join(', ')}`,
    );
  }
  showSavedCopy(fetched);
}
