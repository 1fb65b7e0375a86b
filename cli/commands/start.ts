/** `gcd-sfn start`: plan, run, follow, collect. */
import { availableParallelism } from 'node:os';
import { basename, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { LocalEnvironments } from '../../adapters/local/environments/local-environments.ts';
import { refuseResultsElsewhere } from '../../adapters/local/project/outside-links.ts';
import { RunsFolder } from '../../adapters/local/runs/runs-folder.ts';
import { loadConfig } from '../../core/config/load-config.ts';
import { notices } from '../../core/config/unused-keys.ts';
import { UsageError } from '../../core/errors/errors.ts';
import { maxRepetitions } from '../../core/run-store/request/run-limits.ts';
import { beginRun } from '../../runs/begin-run.ts';
import { checkProject } from '../../runs/check-project.ts';
import { collect, projectStackOptions, whole } from '../options.ts';
import { detach } from '../run/detach.ts';
import { dryRun } from '../run/dry-run.ts';
import { refuseRenewal } from '../run/renewal.ts';
import { newRunName } from '../run/run-name.ts';
import { runToEnd } from '../run/run-to-end.ts';
import { select } from '../run/selection.ts';
import { version } from '../version.ts';
import { sayNotCopied } from '../view/not-copied.ts';
import { shownPath } from '../view/paths.ts';
import { resume } from './resume.ts';

export interface StartOptions {
  project: string;
  number?: number;
  file: string[];
  scalenodes?: number;
  repeat: number;
  cluster: string;
  nodegroup_name?: string;
  instance_type?: string;
  create?: boolean;
  copyData?: boolean;
  cleanup?: boolean;
  stack?: string;
  region?: string;
  yes?: boolean;
  name?: string;
  detach?: boolean;
  resume?: boolean;
  retryFailed?: boolean;
  renewPackages?: boolean;
  dryRun?: boolean;
  json?: boolean;
}

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

/** A run that goes on does so as it was asked for. */
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
        'local',
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
    .action((options: StartOptions) => start(options));
}

/** Begins a run and follows it to its end, or does what the options say instead. */
export async function start(options: StartOptions): Promise<void> {
  if (options.resume || options.retryFailed) return resume(options.name, options);
  if (options.cluster !== 'local') {
    refuseRenewal(options);
    const { startOnAws } = await import('../aws/start.ts');
    process.exitCode = await startOnAws(options);
    return;
  }
  refuseClusterOptions(options);
  const workers = options.scalenodes ?? availableParallelism();
  const project = resolve(options.project);
  const runs = new RunsFolder(project);
  refuseResultsElsewhere(project);
  const config = await loadConfig(project);
  const selection = select(options, config);
  for (const notice of notices(config, 'local')) console.error(notice);
  const environments = new LocalEnvironments({ renew: options.renewPackages ?? false });
  await checkProject(environments, project, config.python);
  const request = {
    run: options.name ?? newRunName(),
    version: version(),
    requestedAt: Date.now() / 1000,
    project,
    projectName: basename(project),
    config,
    selection,
    target: { kind: 'local' as const },
    workers,
    repetitions: options.repeat,
  };
  if (options.dryRun) return dryRun(request, options.json ?? false);
  if (options.detach) {
    process.exitCode = await detach(argumentsOf(options), project, request.run, options.json ?? false);
    return;
  }
  const run = await beginRun(runs, request);
  sayNotCopied(run.leftOut);
  console.error(`run ${request.run} of ${shownPath(project)}, ${request.workers} workers on this machine`);
  process.exitCode = await runToEnd(run, { json: options.json ?? false, runs, environments });
}

/** The arguments that ask for the same run; its name is given besides. */
export function argumentsOf(options: StartOptions): string[] {
  const { project, number, file, scalenodes, repeat, cluster, create, copyData, cleanup } = options;
  const { renewPackages, json } = options;
  return [
    'start',
    ...['--project', project],
    ...(number === undefined ? [] : ['--number', `${number}`]),
    ...file.flatMap((key) => ['--file', key]),
    ...(scalenodes === undefined ? [] : ['--scalenodes', `${scalenodes}`]),
    ...(repeat === 1 ? [] : ['--repeat', `${repeat}`]),
    ...(cluster === 'local' ? [] : ['--cluster', cluster]),
    ...(create ? ['--create'] : []),
    ...(copyData ? ['--copy-data'] : []),
    ...(cleanup ? ['--cleanup'] : []),
    ...(renewPackages ? ['--renew-packages'] : []),
    ...(json ? ['--json'] : []),
  ];
}

/** Options that say something about a cluster. */
const clusterOptions = {
  nodegroup_name: '--nodegroup_name',
  instance_type: '--instance_type',
  create: '--create',
  copyData: '--copy-data',
  cleanup: '--cleanup',
  stack: '--stack',
  region: '--region',
} as const;

function refuseClusterOptions(options: StartOptions): void {
  const given = Object.entries(clusterOptions).find(
    ([key]) => options[key as keyof typeof clusterOptions] !== undefined,
  );
  if (given)
    throw new UsageError(`${given[1]} is for a run on a cluster`, {
      hint: 'Name the cluster with --cluster, or leave it out.',
    });
}
