/** `gcd-sfn start`: plan, run, follow, collect. */
import { availableParallelism } from 'node:os';
import { basename, resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { LocalEnvironments } from '../../adapters/local/environments/local-environments.ts';
import { RunsFolder } from '../../adapters/local/runs/runs-folder.ts';
import { loadConfig } from '../../functions/config/load.ts';
import { notices } from '../../functions/config/notices.ts';
import type { Config } from '../../ports/config.ts';
import { UsageError } from '../../ports/errors.ts';
import type { Selection } from '../../ports/request.ts';
import { beginRun } from '../../walker/begin-run.ts';
import { checkProject } from '../../walker/check-project.ts';
import { detach } from '../detach.ts';
import { dryRun } from '../dry-run.ts';
import { newRunName } from '../run-name.ts';
import { runToEnd } from '../run-to-end.ts';
import { usualSelection } from '../selection.ts';
import { version } from '../version.ts';
import { shownPath } from '../view/paths.ts';
import { resume } from './resume.ts';

export interface StartOptions {
  project: string;
  number?: number;
  file: string[];
  scalenodes: number;
  repeat: number;
  cluster: string;
  name?: string;
  detach?: boolean;
  resume?: boolean;
  retryFailed?: boolean;
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
  $ gcd-sfn start -p my-project --resume           go on with the newest run; the same as gcd-sfn resume
  $ gcd-sfn start -p my-project --retry-failed     run what failed in the newest run again

Exit code: 0 done, 1 some tasks failed, 2 wrong use or input, 3 environment trouble, 130 interrupted.`;

/** A run that goes on does so as it was asked for. */
const notWithResume = ['number', 'file', 'dryRun', 'detach'];

export function define(command: Command): void {
  command
    .option('-p, --project <folder>', 'the project folder, with entrypoint.py and config.yaml', '.')
    .option('-n, --number <N>', 'the first N files that match file_pattern; 0 takes all', whole(0))
    .option('-f, --file <key>', 'just this file; may be given more than once', collect, [])
    .option(
      '-s, --scalenodes <N>',
      'how many workers; default: one for each CPU core',
      whole(1),
      availableParallelism(),
    )
    .option('-r, --repeat <N>', 'run every task N times, to see how durations vary', whole(1), 1)
    .option('-c, --cluster <name>', 'where to run: local is this machine', 'local')
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
    .option('--dry-run', 'plan, show what would be done, and leave nothing behind')
    .option('--json', 'print the outcome as JSON')
    .option('-y, --yes', 'do not ask; a run on this machine never does')
    .option('--no-color', 'no colours; the same as NO_COLOR=1')
    .addHelpText('after', examples)
    .action((options: StartOptions) => start(options));
}

/** Begins a run and follows it to its end, or does what the options say instead. */
export async function start(options: StartOptions): Promise<void> {
  if (options.cluster !== 'local')
    throw new UsageError(`--cluster ${options.cluster}: this version runs on this machine only`, {
      mend: 'Leave --cluster out, or give --cluster local.',
    });
  if (options.resume || options.retryFailed) return resume(options.name, options);
  const project = resolve(options.project);
  const config = await loadConfig(project);
  const selection = select(options, config);
  for (const notice of notices(config, 'local')) console.error(notice);
  const environments = new LocalEnvironments();
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
    workers: options.scalenodes,
    repetitions: options.repeat,
  };
  if (options.dryRun) return dryRun(request, options.json ?? false);
  if (options.detach) {
    process.exitCode = await detach(argumentsOf(options), project, request.run, options.json ?? false);
    return;
  }
  const runs = new RunsFolder(project);
  const run = await beginRun(runs, request);
  console.error(`run ${request.run} of ${shownPath(project)}, ${request.workers} workers on this machine`);
  process.exitCode = await runToEnd(run, { json: options.json ?? false, runs, environments });
}

/** The arguments that ask for the same run; its name is given besides. */
export function argumentsOf({ project, number, file, scalenodes, repeat, json }: StartOptions): string[] {
  return [
    'start',
    ...['--project', project],
    ...(number === undefined ? [] : ['--number', `${number}`]),
    ...file.flatMap((key) => ['--file', key]),
    ...['--scalenodes', `${scalenodes}`],
    ...(repeat === 1 ? [] : ['--repeat', `${repeat}`]),
    ...(json ? ['--json'] : []),
  ];
}

function select({ number, file }: StartOptions, config: Config): Selection {
  if (number !== undefined && file.length > 0)
    throw new UsageError('-n and -f cannot be given together', {
      mend: '-n N takes the first N files that match file_pattern, -f KEY names files one by one.',
    });
  if (file.length > 0) return { kind: 'keys', keys: file, from: '--file' };
  if (number !== undefined) return { kind: 'first', count: number };
  const usual = usualSelection(config);
  if (usual.kind === 'keys') return usual;
  console.error('neither -n nor -f nor default_process_files is given: all files that match file_pattern');
  return usual;
}

function whole(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= 100_000_000) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${least} on.`);
  };
}

function collect(value: string, before: string[]): string[] {
  return [...before, value];
}
