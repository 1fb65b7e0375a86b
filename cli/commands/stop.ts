/** `gcd-sfn stop`: asks the process that works on a run to stop it. */
import type { Command } from 'commander';
import { clearControl, readControl, writeControl } from '../../adapters/local/runs/live-file.ts';
import { readRemote } from '../../adapters/local/runs/remote-file.ts';
import type { RunsFolder } from '../../adapters/local/runs/runs-folder.ts';
import { AccessDenied, ExitCode, RunLocked } from '../../ports/errors.ts';
import type { Control } from '../../ports/live.ts';
import { nameOfRun } from '../../walker/find-runs.ts';
import { isAtWork, quick, readRunStatus } from '../../walker/run-status.ts';
import { projectAndRuns } from '../status/project.ts';
import { commandLine, stateWords } from '../status/words.ts';
import { followRun } from '../watch/follow-run.ts';
import { untilInterrupted } from '../watch/leave.ts';
import { showEnd } from '../watch/show-end.ts';

interface StopOptions {
  project: string;
  now?: boolean;
  wait: boolean;
  json?: boolean;
}

const examples = `
Examples:
  $ gcd-sfn stop calm-owls-sing --project my-project         running tasks end first, nothing else begins
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
  const { project, runs } = await projectAndRuns(options.project);
  const shown = { project, runs, json: options.json ?? false };
  const run = await nameOfRun(runs, name);
  const remote = readRemote(runs.folderOf(run));
  if (remote) {
    const { stopRemote } = await import('../cloud/stop.ts');
    const wish = { now: options.now ?? false, wait: options.wait, json: shown.json };
    process.exitCode = await stopRemote(runs, run, remote, wish);
    return;
  }
  const status = await readRunStatus(runs, run, quick());
  if (!isAtWork(status)) {
    console.error(`run ${run} is not at work (${stateWords(status)}): there is nothing to stop`);
    if (options.json) await showEnd(shown, run, status.history);
    return;
  }
  if (status.elsewhere)
    throw new RunLocked(
      `run ${run} is at work on another machine: process ${status.owner?.pid} on ${status.owner?.host}`,
      {
        mend: `Stop it there: gcd-sfn stop ${run}. If that process does not live any more, remove ${runs.folderOf(run)}/lock`,
      },
    );
  const how = options.now ? 'now' : 'drain';
  const history = await untilInterrupted((signal) => askAndFollow(runs, run, { how, signal, ...options }));
  if (history === 'asked') {
    if (options.json) console.log(JSON.stringify({ run, asked: how }));
    return;
  }
  if (!history) {
    console.error(`the run stops all the same; see how it is: ${commandLine('status', run, project)}`);
    process.exitCode = ExitCode.interrupted;
    return;
  }
  await showEnd(shown, run, history);
}

interface Asked {
  how: Control['stop'];
  wait: boolean;
  signal: AbortSignal;
}

/** @returns `asked` when nobody wants to wait */
async function askAndFollow(runs: RunsFolder, run: string, { how, wait, signal }: Asked) {
  const enough = new AbortController();
  let isAsked = false;
  let isTold = false;
  const history = await followRun(runs, run, {
    signal: AbortSignal.any([signal, enough.signal]),
    // A process that has only begun forgets what was wanted before it listened, and it listens when it says something.
    onLook: (live, print) => {
      if (!live) {
        if (!isTold && !isAsked) print(`run ${run} runs no tasks now: it is asked as soon as it would`);
        isTold = true;
        return;
      }
      ask(runs.folderOf(run), how);
      if (!isAsked) print(asking(run, how));
      isAsked = true;
      if (!wait) enough.abort();
    },
  });
  if (enough.signal.aborted) return 'asked' as const;
  // Its process may have ended just before it could hear.
  if (history && !runs.owner(run)) clearControl(runs.folderOf(run));
  return history;
}

/** A wish to stop at once outweighs another. */
function ask(folder: string, how: Control['stop']): void {
  const asked = readControl(folder)?.stop;
  if (asked === how || asked === 'now') return;
  try {
    writeControl(folder, { stop: how });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return;
    throw new AccessDenied(`the run cannot be asked to stop: ${message}`, {
      mend: 'Who started it can stop it, with Ctrl-C in its terminal or with this command.',
      cause: error,
    });
  }
}

const asking = (run: string, how: Control['stop']): string =>
  how === 'now'
    ? `asked ${run} to stop now: running tasks are ended`
    : `asked ${run} to stop: running tasks end first, nothing else begins (--now ends them)`;
