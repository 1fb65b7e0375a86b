/** What tasks print, as they print it: the lines of `layout.log(worker)`, which the worker writes (worker/PROTOCOL.md). */

export interface LogLine {
  /** Seconds since 1970. */
  at: number;
  /** The task, its attempt, and its file (its key in the bucket, with the prefix, if any) and column. */
  index: number | null;
  task: string | null;
  attempt: number | null;
  file: string | null;
  column: string | null;
  /** Whole lines. Without a newline at its end, the line goes on in the worker's next text, if that is the same attempt's. */
  text: string;
}

/** A line of a log; undefined for one that is torn, as a process that is killed leaves it. */
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
