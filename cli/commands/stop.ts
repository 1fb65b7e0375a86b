/** `gcd-sfn stop`: asks the process that works on a run to stop it. */
import type { Command } from 'commander';
import { ExitCode } from '../../core/errors/errors.ts';
import { isAtWork, type RunStatus } from '../../core/run-store/status/run-status.ts';
import { followRun } from '../follow/follow-run.ts';
import { untilInterrupted } from '../follow/until-interrupted.ts';
import { openRuns } from '../open-runs.ts';
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
  $ gcd-sfn stop calm-owls-sing --project my-project         running tasks end first, no other starts
  $ gcd-sfn stop calm-owls-sing --project my-project --now   running tasks are ended; resume runs them again
  $ gcd-sfn stop calm-owls-sing -p my-project --no-wait      ask, and do not wait until it has ended

What is done is gathered, and gcd-sfn resume goes on from there. --now can follow a stop that takes long.
Exit code: 0 the run is not at work (any more), or with --no-wait was asked; 2 wrong use, no such run, or it is at work
on another machine; 3 its folder cannot be written; 130 the waiting was ended by Ctrl-C: the run stops all the same.`;

export function define(command: Command): void {
  command
    .argument('<run>', "the run's name")
    .option('-p, --project <folder>', 'the project folder', '.')
    .option('--now', 'end running tasks, instead of letting them end')
    .option('--no-wait', 'do not wait until the run has ended')
    .option('--json', 'print what has become of the run as JSON')
    .option('--no-color', 'no colours; the same as NO_COLOR=1')
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
