/** How tasks are called. */
import { taskName } from '../../core/run-store/plan/manifest.ts';
import type { WorkerLine } from './merge.ts';

/** Who has printed this. @param prefix what the data's place puts before all files */
export function speaker({ file, column, attempt, worker }: WorkerLine, prefix: string): string {
  if (file === null) return `${worker}, importing`;
  const name = taskName({ file: file.startsWith(prefix) ? file.slice(prefix.length) : file, column });
  return attempt !== null && attempt > 1 ? `${name} (attempt ${attempt})` : name;
}
