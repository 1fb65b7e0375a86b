/** `gcd-sfn resume`: goes on with an interrupted run. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { LocalEnvironments } from '../../adapters/local/environments/local-environments.ts';
import { RunsFolder } from '../../adapters/local/runs/runs-folder.ts';
import { takeUpRun } from '../../walker/begin-run.ts';
import { runToEnd } from '../run-to-end.ts';

interface ResumeOptions {
  project: string;
  useEdited?: boolean;
  json?: boolean;
}

const examples = `
Examples:
  $ gcd-sfn resume --project my-project                  the newest run
  $ gcd-sfn resume calm-owls-sing --project my-project   the run of that name
  $ gcd-sfn resume -p my-project --use-edited            with the code as it is now

Tasks that have ended, also those that failed, are not run again.
Exit code: 0 done, 1 some tasks failed, 2 wrong use or input, 3 environment trouble, 130 interrupted.`;

export function define(command: Command): void {
  command
    .argument('[run]', "the run's name; default: the newest")
    .option('-p, --project <folder>', 'the project folder', '.')
    .option('--use-edited', 'take the code as it is now; default: as it was when the run began')
    .option('--json', 'print the outcome as JSON')
    .option('--no-color', 'no colours; the same as NO_COLOR=1')
    .addHelpText('after', examples)
    .action((run: string | undefined, options: ResumeOptions) => resume(run, options));
}

async function resume(name: string | undefined, options: ResumeOptions): Promise<void> {
  const runs = new RunsFolder(resolve(options.project));
  const run = await takeUpRun(runs, name, options.useEdited ?? false);
  console.error(`run ${run.request.run} goes on`);
  if (run.edited)
    console.error(
      options.useEdited
        ? 'the project was edited since the run began: from here on the edited code is used'
        : 'the project was edited since the run began: it goes on with the code as it was (--use-edited takes the edited one)',
    );
  process.exitCode = await runToEnd(run, {
    json: options.json ?? false,
    runs,
    environments: new LocalEnvironments(),
  });
}
