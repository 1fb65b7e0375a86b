/** performance.txt: what a run was like, as plain text. Also printed when a run ends. */

import { formatTime } from '../../../core/format/dates.ts';
import {
  formatCount,
  formatDollars,
  formatDuration,
  formatPercent,
  formatRatio,
} from '../../../core/format/numbers.ts';
import { taskName } from '../../../core/run-store/plan/manifest.ts';
import { errorClasses } from '../../../core/run-store/records/records.ts';
import type { RepetitionSummary, RunSummary } from '../../../core/run-store/status/summary.ts';
import { type Figures, figures } from '../data/figures.ts';
import { shorten } from './printable.ts';
import { deviation, mean } from './statistics.ts';

type Format = (value: number | null) => string;
type Repetition = RepetitionSummary & Figures;

interface Row {
  label: string;
  format: Format;
  value: (repetition: Repetition) => number | null;
  /** The task that the row's value is of: shown below it. */
  task?: (repetition: Repetition) => { file: string; column: string | null } | null;
}

const row = (label: string, format: Format, value: Row['value'], task?: Row['task']): Row => ({
  label,
  format,
  value,
  ...(task && { task }),
});

const wholeRun = ({ initializeSeconds, totalSeconds, dollars = null, outputs }: RunSummary): Row[] => [
  row('Initialize services duration', formatDuration, () => initializeSeconds),
  row('Total process duration', formatDuration, () => totalSeconds),
  ...(outputs ? [row('Files of tasks, in results/files', formatCount, () => outputs.files)] : []),
  ...(dollars === null ? [] : [row('Cost, by list prices', formatDollars, () => dollars)]),
];

/** The table's rows, in the order that users of gismoclouddeploy know, then ours. */
const rows = (run: RunSummary): Row[] => [
  row('Total tasks', formatCount, (r) => r.tasks),
  row('Average task duration', formatDuration, (r) => r.meanSeconds),
  row(
    'Min task duration',
    formatDuration,
    (r) => r.shortest?.seconds ?? null,
    (r) => r.shortest,
  ),
  row(
    'Max task duration',
    formatDuration,
    (r) => r.longest?.seconds ?? null,
    (r) => r.longest,
  ),
  row('Number of error tasks', formatCount, (r) => r.failed),
  ...errorClasses
    .filter((name) => run.repetitions.some((r) => r.errors[name]))
    .map((name) => row(`  ${name}`, formatCount, (r) => r.errors[name] ?? 0)),
  row('Number of unfinished tasks', formatCount, (r) => r.unfinished),
  row('Process tasks duration (in parallel) - real data', formatDuration, (r) => r.parallelSeconds),
  row('Process tasks duration (in serial) - estimation', formatDuration, (r) => r.serialSeconds),
  row('Efficiency improvement', formatPercent, (r) => r.efficiency),
  // With several repetitions these are not of any one of them, and stand below.
  ...(run.repetitions.length === 1 ? wholeRun(run) : []),
  row('Number of nodes', formatCount, (r) => r.nodes),
  row('Number of workers', formatCount, (r) => r.workersAtOnce),
  row('Worker utilisation', formatPercent, (r) => r.utilisation),
  row('Lower bound of the parallel duration', formatDuration, (r) => r.lowerBound),
  row('Parallel duration / lower bound', formatRatio, (r) => r.overBound),
];

/** Terminal columns of a line with one repetition. */
const lineWidth = 78;

/** Pads on the left; `µ` and digits are all one column wide. */
const aligned = (label: string, labelWidth: number, cells: string[], widths: number[]) =>
  `${label.padEnd(labelWidth)}${cells.map((cell, i) => `   ${cell.padStart(widths[i]!)}`).join('')}`.trimEnd();

function taskLines(row: Row, repetitions: Repetition[]): string[] {
  return repetitions.flatMap((repetition) => {
    const task = row.task?.(repetition);
    if (!task) return [];
    const lead = repetitions.length > 1 ? `  ${repetition.repetition}: ` : '  ';
    return [lead + shorten(taskName(task), lineWidth - lead.length)];
  });
}

interface Line {
  label: string;
  cells: string[];
  /** Lines below it. */
  more: string[];
}

function lineOf(row: Row, repetitions: Repetition[]): Line {
  const values = repetitions.map(row.value);
  const statistics = repetitions.length > 1 ? [mean(values), deviation(values)] : [];
  return {
    label: row.label,
    cells: [...values, ...statistics].map((value) => row.format(value)),
    more: taskLines(row, repetitions),
  };
}

/**
 * The table: a line per figure, with a column per repetition, and mean and standard deviation (of a sample) when there
 * is more than one. Ends with a newline; lines of one repetition are shorter than 80 columns.
 */
export function performanceTable(run: RunSummary): string {
  const repetitions = run.repetitions.map((r) => ({ ...r, ...figures(r) }));
  const heading = [...repetitions.map((r) => `#${r.repetition}`), 'mean', 'std. dev.'];
  const several = repetitions.length > 1;
  const lines: Line[] = [
    ...(several ? [{ label: 'Repetition', cells: heading, more: [] }] : []),
    ...(repetitions.length > 0 ? rows(run).map((row) => lineOf(row, repetitions)) : []),
    ...(several ? [{ label: '', cells: [], more: ['Whole run'] }] : []),
    ...(repetitions.length === 1
      ? []
      : wholeRun(run).map(({ label, format, value }) => ({
          label,
          cells: [format(value(repetitions[0]!))],
          more: [],
        }))),
  ];
  const labelWidth = Math.max(...lines.map(({ label }) => label.length));
  const widths = heading.map((_, i) => Math.max(0, ...lines.map(({ cells }) => cells[i]?.length ?? 0)));
  const title = `Run ${run.run} of ${run.project}, requested at ${formatTime(run.requestedAt)}`;
  const table = lines.flatMap(({ label, cells, more }) => [
    aligned(label, labelWidth, cells, widths),
    ...more,
  ]);
  return `${[shorten(title, lineWidth), '', ...table, ...textLines(run), ...damageLines(run)].join('\n')}\n`;
}

/** Which values stand in results.csv as their text. */
export function textLines({ texts }: Pick<RunSummary, 'texts'>): string[] {
  if (!texts) return [];
  const { tasks, first } = texts;
  const told = first.map(({ file, column, key, type }) =>
    shorten(`  ${key} (${type}) of ${[file, column].filter((name) => name !== null).join(', ')}`, lineWidth),
  );
  const values = tasks === 1 ? '1 task has values' : `${tasks} tasks have values`;
  const such = told.length > 0 ? ', such as' : '';
  return ['', `As text: ${values} without a form in a table${such}`, ...told];
}

/** What could not be read, and what to do about it. */
export function damageLines({ run, damaged }: Pick<RunSummary, 'run' | 'damaged'>): string[] {
  if (!damaged) return [];
  const { lines, first, missingTasks } = damaged;
  const told: string[] = [];
  if (lines > 0) {
    const are =
      lines === 1 ? '1 line of the parts is no record' : `${lines} lines of the parts are no records`;
    told.push(
      `Damaged: ${are} of a task:`,
      ...first.map((where) => `  ${shorten(where, lineWidth - 2)}`),
      ...(lines > first.length ? [`  and ${lines - first.length} more`] : []),
      `  Tasks without another record are unfinished: gcd-sfn resume ${run}`,
    );
  }
  if (missingTasks > 0)
    told.push(
      `Damaged: manifest.jsonl lacks ${missingTasks} of the tasks that were planned; they are in no table.`,
    );
  return ['', ...told];
}
