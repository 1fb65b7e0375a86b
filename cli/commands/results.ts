/** `gcd-sfn results`: the result files of a run, once more. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { refuseResultsElsewhere } from '../../adapters/local/inside.ts';
import { readRemote } from '../../adapters/local/runs/remote-file.ts';
import { RunsFolder } from '../../adapters/local/runs/runs-folder.ts';
import { rebuildResults } from '../../walker/rebuild-results.ts';
import { publishResults } from '../../walker/results.ts';
import { sayMissing } from '../view/missing-files.ts';
import { shownPath } from '../view/paths.ts';
import { printPerformance } from '../view/performance.ts';

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
  $ gcd-sfn results -p my-project --rebuild            make them anew from what the tasks left

A run that was killed before its files were written has them made now, of what is done.`;

export function define(command: Command): void {
  command
    .argument('[run]', "the run's name; default: the newest")
    .option('-p, --project <folder>', 'the project folder', '.')
    .option('-o, --output <folder>', 'where to write the files; default: results in the project folder')
    .option('--rebuild', "make them anew from the tasks' records, also when they are there")
    .option('--json', 'print the outcome as JSON')
    .option('--no-color', 'no colours; the same as NO_COLOR=1')
    .addHelpText('after', examples)
    .action((run: string | undefined, options: ResultsOptions) => results(run, options));
}

async function results(name: string | undefined, options: ResultsOptions): Promise<void> {
  const project = resolve(options.project);
  const runs = new RunsFolder(project);
  const to = options.output === undefined ? `${project}/results` : resolve(options.output);
  refuseResultsElsewhere(project, to);
  const request = await runs.find(name);
  const remote = readRemote(runs.folderOf(request.run));
  if (remote) {
    const { resultsOfRemote } = await import('../cloud/results.ts');
    const how = { to, rebuild: options.rebuild ?? false, json: options.json ?? false };
    return resultsOfRemote(runs, request.run, remote, how);
  }
  const held = runs.hold(request.run);
  try {
    const rebuilt = await rebuildResults(held.store, request, options.rebuild ?? false);
    const published = await publishResults(held, request, to);
    const { folder, files } = published;
    sayMissing(published);
    if (options.json) console.log(JSON.stringify({ run: request.run, rebuilt, folder, files }));
    else {
      await printPerformance(held.store, request.config);
      console.error(
        `\nresults of ${request.run}${rebuilt ? ', made anew,' : ''} in ${shownPath(folder)}/: ${files.join(', ')}`,
      );
    }
  } finally {
    held.release();
  }
}
