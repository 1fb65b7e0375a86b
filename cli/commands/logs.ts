/** `gcd-sfn logs`: what the tasks of a run print, while they run and afterwards. */
import { setTimeout } from 'node:timers/promises';
import { type Command, InvalidArgumentError } from 'commander';
import { loggingWorkers } from '../../adapters/local/runs/worker-logs.ts';
import { checkWorker, findTasks } from '../logs/find-tasks.ts';
import { LogFormatter } from '../logs/log-formatter.ts';
import { MergedLogs, type WorkerLine } from '../logs/merged-logs.ts';
import { Out } from '../logs/stdout.ts';
import { openRuns } from '../run/open-runs.ts';

interface LogsOptions {
  project: string;
  follow?: boolean;
  task?: string;
  worker?: string;
  tail?: number;
  json?: boolean;
}

const examples = `
Examples:
  $ gcd-sfn logs --project my-project                  what the tasks of the newest run have printed so far
  $ gcd-sfn logs -f -p my-project                      and what they print from now on, until the run ends
  $ gcd-sfn logs -f -n 20 -p my-project                starting with the last 20 lines
  $ gcd-sfn logs calm-owls-sing --task 9f3 -p my-project     one task of the run of that name, by its task_id
  $ gcd-sfn logs --task a.csv -p my-project            all tasks of a file
  $ gcd-sfn logs --json -p my-project | jq -r .text    for programs

Lines are in order of time and start with their task's file and column, in color on a terminal. Without a name it is the
active run, or else the newest. The last 16 to 32 MiB of each worker are kept. Workers on AWS upload their output twice a
minute.
Exit code: 0, whatever the run's state is and also when nothing was printed; 2 no such run, task or worker.`;

export function define(command: Command): void {
  command
    .argument('[run]', 'name of the run; default: the active run, or else the newest')
    .option('-p, --project <folder>', 'the project folder', '.')
    .option('-f, --follow', 'follow until the run ends')
    .option('-n, --tail <N>', 'start with the last N lines', wholeNumber)
    .option('--task <id>', "only this task: its task_id or the start of it, or its file's name")
    .option('--worker <name>', 'only tasks of this worker, such as local-1')
    .option('--json', 'print one JSON object per piece of output')
    .option('--no-color', 'disable colors; same as NO_COLOR=1')
    .addHelpText('after', examples)
    .action((run: string | undefined, options: LogsOptions) => logs(run, options));
}

async function logs(name: string | undefined, options: LogsOptions): Promise<void> {
  const runs = await openRuns(options.project);
  const opened = await runs.open(name, { atWork: true });
  const { name: run } = opened;
  const { config } = await opened.request();
  const source = await opened.logs();
  const { folder, store } = source;
  let atWork = await source.refresh();
  const tasks = options.task === undefined ? undefined : await findTasks(store, run, options.task);
  if (options.worker !== undefined) await checkWorker(store, run, options.worker, loggingWorkers(folder));

  const shown = new LogFormatter(config.dataBucket.kind === 's3' ? config.dataBucket.prefix : '');
  const merged = new MergedLogs(folder, options.worker);
  const out = new Out();
  let said = 0;
  function* linesNow(): Generator<string> {
    for (const line of merged.read())
      if (!tasks || (line.task !== null && tasks.has(line.task))) {
        said++;
        yield* options.json ? [jsonLine(line)] : shown.lines(line);
      }
  }
  const print = async (lines: Iterable<string>) => {
    for (const line of lines) {
      if (out.isClosed) return;
      await out.line(line);
    }
    await out.flush();
  };
  try {
    // The run was looked at before the log is read: what was written before it ended is read, then.
    await print(options.tail === undefined ? linesNow() : lastOf(linesNow(), options.tail));
    while (options.follow && atWork && !out.isClosed) {
      await setTimeout(source.every);
      atWork = await source.refresh();
      await print(linesNow());
    }
    if (said === 0) console.error(nothing(run, options, atWork));
  } finally {
    merged.close();
  }
}

function nothing(run: string, { task, worker }: LogsOptions, atWork: boolean): string {
  const who = task === undefined ? `no task of run ${run}` : `task ${task} of run ${run}`;
  const where = worker === undefined ? '' : ` in worker ${worker}`;
  const what = task === undefined ? 'has printed anything' : 'has printed nothing';
  return `${who} ${what}${where}${atWork ? ' yet; --follow waits for it' : ''}`;
}

function jsonLine({ worker, ...line }: WorkerLine): string {
  return JSON.stringify({ worker, ...line });
}

function lastOf(lines: Iterable<string>, count: number): string[] {
  let last: string[] = [];
  for (const line of lines) {
    last.push(line);
    if (last.length >= 2 * count + 1000) last = last.slice(-count || last.length);
  }
  return count === 0 ? [] : last.slice(-count);
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It must be a whole number of at least 0.');
  return Number(text);
}
