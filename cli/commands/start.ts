/** `gcd-sfn start`: plan, run, follow, collect. */
import { availableParallelism } from 'node:os';
import { basename, resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { LocalEnvironments } from '../../adapters/local/environments/local-environments.ts';
import { RunsFolder } from '../../adapters/local/runs/runs-folder.ts';
import { loadConfig } from '../../functions/config/load.ts';
import { notices } from '../../functions/config/notices.ts';
import type { Config } from '../../ports/config.ts';
import { UsageError } from '../../ports/errors.ts';
import type { Selection } from '../../ports/request.ts';
import { beginRun } from '../../walker/begin-run.ts';
import { checkProject } from '../../walker/check-project.ts';
import { dryRun } from '../dry-run.ts';
import { newRunName } from '../run-name.ts';
import { runToEnd } from '../run-to-end.ts';
import { version } from '../version.ts';
import { shownPath } from '../view/paths.ts';

export interface StartOptions {
  project: string;
  number?: number;
  file: string[];
  scalenodes: number;
  repeat: number;
  cluster: string;
  name?: string;
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

Exit code: 0 done, 1 some tasks failed, 2 wrong use or input, 3 environment trouble, 130 interrupted.`;

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
    .option('--dry-run', 'plan, show what would be done, and leave nothing behind')
    .option('--json', 'print the outcome as JSON')
    .option('-y, --yes', 'do not ask; a run on this machine never does')
    .option('--no-color', 'no colours; the same as NO_COLOR=1')
    .addHelpText('after', examples)
    .action((options: StartOptions) => start(options));
}

async function start(options: StartOptions): Promise<void> {
  if (options.cluster !== 'local')
    throw new UsageError(`--cluster ${options.cluster}: this version runs on this machine only`, {
      mend: 'Leave --cluster out, or give --cluster local.',
    });
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
  const runs = new RunsFolder(project);
  const run = await beginRun(runs, request);
  console.error(`run ${request.run} of ${shownPath(project)}, ${request.workers} workers on this machine`);
  process.exitCode = await runToEnd(run, { json: options.json ?? false, runs, environments });
}

function select({ number, file }: StartOptions, config: Config): Selection {
  if (number !== undefined && file.length > 0)
    throw new UsageError('-n and -f cannot be given together', {
      mend: '-n N takes the first N files that match file_pattern, -f KEY names files one by one.',
    });
  if (file.length > 0) return { kind: 'keys', keys: file, from: '--file' };
  if (number !== undefined) return { kind: 'first', count: number };
  if (config.defaultProcessFiles.length > 0)
    return { kind: 'keys', keys: config.defaultProcessFiles, from: 'default_process_files in config.yaml' };
  console.error('neither -n nor -f nor default_process_files is given: all files that match file_pattern');
  return { kind: 'first', count: 0 };
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
