/** `gcd-sfn resume`: continues an interrupted run. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { refuseResultsElsewhere } from '../../../adapters/local/project/outside-links.ts';
import type { ExitCode } from '../../../core/errors/errors.ts';
import { reportStatus } from '../../follow/report-outcome.ts';
import { runToEnd } from '../../follow/run-to-end.ts';
import { openRuns } from '../../run/open-runs.ts';
import { detachedFromAws } from '../start/detach.ts';
import { type StartParts, startReport } from '../start/parts.ts';
import { type CodeOptions, codeChoice } from './code-choice.ts';

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
    .action(async (run: string | undefined, options: ResumeOptions) => {
      process.exitCode = await resume(run, options);
    });
}

/** @param name default: the newest run @returns the exit code */
export async function resume(
  name: string | undefined,
  options: ResumeOptions,
  { services = {} }: StartParts = {},
): Promise<ExitCode> {
  const { retryFailed = false, renewPackages = false, detach = false, json = false } = options;
  const chooseCode = codeChoice(options);
  refuseResultsElsewhere(resolve(options.project));
  const run = await (await openRuns(options.project, services)).open(name);
  const resumed = await run.resume({
    ...{ retryFailed, renewPackages, detach, chooseCode, licence: options.licence },
    useEdited: options.useEdited ?? false,
    report: startReport(await run.request().then(({ config }) => config)),
  });
  if ('complete' in resumed) {
    const { failed } = resumed.complete.tasks;
    const left =
      failed > 0 ? 'only failed tasks are left: --retry-failed runs them again' : 'no task is left';
    console.error(`run ${run.name} is complete; ${left}`);
    return reportStatus(run, resumed.complete, { json });
  }
  if (detach) return detachedFromAws(resumed, json);
  console.error(`run ${run.name} resumes`);
  return runToEnd(resumed, { json });
}
