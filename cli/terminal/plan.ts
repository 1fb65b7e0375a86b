/** What a run is going to do, in a few lines. */
import { plannedSeconds } from '../../core/estimate/planned-time.ts';
import { formatDuration, formatNames, plural } from '../../core/format/numbers.ts';
import type { Plan } from '../../core/run-store/plan/plan.ts';
import type { RunRequest } from '../../core/run-store/request/request.ts';
import { escapeControlChars } from './escape-control-chars.ts';
import { color } from './output.ts';
import { mixedLines, passedLines, unusedLines, unusualNames } from './planned-files.ts';

type Size = Pick<RunRequest, 'workers' | 'repetitions'>;

const skippedShown = 5;
const leftOutShown = 3;

/** @param list where all files without a task are named */
export function showPlan(
  plan: Plan,
  { workers, repetitions }: Size,
  print: (line: string) => void = (line) => console.error(line),
  list?: string,
): void {
  const { files, tasks, batches, skipped } = plan;
  const times = repetitions > 1 ? `, each ${repetitions} times` : '';
  const work = `${plural(files - skipped.count, 'file')}, ${plural(tasks, 'task')}${times}`;
  print(`${work}, in ${plural(batches, 'batch')} for ${plural(workers, 'worker')}`);
  const unusual = unusualNames(plan);
  if (unusual !== undefined) print(`${unusual}; start --dry-run shows why`);
  for (const line of [...unusedLines(plan), ...mixedLines(plan), ...passedLines(plan)]) print(line);
  if (skipped.count === 0) return;
  print(`${color.yellow('left out:')} ${plural(skipped.count, 'file')} without a task`);
  for (const { file, why } of skipped.first.slice(0, skippedShown))
    print(`  ${escapeControlChars(file)}: ${escapeControlChars(why)}`);
  const more = skipped.count - skippedShown;
  const all = list === undefined ? '' : `; all of them: ${list}`;
  if (more > 0) print(`  … and ${plural(more, 'more file')}${all}`);
}

/** How long the run will take, if earlier ones are known. */
export function expectedTime(plan: Pick<Plan, 'expected'>, size: Size): string {
  const time = plannedSeconds(plan, size);
  if (time === null) return 'how long it takes is not known: none of its tasks has run before';
  return `about ${formatDuration(time)} with ${plural(size.workers, 'worker')}, as its tasks took before`;
}

/** Names the parts of a project that a run does not get, because they cannot be read. */
export function showLeftOutOfCode(paths: string[] = []): void {
  if (paths.length === 0) return;
  const names = formatNames(paths.map(escapeControlChars), leftOutShown);
  console.error(`left out of the code, as it cannot be read: ${names}`);
}
