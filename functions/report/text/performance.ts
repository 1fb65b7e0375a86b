/** performance.txt: what a run was like, as plain text. Also printed when a run ends. */
import { errorClasses } from '../../../ports/records.ts';
import type { RepetitionSummary, RunSummary } from '../../../ports/summary.ts';
import { type Figures, figures } from '../data/figures.ts';
import { shorten, taskName } from './printable.ts';
import { formatCount, formatDuration, formatPercent, formatRatio, formatTime } from './quantity.ts';
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

/** The table's rows, in the order that users of gismoclouddeploy know, then ours. */
const rows = (repetitions: Repetition[]): Row[] => [
  row('Total tasks', formatCount, (r) => r.tasks),
  row('Average task duration', formatDuration, (r) => r.meanSeconds),
  row('Min task duration', formatDuration, (r) => r.shortest?.seconds ?? null, (r) => r.shortest),
  row('Max task duration', formatDuration, (r) => r.longest?.seconds ?? null, (r) => r.longest),
  row('Number of error tasks', formatCount, (r) => r.failed),
  ...errorClasses
    .filter((name) => repetitions.some((r) => r.errors[name]))
    .map((name) => row(`  ${name}`, formatCount, (r) => r.errors[name] ?? 0)),
  row('Number of unfinished tasks', formatCount, (r) => r.unfinished),
  row('Process tasks duration (in parallel) - real data', formatDuration, (r) => r.parallelSeconds),
  row('Process tasks duration (in serial) - estimation', formatDuration, (r) => r.serialSeconds),
  row('Efficiency improvement', formatPercent, (r) => r.efficiency),
  row('Number of nodes', formatCount, (r) => r.nodes),
  row('Number of workers', formatCount, (r) => r.workers),
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

/**
 * The table: a line per figure, with a column per repetition, and mean and standard deviation (of a sample) when there
 * is more than one. Ends with a newline; lines of one repetition are shorter than 80 columns.
 */
export function performanceTable(summary: RunSummary): string {
  const repetitions = summary.repetitions.map((r) => ({ ...r, ...figures(r) }));
  const several = repetitions.length > 1;
  const heading = several ? [...repetitions.map((r) => `#${r.repetition}`), 'mean', 'std. dev.'] : ['', '', ''].slice(0, repetitions.length);
  const table = rows(repetitions).map((row) => {
    const values = repetitions.map(row.value);
    const cells = values.map((value) => row.format(value));
    return { row, cells: several ? [...cells, row.format(mean(values)), row.format(deviation(values))] : cells };
  });
  const whole = [
    { label: 'Initialize services duration', cell: formatDuration(summary.initializeSeconds) },
    { label: 'Total process duration', cell: formatDuration(summary.totalSeconds) },
  ];
  const labelWidth = Math.max(...table.map(({ row }) => row.label.length));
  const widths = heading.map((head, i) =>
    Math.max(head.length, ...table.map(({ cells }) => cells[i]!.length), ...(i === 0 ? whole.map(({ cell }) => cell.length) : [])),
  );
  const lines = [
    shorten(`Run ${summary.run} of ${summary.project}, asked for at ${formatTime(summary.requestedAt)}`, lineWidth),
    '',
    ...(several ? [aligned('Repetition', labelWidth, heading, widths)] : []),
    ...table.flatMap(({ row, cells }) => [aligned(row.label, labelWidth, cells, widths), ...taskLines(row, repetitions)]),
    ...(several ? ['', 'Whole run'] : []),
    ...whole.map(({ label, cell }) => aligned(label, labelWidth, [cell], widths.length ? [widths[0]!] : [cell.length])),
  ];
  return `${lines.join('\n')}\n`;
}
