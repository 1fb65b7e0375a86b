/** `gcd-sfn status`: the runs of a project, or how one of them is doing. */
import type { Command } from 'commander';
import { openRuns } from '../run/open-runs.ts';
import { statusJson } from '../status/json.ts';
import { runsTable } from '../status/list.ts';
import { showStatus } from '../status/show.ts';
import { printLines } from '../terminal/output.ts';
import { shellPath, shownPath } from '../terminal/paths.ts';

interface StatusOptions {
  project: string;
  stack?: string | true;
  region?: string;
  json?: boolean;
}

const examples = `
Examples:
  $ gcd-sfn status --project my-project                  all runs of the project, newest first
  $ gcd-sfn status calm-owls-sing --project my-project   one run: progress, first failures, files, next steps
  $ gcd-sfn status --stack                               all runs of the stack on AWS, whoever started them
  $ gcd-sfn status nightly-20261122-0600 -p my-project --stack   import a run of the stack, so that other commands know it
  $ gcd-sfn status -p my-project --json | jq '.runs[] | select(.state == "running") | .run'

States: running; stopping (stop requested); stopped (stopped on request, results gathered); interrupted (its process was
killed); failed (it could not continue); done; in use (by a command that runs no tasks); damaged. The list does not query
AWS: it shows the last known state of runs there.
Exit code: 0, whatever the runs' states are; 2 wrong use or no such run.`;

export function define(command: Command): void {
  command
    .argument('[run]', 'name of a run; default: all runs')
    .option('-p, --project <folder>', 'the project folder', '.')
    .option(
      '--stack [name]',
      'all runs of the stack on AWS, whoever started them; default: GCD_STACK, else gcd-sfn',
    )
    .option(
      '--region <region>',
      'AWS region of the stack; default: the one in your environment, .env or profile',
    )
    .option('--json', 'print it as JSON')
    .option('--no-color', 'disable colors; same as NO_COLOR=1')
    .addHelpText('after', examples)
    .action((run: string | undefined, options: StatusOptions) =>
      run !== undefined ? showRun(run, options) : options.stack ? listStack(options) : listRuns(options),
    );
}

async function listRuns(options: StatusOptions): Promise<void> {
  const runs = await openRuns(options.project);
  const { project } = runs;
  const statuses = await runs.list();
  const now = Date.now() / 1000;
  if (options.json) {
    const found = statuses.map((status) => statusJson(status, { project, now }));
    console.log(JSON.stringify({ project, runs: found }, undefined, 2));
  } else if (statuses.length === 0) {
    console.error(
      `there is no run in ${shownPath(project)} yet; start one: gcd-sfn start --project ${shellPath(project)}`,
    );
  } else printLines(runsTable(statuses, now));
}

async function listStack(options: StatusOptions): Promise<void> {
  const { statusOfStack } = await import('../aws/stack-runs.ts');
  await statusOfStack(stackOf(options), options.json ?? false);
}

function stackOf({ stack, region }: StatusOptions) {
  return { ...(typeof stack === 'string' && { stack }), ...(region !== undefined && { region }) };
}

async function showRun(name: string, options: StatusOptions): Promise<void> {
  const runs = await openRuns(options.project);
  if (options.stack) {
    const { stackName } = await import('../aws/options.ts');
    const from = { stack: stackName(stackOf(options)), region: options.region ?? null };
    await runs.import(name, from, console.error);
  }
  await showStatus(await runs.open(name, { atWork: true }), { json: options.json ?? false });
}
