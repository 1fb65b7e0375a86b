/** Keys inside a run's store. One place, so that stages on both sides of a key agree. */
export const layout = {
  request: 'request.json',
  manifest: 'manifest.jsonl',
  /** What planning found: counts, the first files without a matching column. */
  plan: 'plan.json',
  /** All files without a matching column; absent when there is none. */
  skipped: 'skipped.jsonl',
  /** What planning has found so far, from the nth file on; only of runs that were planned in several goes. */
  planning: (from: number) => `planning/${String(from).padStart(9, '0')}.jsonl`,
  batches: 'batches.jsonl',
  batchTasks: 'batch-tasks.jsonl',
  parts: (repetition: number) => `parts/${repetition}/`,
  part: (repetition: number, name: string) => `parts/${repetition}/${name}.jsonl`,
  /** Parts put together, of runs that are gathered in several goes: those from the nth on (functions/gather/part-lines.ts). */
  pieces: 'gathering/',
  piece: (repetition: number, from: number, parts: number, digest: string) =>
    `gathering/${repetition}/${String(from).padStart(9, '0')}-${parts}-${digest}.jsonl`,
  /** Files that tasks have written: a folder an attempt, a number a file, named in the task's record. */
  outputs: 'outputs/',
  output: (at: string, place: number) => `outputs/${at}/${place}`,
  /** Those of the results: lines of `OutputFile`. */
  files: 'gathered/files.jsonl',
  events: 'events.jsonl',
  /** The same of executions on AWS, each in a file of its own. */
  histories: 'events/',
  history: (execution: string) => `events/${execution}.jsonl`,
  /** How the run is doing (`Live`), and what is wanted of it (`Control`); there only while it is at work. */
  live: 'live.json',
  control: 'control.json',
  /** What a worker's tasks print, as they print it: lines of `LogLine`. */
  log: (worker: string) => `logs/${worker}.jsonl`,
  /** How each worker on a cluster is doing. */
  workers: 'workers/',
  summary: 'gathered/summary.json',
  timeline: (repetition: number) => `gathered/timeline-${repetition}.jsonl`,
  /** The first failed tasks of the last repetition, for the report: lines of `Failure`. */
  failures: 'gathered/failures.jsonl',
  /** Who claimed the run: the name of its first execution, when a schedule asked for it. */
  claim: 'claim.json',
  /** What an execution costs: a `Cost`. */
  costs: 'costs/',
  cost: (execution: string) => `costs/${execution}.json`,
  /** There once the end of this execution was told. */
  notified: (execution: string) => `notified/${execution}`,
  result: (fileName: string) => `results/${fileName}`,
} as const;
