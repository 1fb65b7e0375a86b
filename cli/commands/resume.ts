/** `gcd-sfn resume`: goes on with an interrupted run. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { LocalEnvironments } from '../../adapters/local/environments/local-environments.ts';
import { refuseResultsElsewhere } from '../../adapters/local/project/outside-links.ts';
import { readRemote } from '../../adapters/local/runs/remote-file.ts';
import { RunsFolder } from '../../adapters/local/runs/runs-folder.ts';
import { UsageError } from '../../core/errors/errors.ts';
import { reopenRun } from '../../runs/begin-run.ts';
import { type CodeOptions, codeChoice } from '../run/code-choice.ts';
import { refuseRenewal } from '../run/renewal.ts';
import { runToEnd } from '../run/run-to-end.ts';

export interface ResumeOptions extends CodeOptions {
  project: string;
  retryFailed?: boolean;
  renewPackages?: boolean;
  licence?: string;
  detach?: boolean;
  json?: boolean;
}

const examples = `
Examples:
  $ gcd-sfn resume --project my-project                  the newest run
  $ gcd-sfn resume calm-owls-sing --project my-project   the run of that name
  $ gcd-sfn resume -p my-project --use-edited            with the code as it is now
  $ gcd-sfn resume -p my-project --retry-failed          also retry failed tasks

Completed tasks are not repeated; failed ones only with --retry-failed. If the project was edited after the run started,
you are asked which code to use; without a terminal it is the original code.
With --detach a run on AWS continues without this terminal.
Exit code: 0 done, 1 some tasks failed, 2 wrong use or input, 3 environment trouble, 130 interrupted.`;

export function define(command: Command): void {
  command
    .argument('[run]', 'name of the run; default: the newest')
    .option('-p, --project <folder>', 'the project folder', '.')
    .option('--retry-failed', 'also retry failed tasks')
    .option('--use-frozen', 'continue with the code as it was when the run started, without asking')
    .option('--use-edited', 'continue with the code as it is now, without asking')
    .option('--renew-packages', 'reinstall the packages; only for a run on this machine')
    .option('--licence <file>', "the solver's licence file, for a run on AWS that another machine started")
    .option('--detach', 'return once the run continues; only for a run on AWS')
    .option('--json', 'print the outcome as JSON')
    .option('--no-color', 'disable colors; same as NO_COLOR=1')
    .addHelpText('after', examples)
    .action((run: string | undefined, options: ResumeOptions) => resume(run, options));
}

/** Goes on with a run. @param name the newest when undefined */
export async function resume(name: string | undefined, options: ResumeOptions): Promise<void> {
  const project = resolve(options.project);
  const runs = new RunsFolder(project);
  refuseResultsElsewhere(project);
  const found = await runs.find(name);
  const remote = readRemote(runs.folderOf(found.run));
  if (remote) {
    refuseRenewal(options);
    const { resumeRemote } = await import('../aws/resume.ts');
    process.exitCode = await resumeRemote(runs, found.run, remote, options);
    return;
  }
  if (options.licence !== undefined)
    throw new UsageError(`run ${found.run} is on this machine: config.yaml says where its licence file is`, {
      hint: 'DeployConsent --licence out.',
    });
  if (options.detach)
    throw new UsageError(`run ${found.run} is on this machine: only a run on AWS can go on by itself`, {
      hint: 'DeployConsent --detach out.',
    });
  const run = await reopenRun(runs, name, codeChoice(options), console.error);
  console.error(`run ${run.request.run} goes on`);
  process.exitCode = await runToEnd(run, {
    json: options.json ?? false,
    retryFailed: options.retryFailed ?? false,
    runs,
    environments: new LocalEnvironments({ renew: options.renewPackages ?? false }),
  });
}
