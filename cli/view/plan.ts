/** What a run is going to do, in a few lines. */
import type { Plan } from '../../core/run-store/plan/plan.ts';
import type { RunRequest } from '../../core/run-store/request/request.ts';
import { color } from './color.ts';
import { mixedLines, passedLines, unusedLines, unusualNames } from './listing.ts';
import { neutral } from './neutral.ts';
import { count } from './units.ts';

const skippedShown = 5;

export function showPlan(
  plan: Plan,
  { workers, repetitions }: Pick<RunRequest, 'workers' | 'repetitions'>,
  print: (line: string) => void = (line) => console.error(line),
  /** Where all skipped files are named. */
  list?: string,
): void {
  const { files, tasks, batches, skipped } = plan;
  const times = repetitions > 1 ? `, each ${repetitions} times` : '';
  const files_ = count(files - skipped.count, 'file');
  print(
    `${files_}, ${count(tasks, 'task')}${times}, in ${count(batches, 'batch')} for ${count(workers, 'worker')}`.replace(
      'batchs',
      'batches',
    ),
  );
  const unusual = unusualNames(plan);
  if (unusual !== undefined) print(`${unusual}; start --dry-run shows why`);
  for (const line of [...unusedLines(plan), ...mixedLines(plan), ...passedLines(plan)]) print(line);
  if (skipped.count === 0) return;
  print(`${color.yellow('left out:')} ${count(skipped.count, 'file')} without a task`);
  for (const { file, why } of skipped.first.slice(0, skippedShown))
    print(`  ${neutral(file)}: ${neutral(why)}`);
  if (skipped.count > skippedShown)
    print(
      `  … and ${count(skipped.count - skippedShown, 'more file')}${list === undefined ? '' : `; all of them: ${list}`}`,
    );
}
