/** `gcd-sfn top`: what the workers of a run use. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { readRemote } from '../../adapters/local/runs/remote-file.ts';
import { UsageError } from '../../ports/errors.ts';
import { nameOfRun } from '../../walker/find-runs.ts';
import { isAtWork, quick, readRunStatus } from '../../walker/run-status.ts';
import { projectAndRuns } from '../status/project.ts';
import { commandLine, stateWords } from '../status/words.ts';
import { frame } from '../top/frame.ts';
import { sampleJson } from '../top/json.ts';
import { type Sample, Sampler } from '../top/sample.ts';
import { onQuitKey, Screen } from '../top/screen.ts';
import { printLines } from '../view/out.ts';
import { untilInterrupted } from '../watch/leave.ts';

interface TopOptions {
  project: string;
  once?: boolean;
  json?: boolean;
}

const examples = `
Examples:
  $ gcd-sfn top --project my-project                  the newest run that is at work; q or Ctrl-C ends it
  $ gcd-sfn top calm-owls-sing --project my-project   the run of that name
  $ gcd-sfn top -p my-project --once                  print it once, as without a terminal
  $ gcd-sfn top -p my-project --json | jq .totals.memoryBytes

CPU is in percent of one core, measured over a second; memory is what is resident. Both are those of the worker's process
and of all that it has started. Of a run on AWS it is what each worker said of itself last, two minutes ago at most. "for" is since when the worker is at its task.
Exit code: 0, also when the run is not at work; 2 wrong use, no such run, or it is at work on another machine.`;

export function define(command: Command): void {
  command
    .argument('[run]', "the run's name; default: the newest that is at work")
    .option('-p, --project <folder>', 'the project folder', '.')
    .option('--once', 'print it once')
    .option('--json', 'print it once, as JSON')
    .option('--no-color', 'no colours; the same as NO_COLOR=1')
    .addHelpText('after', examples)
    .action((run: string | undefined, options: TopOptions) => top(run, options));
}

const everyMs = 1000;
const firstMs = 250;

async function top(name: string | undefined, options: TopOptions): Promise<void> {
  const { project, runs } = await projectAndRuns(options.project);
  const run = await nameOfRun(runs, name);
  const remote = readRemote(runs.folderOf(run));
  if (remote) {
    const { topRemote } = await import('../cloud/top.ts');
    return topRemote(runs, run, remote, { once: options.once ?? false, json: options.json ?? false });
  }
  const sayWhatItIs = async () => {
    const status = await readRunStatus(runs, run, quick());
    if (options.json) console.log(JSON.stringify({ run, words: stateWords(status), workers: [] }));
    console.error(
      `run ${run} is not at work (${stateWords(status)}); see ${commandLine('status', run, project)}`,
    );
  };
  const status = await readRunStatus(runs, run, quick());
  if (!isAtWork(status)) return sayWhatItIs();
  if (status.elsewhere)
    throw new UsageError(`run ${run} is at work on another machine: ${status.owner?.host}`, {
      mend: `Its processes can be seen there only: gcd-sfn top ${run}. How far it is: ${commandLine('status', run, project)}`,
    });
  const sampler = new Sampler(runs, run);
  try {
    const isOnce = options.once || options.json || !process.stdout.isTTY || process.env.TERM === 'dumb';
    if (isOnce) {
      const sample = await once(sampler);
      if (!sample) return await sayWhatItIs();
      if (options.json) console.log(JSON.stringify(sampleJson(sample), undefined, 2));
      else printLines(frame(sample));
    } else if (!(await refresh(sampler))) await sayWhatItIs();
  } finally {
    sampler.close();
  }
}

/** CPU needs two looks. */
async function once(sampler: Sampler): Promise<Sample | undefined> {
  await sampler.take();
  await sleep(everyMs);
  return sampler.take();
}

/** @returns false when the run ended first */
async function refresh(sampler: Sampler): Promise<boolean> {
  const quit = new AbortController();
  // So that the first frame has CPU figures, too.
  await sampler.take();
  await sleep(firstMs);
  const screen = new Screen();
  const stopListening = onQuitKey(() => quit.abort());
  try {
    return await untilInterrupted(async (interrupted) => {
      const signal = AbortSignal.any([interrupted, quit.signal]);
      for (;;) {
        const sample = await sampler.take();
        if (!sample) return false;
        screen.draw(frame(sample, screen.rows));
        await sleep(everyMs, undefined, { signal }).catch(() => {});
        if (signal.aborted) return true;
      }
    });
  } finally {
    stopListening();
    screen.close();
  }
}
