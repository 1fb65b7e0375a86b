/** Keys in a run's store. */
export const layout = {
  request: 'request.json',
  manifest: 'manifest.jsonl',
  /** Result of planning: counts, the first files without a matching column. */
  plan: 'plan.json',
  /** All files without a matching column; absent if there are none. */
  skipped: 'skipped.jsonl',
  /** Checkpoints of planning, from the nth file on; only of runs that are planned in several calls. */
  planning: (from: number) => `planning/${String(from).padStart(9, '0')}.jsonl`,
  batches: 'batches.jsonl',
  batchTasks: 'batch-tasks.jsonl',
  parts: (repetition: number) => `parts/${repetition}/`,
  part: (repetition: number, name: string) => `parts/${repetition}/${name}.jsonl`,
  /** Concatenated parts, from the nth on, of runs that are gathered in several calls (functions/gather/part-lines.ts). */
  pieces: 'gathering/',
  piece: (repetition: number, from: number, parts: number, digest: string) =>
    `gathering/${repetition}/${String(from).padStart(9, '0')}-${parts}-${digest}.jsonl`,
  /** Files that tasks have written: a folder per attempt, a number per file, named in the task's record. */
  outputs: 'outputs/',
  output: (at: string, place: number) => `outputs/${at}/${place}`,
  /** The files of the results: lines of `OutputFile`. */
  files: 'gathered/files.jsonl',
  events: 'events.jsonl',
  /** The events of executions on AWS, a file each. */
  histories: 'events/',
  history: (execution: string) => `events/${execution}.jsonl`,
  /** Progress (`Live`), and a requested stop (`Control`); both exist only while the run is running. */
  live: 'live.json',
  control: 'control.json',
  /** What a worker's tasks print: lines of `LogLine`. */
  log: (worker: string) => `logs/${worker}.jsonl`,
  /** States of the workers on a cluster: `WorkerState`. */
  workers: 'workers/',
  summary: 'gathered/summary.json',
  timeline: (repetition: number) => `gathered/timeline-${repetition}.jsonl`,
  /** The first failed tasks of the last repetition, for the report: lines of `Failure`. */
  failures: 'gathered/failures.jsonl',
  /** Name of the execution that claimed the run; only of runs of a schedule. */
  claim: 'claim.json',
  /** The cost of an execution: a `Cost`. */
  costs: 'costs/',
  cost: (execution: string) => `costs/${execution}.json`,
  /** Exists once the notification of this execution's end was sent. */
  notified: (execution: string) => `notified/${execution}`,
  result: (fileName: string) => `results/${fileName}`,
} as const;
