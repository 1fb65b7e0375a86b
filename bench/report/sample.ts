/**
 * Makes a gathered run of any size in a folder, as gathering leaves one:
 * `node bench/report/sample.ts FOLDER [tasks] [workers] [nodes] [repetitions] [failedShare] [gapSeconds]`.
 */
import { createWriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { layout } from '../../core/run-store/layout.ts';
import type { Failure, Task } from '../../core/run-store/records/records.ts';
import type {
  NamedDuration,
  RepetitionSummary,
  RunSummary,
  TimelineEntry,
  WorkerSummary,
} from '../../core/run-store/status/summary.ts';
import { random } from '../support.ts';

export interface SampleShape {
  tasks: number;
  workers: number;
  nodes: number;
  repetitions: number;
  /** 0 to 1. */
  failedShare: number;
  /** An interruption in the middle of the run, in seconds. */
  gapSeconds: number;
  /** Mean of a task's duration in seconds. */
  meanSeconds: number;
}

const taskAt = (index: number): Task => ({
  id: index.toString(16).padStart(16, '0'),
  file: `PVO/site-${Math.floor(index / 4)}.csv`,
  column: `Power (inverter ${(index % 4) + 1})`,
  size: 100_000 + (index % 1000),
});

const requestedAt = 1_760_000_000;

/** Tasks in order of the manifest, each given to the worker that is free first. */
function* timeline(
  shape: SampleShape,
  repetition: number,
  summary: RepetitionSummary,
): Generator<TimelineEntry> {
  const draw = random(repetition * 7919 + shape.tasks);
  const free = Array.from({ length: shape.workers }, (_, lane) => ({ lane, at: draw() * 0.3 }));
  const half = (shape.tasks * shape.meanSeconds) / shape.workers / 2;
  free[0]!.at = 0;
  for (let index = 0; index < shape.tasks; index++) {
    const next = free[0]!;
    const start = next.at + 0.002;
    const skew = draw() < 0.05 ? 4 : 1;
    const end = start + skew * shape.meanSeconds * (0.2 - Math.log(1 - draw()) * 0.7);
    next.at = end;
    sink(free);
    const shift = start >= half ? shape.gapSeconds : 0;
    const entry: TimelineEntry = [
      next.lane,
      start + shift,
      end + shift,
      draw() < shape.failedShare ? 1 : 0,
      index,
    ];
    count(summary, entry);
    yield entry;
  }
}

/** Moves the first worker down a heap to where it belongs. */
function sink(heap: { at: number }[]): void {
  for (let at = 0; ; ) {
    let least = at;
    for (const child of [2 * at + 1, 2 * at + 2]) {
      if (child < heap.length && heap[child]!.at < heap[least]!.at) least = child;
    }
    if (least === at) return;
    [heap[at], heap[least]] = [heap[least]!, heap[at]!];
    at = least;
  }
}

function count(summary: RepetitionSummary, [lane, start, end, failed, index]: TimelineEntry): void {
  const seconds = end - start;
  const named = (): NamedDuration => ({ seconds, file: taskAt(index).file, column: taskAt(index).column });
  const worker = summary.workers[lane]!;
  worker.tasks++;
  worker.failed += failed;
  worker.busySeconds += seconds;
  summary[failed ? 'failed' : 'succeeded']++;
  summary.serialSeconds += seconds;
  summary.lastEnd = Math.max(summary.lastEnd ?? 0, requestedAt + 5 + end);
  if (!summary.shortest || seconds < summary.shortest.seconds) summary.shortest = named();
  if (!summary.longest || seconds > summary.longest.seconds) summary.longest = named();
}

const workerAt = (shape: SampleShape, lane: number): WorkerSummary => {
  const node = Math.floor((lane * shape.nodes) / shape.workers);
  const name =
    shape.nodes === 1
      ? 'laptop'
      : `ip-10-0-${Math.floor(node / 200)}-${(node % 200) + 10}.us-west-2.compute.internal`;
  return { worker: `worker-${lane + 1}`, node: name, hostname: name, tasks: 0, failed: 0, busySeconds: 0 };
};

const emptySummary = (shape: SampleShape, repetition: number): RepetitionSummary => ({
  repetition,
  tasks: shape.tasks,
  succeeded: 0,
  failed: 0,
  unfinished: 0,
  firstStart: requestedAt + 5,
  lastEnd: null,
  parallelSeconds: 0,
  serialSeconds: 0,
  meanSeconds: null,
  shortest: null,
  longest: null,
  errors: {},
  workers: Array.from({ length: shape.workers }, (_, lane) => workerAt(shape, lane)),
});

function failureAt(index: number): Failure {
  const { id, file, column } = taskAt(index);
  const errors = [
    {
      class: 'exception',
      type: 'KeyError',
      message: "'Power'",
      traceback:
        'Traceback (most recent call last):\n  File "/app/project/entrypoint.py", line 12, in entrypoint\n    frame["Power"]\nKeyError: \'Power\'\n',
    },
    {
      class: 'timeout',
      type: 'Timeout',
      message: `the task took longer than ${60 + (index % 3)} s`,
      traceback: '',
    },
    { class: 'crash', type: 'SIGSEGV', message: 'the worker was ended by signal SIGSEGV', traceback: '' },
  ] as const;
  return {
    task: id,
    file,
    column,
    attempt: 1 + (index % 3),
    seconds: 1.5,
    error: errors[index % 3]!,
    output: 'reading the file\n\u001b[31mwarning\u001b[0m: 3 rows have no value\n',
  };
}

const lines = function* (values: Iterable<unknown>) {
  let text = '';
  for (const value of values) {
    text += `${JSON.stringify(value)}\n`;
    if (text.length > 65_536) {
      yield text;
      text = '';
    }
  }
  yield text;
};

function* failureLines(shape: SampleShape): Generator<Failure> {
  const failed = Math.min(1000, Math.round(shape.tasks * shape.failedShare));
  for (let i = 0; i < failed; i++) yield failureAt(i * 7);
}

function* range(length: number): Generator<Task> {
  for (let index = 0; index < length; index++) yield taskAt(index);
}

function eventLines(end: number) {
  const states: [string, string, number, number][] = [
    ['Validate', 'Task', 0, 0.4],
    ['PlanTasks', 'Task', 0.4, 2.1],
    ['StartWorkers', 'Task', 2.1, 4.9],
    ['DispatchBatches', 'Map', 4.9, end],
    ['StopWorkers', 'Task', end, end + 0.3],
    ['Gather', 'Task', end + 0.3, end + 1],
  ];
  return [
    { at: requestedAt, event: 'execution-started', execution: 'sample-1' },
    ...states.flatMap(([state, type, from, to]) => [
      { at: requestedAt + from, event: 'state-entered', state, type },
      { at: requestedAt + to, event: 'state-exited', state, type },
    ]),
    { at: requestedAt + end + 1, event: 'execution-ended', outcome: 'succeeded' },
  ];
}

/** Writes a gathered run into a folder, as streams. */
export async function makeSample(folder: string, shape: SampleShape): Promise<void> {
  const write = async (key: string, values: Iterable<unknown>) => {
    await mkdir(dirname(join(folder, key)), { recursive: true });
    await pipeline(lines(values), createWriteStream(join(folder, key)));
  };
  const repetitions = Array.from({ length: shape.repetitions }, (_, i) => emptySummary(shape, i + 1));
  for (const summary of repetitions) {
    await write(layout.timeline(summary.repetition), timeline(shape, summary.repetition, summary));
    const ended = summary.succeeded + summary.failed;
    summary.meanSeconds = ended > 0 ? summary.serialSeconds / ended : null;
    summary.parallelSeconds = Math.max(
      0,
      (summary.lastEnd ?? 0) - (summary.firstStart ?? 0) - shape.gapSeconds,
    );
    summary.errors = summary.failed > 0 ? { exception: summary.failed } : {};
  }
  const total = (repetitions.at(-1)?.lastEnd ?? requestedAt) - requestedAt;
  const run: RunSummary = {
    run: 'brave-lions-12',
    project: 'solardatatools',
    requestedAt,
    initializeSeconds: 5,
    totalSeconds: total + 1,
    repetitions,
  };
  await write(layout.manifest, range(shape.tasks));
  await write(layout.failures, failureLines(shape));
  await write(layout.events, eventLines(total));
  await writeFile(join(folder, layout.summary), JSON.stringify(run));
  const config = {
    data_bucket: './data',
    file_pattern: '*.csv',
    env: { API_TOKEN: 'abc', THREADS: 1 },
    filename: { performance: 'performance.txt' },
  };
  await writeFile(join(folder, layout.request), JSON.stringify({ config }));
}

if (import.meta.main) {
  const { positionals } = parseArgs({ allowPositionals: true });
  const [folder = 'sample', ...rest] = positionals;
  const [tasks = 200, workers = 16, nodes = 2, repetitions = 1, failedShare = 0.02, gapSeconds = 0] =
    rest.map(Number);
  await makeSample(folder, { tasks, workers, nodes, repetitions, failedShare, gapSeconds, meanSeconds: 2 });
}
