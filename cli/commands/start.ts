/** `gcd-sfn start`: plan, run, follow, collect. */
import { availableParallelism } from 'node:os';
import { basename, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { LocalEnvironments } from '../../adapters/local/environments/local-environments.ts';
import { refuseResultsElsewhere } from '../../adapters/local/inside.ts';
import { RunsFolder } from '../../adapters/local/runs/runs-folder.ts';
import { loadConfig } from '../../core/config/load.ts';
import { notices } from '../../core/config/notices.ts';
import { UsageError } from '../../core/errors/errors.ts';
import { mostRepetitions } from '../../core/run-store/request/run-bounds.ts';
import { beginRun } from '../../runs/begin-run.ts';
import { checkProject } from '../../runs/check-project.ts';
import { detach } from '../detach.ts';
import { dryRun } from '../dry-run.ts';
import { collect, whole } from '../parse.ts';
import { projectCloudOptions } from '../project-cloud-options.ts';
import { refuseRenewal } from '../renewal.ts';
import { newRunName } from '../run-name.ts';
import { runToEnd } from '../run-to-end.ts';
import { select } from '../selection.ts';
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
  $ gcd-sfn start -p my-project -f a.csv -f b.csv  just these two
  $ gcd-sfn start -p my-project -r 3               each task three times, for the statistics
  $ gcd-sfn start -p my-project --dry-run          show what would be done
  $ gcd-sfn start -p my-project -n 0 --detach      go on in the background
  $ gcd-sfn start -p my-project -c lab -s 4        on 4 nodes of cluster lab on AWS; shows what it costs, and asks
  $ gcd-sfn start -p my-project -c lab --create --cleanup --instance_type m6i.xlarge --yes
  $ gcd-sfn start -p my-project --resume           go on with the newest run; the same as gcd-sfn resume
  $ gcd-sfn start -p my-project --retry-failed     run what failed in the newest run again

A cluster needs the stack (gcd-sfn deploy), and data in S3: a folder is copied to the stack's bucket once you said so.
Ctrl-C once lets running tasks end, twice stops the run now; what is done is gathered either way. With --detach it goes on
without this terminal.
Exit code: 0 done, 1 some tasks failed, 2 wrong use or input, 3 environment trouble, 130 interrupted.`;

/** A run that goes on does so as it was asked for. */
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
        'local',
      )
      .option(
        '--nodegroup_name <name>',
        'also -nd: the group of machines in the cluster; default: one for each type',
      )
      .option(
        '--instance_type <type>',
        'also -in: the type of the machines; default: instance_type in config.yaml',
      )
      .option('--create', 'make the cluster when it is not there')
      .option(
        '--copy-data',
        "copy a folder with data to the stack's bucket, what changed of it, without asking",
      )
      .option('--cleanup', 'remove the cluster, and all that belongs to it, after the run'),
  )
    .option('--name <name>', 'a name for the run; default: one that can be remembered')
    .option('--detach', 'return when the run has begun; it goes on in the background')
    .addOption(
      new Option('--resume', 'go on with the newest run, or with the one that --name names').conflicts(
        notWithResume,
      ),
    )
    .addOption(
      new Option('--retry-failed', 'the same, and run the tasks that failed again').conflicts(notWithResume),
    )
    .option(
      '--renew-packages',
      'install the packages anew: what is not pinned, and branches, may have moved on',
    )
    .option('--dry-run', 'plan, show files, columns and time, and leave nothing behind')
    .option('--json', 'print the outcome as JSON')
    .option('-y, --yes', 'do not ask before money is spent; a run on this machine never does')
    .option('--no-color', 'no colours; the same as NO_COLOR=1')
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
