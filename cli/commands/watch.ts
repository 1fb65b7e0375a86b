/** `gcd-sfn watch`: follows a run that another terminal works on. */
import type { Command } from 'commander';
import { ExitCode } from '../../core/errors/errors.ts';
import { isAtWork, type RunStatus } from '../../core/run-store/status/run-status.ts';
import { followRun } from '../follow/follow-run.ts';
import { untilInterrupted } from '../follow/until-interrupted.ts';
import { openRuns } from '../run/open-runs.ts';
import { showEnd, showStatus } from '../status/show.ts';
import { commandLine, stateWords } from '../status/words.ts';

interface WatchOptions {
  project: string;
  json?: boolean;
}

const examples = `
Examples:
  $ gcd-sfn watch --project my-project                  the newest active run, or else the newest
  $ gcd-sfn watch calm-owls-sing --project my-project   the run of that name
  $ gcd-sfn watch -p my-project && gcd-sfn results -p my-project -o final

Ctrl-C stops watching; the run continues.
Exit code: the run's own (0 done, 1 some tasks failed or are not done, 2 wrong input, 3 environment trouble, 130
interrupted, also when its process was killed), or 130 when you stopped watching first.`;

export function define(command: Command): void {
  command
    .argument('[run]', 'name of the run; default: the newest active run, or else the newest')
    .option('-p, --project <folder>', 'the project folder', '.')
    .option('--json', "print the run's status as JSON when it has ended")
    .option('--no-color', 'disable colors; same as NO_COLOR=1')
    .addHelpText('after', examples)
    .action((run: string | undefined, options: WatchOptions) => watch(run, options));
}

async function watch(name: string | undefined, options: WatchOptions): Promise<void> {
  const json = options.json ?? false;
  const runs = await openRuns(options.project);
  const run = await runs.open(name, { atWork: true });
  const status = await run.status('quick');
  if (!isAtWork(status)) {
    console.error(`run ${run.name} is not at work`);
    const { exitCode } = await showStatus(run, { json });
    process.exitCode = exitCode ?? ExitCode.environment;
    return;
  }
  console.error([`run ${run.name}: ${stateWords(status)}`, ...placeOf(status)].join(', '));
  const end = await untilInterrupted((signal) => followRun(run, { signal }));
  if (!end) {
    console.error(`the run goes on; watch it again with: ${commandLine('watch', run.name, run.project)}`);
    process.exitCode = ExitCode.interrupted;
    return;
  }
  await showEnd(run, end, json);
  const { state, exitCode } = end.outcome;
  if (state === 'interrupted') {
    const what = end.status?.remote ? 'it was interrupted' : 'its process has ended';
    console.error(`${what}; resume with: ${commandLine('resume', run.name, run.project)}`);
  }
  process.exitCode = exitCode;
}

function placeOf({ owner, remote }: RunStatus): string[] {
  if (remote) return [`stack ${remote.stack} in ${remote.region}`];
  return owner ? [`process ${owner.pid} on ${owner.host}`] : [];
}
