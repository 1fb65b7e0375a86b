/** How tasks are called. */
import type { WorkerLine } from './merge.ts';

/** `a.csv, Power (W)`; a file that is no table is its own name. */
export function taskName({ file, column }: { file: string; column: string | null }): string {
  return column === null ? file : `${file}, ${column}`;
}

/** Who has printed this. @param prefix what the data's place puts before all files */
export function speaker({ file, column, attempt, worker }: WorkerLine, prefix: string): string {
  if (file === null) return `${worker}, importing`;
  const name = taskName({ file: file.startsWith(prefix) ? file.slice(prefix.length) : file, column });
  return attempt !== null && attempt > 1 ? `${name} (attempt ${attempt})` : name;
}
