/** `gcd-sfn start`: starts a run and follows it to its end. */
import { type Command, Option } from 'commander';
import { ExitCode } from '../../../core/errors/errors.ts';
import { maxRepetitions } from '../../../core/run-store/request/run-limits.ts';
import { runToEnd } from '../../follow/run-to-end.ts';
import { collect, projectStackOptions, whole } from '../../options.ts';
import { resume } from '../resume/resume.ts';
import { newRun } from './choose-place.ts';
import { defaultCluster, type StartOptions } from './options.ts';
import type { StartParts } from './parts.ts';

const examples = `
Examples:
  $ gcd-sfn start --project examples/sleep         the files named in default_process_files
  $ gcd-sfn start -p my-project -n 0               all files that match file_pattern
  $ gcd-sfn start -p my-project -n 5 -s 2          the first 5 of them, with 2 workers
  $ gcd-sfn start -p my-project -f a.csv -f b.csv  only these two
  $ gcd-sfn start -p my-project -r 3               each task three times, for statistics
  $ gcd-sfn start -p my-project --dry-run          show the plan without running it
  $ gcd-sfn start -p my-project -n 0 --detach      run in the background
  $ gcd-sfn start -p my-project -c lab -s 4        on 4 nodes of cluster lab on AWS; shows the cost and asks
  $ gcd-sfn start -p my-project -c lab --create --cleanup --instance_type m6i.xlarge --yes
  $ gcd-sfn start -p my-project --resume           continue the newest run; same as gcd-sfn resume
  $ gcd-sfn start -p my-project --retry-failed     retry the failed tasks of the newest run

A cluster needs the stack (gcd-sfn deploy) and data in S3: a local folder is copied to the stack's bucket after you confirm.
Ctrl-C once lets running tasks finish, twice stops the run now; completed tasks are gathered either way. With --detach the
run continues without this terminal.
Exit code: 0 done, 1 some tasks failed, 2 wrong use or input, 3 environment trouble, 130 interrupted.`;

/** A run resumes with the options that it was started with. */
const notWithResume = ['number', 'file', 'dryRun'];

export function define(command: Command): void {
  projectStackOptions(
    command
      .option('-p, --project <folder>', 'the project folder, with entrypoint.py and config.yaml', '.')
      .option('-n, --number <N>', 'the first N files that match file_pattern; 0: all', whole(0))
      .option('-f, --file <key>', 'only this file; repeatable', collect, [])
      .option(
        '-s, --scalenodes <N>',
        'number of workers; default: one per CPU core. On a cluster: number of nodes; default: cluster.yaml, else 1',
        whole(1),
      )
      .option(
        '-r, --repeat <N>',
        'run every task N times, to measure how durations vary',
        whole(1, maxRepetitions),
        1,
      )
      .option(
        '-c, --cluster <name>',
        'where to run: local for this machine, or the name of a cluster on AWS',
        defaultCluster,
      )
      .option('--nodegroup_name <name>', 'also -nd: nodegroup of the cluster; default: one per instance type')
      .option(
        '--instance_type <type>',
        'also -in: instance type of the nodes; default: instance_type in config.yaml',
      )
      .option('--create', 'create the cluster if it does not exist')
      .option(
        '--copy-data',
        "copy new and changed files of a local data folder to the stack's bucket without asking",
      )
      .option('--cleanup', 'delete the cluster, and all that belongs to it, after the run'),
  )
    .option('--name <name>', 'name of the run; default: generated, such as calm-owls-sing')
    .option('--detach', 'return once the run has started; it continues in the background')
    .addOption(
      new Option('--resume', 'continue the newest run, or the one given by --name').conflicts(notWithResume),
    )
    .addOption(new Option('--retry-failed', 'the same, and retry the failed tasks').conflicts(notWithResume))
    .option('--renew-packages', 'reinstall the packages: unpinned versions and branches may have changed')
    .option('--dry-run', 'show the plan (files, columns, time) and write nothing')
    .option('--json', 'print the outcome as JSON')
    .option('-y, --yes', 'do not ask before spending money; a run on this machine never asks')
    .option('--no-color', 'disable colors; same as NO_COLOR=1')
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
