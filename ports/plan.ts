/** What planning found: `plan.json`. */
export interface Plan {
  files: number;
  tasks: number;
  batches: number;
  /** Tables in which no column matches, or that could not be read: how many, and the first of them. All are in `skipped.jsonl`. */
  skipped: { count: number; first: SkippedFile[] };
  expected: ExpectedWork;
}

/** A line of `skipped.jsonl`. */
export interface SkippedFile {
  file: string;
  why: string;
}

/** How the work is expected to be spread over the tasks. */
export interface ExpectedWork {
  /** Sum of all tasks' expected durations; null when no earlier run tells, so that only file sizes are known. */
  seconds: number | null;
  /** The longest task's expected duration; null as above. */
  longest: number | null;
  /**
   * Share of the work that is done, by share of tasks done in the order in which they are handed out: element k of
   * n + 1 is for k / n of the tasks. Begins with 0, ends with 1.
   */
  curve: number[];
}
