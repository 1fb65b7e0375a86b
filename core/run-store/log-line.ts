/** What tasks print: the lines of `layout.log(worker)`, which the worker writes (worker/PROTOCOL.md). */

export interface LogLine {
  /** Seconds since 1970. */
  at: number;
  /** The task, its attempt, and its file (its key in the bucket, with the prefix, if any) and column. */
  index: number | null;
  task: string | null;
  attempt: number | null;
  file: string | null;
  column: string | null;
  /** Complete lines. Without a newline at its end, it continues in the worker's next text, if that is of the same attempt. */
  text: string;
}

/** A line of a log; undefined for a torn one, as a killed process leaves it. */
export function parseLogLine(line: string): LogLine | undefined {
  try {
    const parsed = JSON.parse(line) as Partial<LogLine> | null;
    return typeof parsed?.text === 'string' && typeof parsed.at === 'number'
      ? (parsed as LogLine)
      : undefined;
  } catch {
    return undefined;
  }
}
