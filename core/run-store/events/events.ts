/** What happens in a run, as `events.jsonl` keeps it and the live view shows it. */

/** `at` is seconds since 1970. */
export type RunEvent = { at: number } & (
  | { event: 'execution-started'; execution: string }
  | { event: 'state-entered' | 'state-exited'; state: string; type: string }
  | { event: 'state-failed'; state: string; error: string; cause: string }
  | { event: 'state-caught' | 'state-retried'; state: string }
  /** A step looked, and has to wait; `detail` says for what. `state` is empty when it is not known. */
  | { event: 'state-pending'; state: string; detail: string }
  | {
      event: 'execution-ended';
      outcome: 'succeeded' | 'failed' | 'interrupted';
      error?: string;
      cause?: string;
    }
);
