/** `gcd-sfn start`: starts a run and follows it to its end. */
import { type Command, Option } from 'commander';
import { ExitCode } from '../../../core/errors/errors.ts';
import { mostRepetitions } from '../../../core/run-store/request/run-bounds.ts';
import { runToEnd } from '../../follow/run-to-end.ts';
import { collect, whole } from '../../parse.ts';
import { projectCloudOptions } from '../../project-cloud-options.ts';
import { resume } from '../resume/resume.ts';
import { newRun } from './choose-place.ts';
import { defaultCluster, type StartOptions } from './options.ts';
import type { StartParts } from './parts.ts';

const examples = `
Examples:
  $ gcd-sfn start --project examples/sleep         the files named in default_process_files
  $ gcd-sfn start -p my-project -n 0               all files that match file_pattern
  $ gcd-sfn start -p my-project -n 5 -s 2          the first 5 of them, with 2 workers
  $ gcd-sfn start -p my-project -f a.csv -f b.csv  just these two
  $ gcd-sfn start -p my-project -r 3               each task three times, for the statistics
  $ gcd-sfn start -p my-project --dry-run          show the plan only
  $ gcd-sfn start -p my-project -n 0 --detach      in the background
  $ gcd-sfn start -p my-project -c lab -s 4        on 4 nodes of cluster lab on AWS; shows what it costs, and asks
  $ gcd-sfn start -p my-project -c lab --create --cleanup --instance_type m6i.xlarge --yes
  $ gcd-sfn start -p my-project --resume           the same as gcd-sfn resume
  $ gcd-sfn start -p my-project --retry-failed     run what failed in the newest run again

A cluster needs the stack (gcd-sfn deploy), and data in S3: a folder is copied to the stack's bucket once you agree.
Ctrl-C once lets running tasks end, twice stops the run now; what is done is gathered either way. With --detach it goes on
without this terminal.
Exit code: 0 done, 1 some tasks failed, 2 wrong use or input, 3 environment trouble, 130 interrupted.`;

/** A run resumes with the options that it was started with. */
const notWithResume = ['number', 'file', 'dryRun'];

export function define(command: Command): void {
  projectCloudOptions(
    command
      .option('-p, --project <folder>', 'the project folder, with entrypoint.py and config.yaml', '.')
      .option('-n, --number <N>', 'the first N files that match file_pattern; 0 takes all', whole(0))
      .option('-f, --file <key>', 'just this file; may be given more than once', collect, [])
      .option(
        '-s, --scalenodes <N>',
        'how many workers; default: one for each CPU core. On a cluster: how many nodes; default: what cluster.yaml says, or 1',
        whole(1),
      )
      .option(
        '-r, --repeat <N>',
        'run every task N times, to see how durations vary',
        whole(1, mostRepetitions),
        1,
      )
      .option(
        '-c, --cluster <name>',
        'where to run: local is this machine, any other name a cluster on AWS',
        defaultCluster,
      )
      .option(
        '--nodegroup_name <name>',
        'also -nd: the group of machines in the cluster; default: one for each type',
      )
      .option(
        '--instance_type <type>',
        'also -in: the type of the machines; default: instance_type in config.yaml',
      )
      .option('--create', 'create the cluster when it does not exist')
      .option(
        '--copy-data',
        "copy new and changed files of a data folder to the stack's bucket without asking",
      )
      .option('--cleanup', 'delete the cluster, and all that belongs to it, after the run'),
  )
    .option('--name <name>', 'a name for the run; default: one that can be remembered')
    .option('--detach', 'return when the run has started; it goes on in the background')
    .addOption(
      new Option('--resume', 'resume the newest run, or the one that --name names').conflicts(notWithResume),
    )
    .addOption(
      new Option('--retry-failed', 'the same, and run the tasks that failed again').conflicts(notWithResume),
    )
    .option(
      '--renew-packages',
      'reinstall the packages: versions that are not pinned, and branches, may have changed',
    )
    .option('--dry-run', 'plan, show files, columns and time, and leave nothing behind')
    .option('--json', 'print the outcome as JSON')
    .option('-y, --yes', 'do not ask before money is spent; a run on this machine never does')
    .option('--no-color', 'no colours; the same as NO_COLOR=1')
    .addHelpText('after', examples)
    .action(async (options: StartOptions) => {
      process.exitCode = await start(options);
    });
}

/** @returns the exit code */
export async function start(options: StartOptions, parts: StartParts = {}): Promise<ExitCode> {
  if (options.resume || options.retryFailed) return resume(options.name, options, parts);
  const run = await newRun(options, parts);
  if (options.dryRun) {
    await run.dryRun();
    return ExitCode.done;
  }
  await run.confirm();
  if (options.detach) return run.detach();
  return runToEnd(await run.start(), { json: options.json ?? false });
}
