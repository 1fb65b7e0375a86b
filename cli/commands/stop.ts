/** `gcd-sfn stop`: asks the process that works on a run to stop it. */

import type { Command } from 'commander';
import { ExitCode } from '../../core/errors/errors.ts';
import { isAtWork, type RunStatus } from '../../core/run-store/status/run-status.ts';
import { followRun } from '../follow/follow-run.ts';
import { untilInterrupted } from '../follow/until-interrupted.ts';
import { openRuns } from '../run/open-runs.ts';
import { showEnd, showStatus } from '../status/show.ts';
import { commandLine, stateWords } from '../status/words.ts';

interface StopOptions {
  project: string;
  now?: boolean;
  wait: boolean;
  json?: boolean;
}

const examples = `
Examples:
  $ gcd-sfn stop calm-owls-sing --project my-project         running tasks finish, no new ones start
  $ gcd-sfn stop calm-owls-sing --project my-project --now   running tasks are killed; resume runs them again
  $ gcd-sfn stop calm-owls-sing -p my-project --no-wait      request the stop, and do not wait for it

Completed tasks are gathered, and gcd-sfn resume continues from there. --now can follow a stop that takes long.
Exit code: 0 the run is not active (any more), or with --no-wait the stop was requested; 2 wrong use, no such run, or it
is active on another machine; 3 its folder cannot be written; 130 Ctrl-C ended the waiting: the run stops all the same.`;

export function define(command: Command): void {
  command
    .argument('<run>', 'name of the run')
    .option('-p, --project <folder>', 'the project folder', '.')
    .option('--now', 'kill running tasks instead of letting them finish')
    .option('--no-wait', 'do not wait until the run has ended')
    .option('--json', 'print the outcome as JSON')
    .option('--no-color', 'disable colors; same as NO_COLOR=1')
    .addHelpText('after', examples)
    .action((run: string, options: StopOptions) => stop(run, options));
}

async function stop(name: string, options: StopOptions): Promise<void> {
  const runs = await openRuns(options.project);
  const run = await runs.open(name, { atWork: true });
  const json = options.json ?? false;
  const isOver = async (status: RunStatus) => {
    console.error(`run ${run.name} is not at work (${stateWords(status)}): there is nothing to stop`);
    if (json) await showStatus(run, { json });
  };
  const status = await run.status('quick');
  if (!isAtWork(status)) return isOver(status);
  const how = options.now ? 'now' : 'drain';
  const onNotice = (line: string) => console.error(line);
  const ended = await untilInterrupted(async (signal) => {
    const requested = await run.stop(how, { signal, onNotice });
    for (const line of requested?.lines ?? []) console.error(line);
    if (requested && !options.wait) return requested;
    // It may have ended before it was asked.
    return (requested ?? !signal.aborted) ? followRun(run, { signal }) : undefined;
  });
  if (!ended) {
    console.error(
      `the run stops all the same; see how it is: ${commandLine('status', run.name, run.project)}`,
    );
    process.exitCode = ExitCode.interrupted;
  } else if ('how' in ended) {
    if (json) console.log(JSON.stringify({ run: run.name, asked: ended.how }));
  } else await showEnd(run, ended, json);
}
