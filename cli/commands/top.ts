/** `gcd-sfn top`: what the workers of a run use. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { isAtWork, type UsageSample } from '../../core/run-store/status/run-status.ts';
import type { Run, UsageSampler } from '../../ports/runs.ts';
import { untilInterrupted } from '../follow/until-interrupted.ts';
import { openRuns } from '../run/open-runs.ts';
import { commandLine, stateWords } from '../status/words.ts';
import { printLines } from '../terminal/output.ts';
import { frame } from '../top/frame.ts';
import { usageJson } from '../top/json.ts';
import { onQuitKey, Screen } from '../top/screen.ts';

interface TopOptions {
  project: string;
  once?: boolean;
  json?: boolean;
}

const examples = `
Examples:
  $ gcd-sfn top --project my-project                  the newest active run; q or Ctrl-C quits
  $ gcd-sfn top calm-owls-sing --project my-project   the run of that name
  $ gcd-sfn top -p my-project --once                  print it once, as without a terminal
  $ gcd-sfn top -p my-project --json | jq .totals.memoryBytes

CPU is in percent of one core, measured over a second; memory is resident memory. Both include the worker's process and
everything that it has started. For a run on AWS these are the values that each worker reported last, at most two minutes
ago. "for" is the time that the worker has spent on its current task.
Exit code: 0, also when the run is not active; 2 wrong use, no such run, or it is active on another machine.`;

export function define(command: Command): void {
  command
    .argument('[run]', 'name of the run; default: the newest active run')
    .option('-p, --project <folder>', 'the project folder', '.')
    .option('--once', 'print it once')
    .option('--json', 'print it once, as JSON')
    .option('--no-color', 'disable colors; same as NO_COLOR=1')
    .addHelpText('after', examples)
    .action((run: string | undefined, options: TopOptions) => top(run, options));
}

/** So that the first frame comes soon, and has CPU figures all the same. */
const firstMs = 250;

async function top(name: string | undefined, options: TopOptions): Promise<void> {
  const runs = await openRuns(options.project);
  const run = await runs.open(name, { atWork: true });
  const status = await run.status('quick');
  if (!isAtWork(status)) return showIdle(run, options);
  const sampler = await run.usage();
  try {
    const isOnce = options.once || options.json || !process.stdout.isTTY || process.env.TERM === 'dumb';
    if (isOnce) {
      const sample = await once(sampler);
      if (!sample) await showIdle(run, options);
      else if (options.json) console.log(JSON.stringify(usageJson(sample), undefined, 2));
      else printLines(frame(sample));
    } else if (!(await refresh(sampler))) await showIdle(run, options);
  } finally {
    sampler.close();
  }
}

async function showIdle(run: Run, { json }: TopOptions): Promise<void> {
  const words = stateWords(await run.status('quick'));
  if (json) console.log(JSON.stringify({ run: run.name, words, workers: [] }));
  console.error(
    `run ${run.name} is not at work (${words}); see ${commandLine('status', run.name, run.project)}`,
  );
}

/** On this machine CPU is measured between two samples; a pod measures its own. */
async function once(sampler: UsageSampler): Promise<UsageSample | undefined> {
  const first = await sampler.take();
  if (!first?.machine) return first;
  await sleep(sampler.every);
  return sampler.take();
}

/** @returns false when the run ended first */
async function refresh(sampler: UsageSampler): Promise<boolean> {
  const quit = new AbortController();
  const first = await sampler.take();
  if (!first) return false;
  if (first.machine) await sleep(firstMs);
  const screen = new Screen();
  const stopListening = onQuitKey(() => quit.abort());
  try {
    return await untilInterrupted(async (interrupted) => {
      const signal = AbortSignal.any([interrupted, quit.signal]);
      for (;;) {
        const sample = await sampler.take();
        if (!sample) return false;
        screen.draw(frame(sample, screen.rows));
        await sleep(sampler.every, undefined, { signal }).catch(() => {});
        if (signal.aborted) return true;
      }
    });
  } finally {
    stopListening();
    screen.close();
  }
}
