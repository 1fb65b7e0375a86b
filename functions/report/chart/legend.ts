/** What the chart's shapes mean; only those that occur. */
import { type Markup, markup } from '../text/markup.ts';
import type { FailureMarks, Panel } from './panel.ts';
import { crosses, textWidth } from './shapes.ts';
import { shadeOpacity } from './task-cells.ts';

interface Entry {
  width: number;
  shape: (x: number, y: number) => Markup;
  label: string;
}

const task: Entry = {
  width: 22,
  shape: (x, y) => markup`<rect class="busy" x="${x}" y="${y}" width="22" height="11"/>`,
  label: 'task',
};

const shades: Entry = {
  width: 64,
  shape: (x, y) =>
    markup`${[1, 3, 5, 8].map((level, i) => markup`<rect class="busy" fill-opacity="${shadeOpacity(level)}" x="${x + i * 16}" y="${y}" width="16" height="11"/>`)}`,
  label: 'share of time in which tasks ran: up to 1/8, 3/8, 5/8, all',
};

const failedBar = (id: string): Entry => ({
  width: 38,
  shape: (x, y) =>
    markup`<rect fill="url(#${id}-failed)" class="outline" stroke-width="0.8" x="${x}" y="${y}" width="22" height="11"/>${crosses([{ x: x + 32, y: y + 5.5 }], 11)}`,
  label: 'failed task (crossed where it is short)',
});

const failedCross: Entry = {
  width: 22,
  shape: (x, y) =>
    markup`<rect class="busy" fill-opacity="0.8" x="${x}" y="${y}" width="22" height="11"/>${crosses([{ x: x + 11, y: y + 5.5 }], 11)}`,
  label: 'failed tasks',
};

const failedShare: Entry = {
  width: 22,
  shape: (x, y) =>
    markup`<rect class="busy" fill-opacity="0.8" x="${x}" y="${y}" width="22" height="11"/><path class="failed" d="M${x + 4} ${y + 11}v-3h7v-4h7v7z"/>`,
  label: 'failed tasks: the taller, the larger their share',
};

const gap = (id: string): Entry => ({
  width: 22,
  shape: (x, y) =>
    markup`<rect class="rule" fill="none" x="${x}" y="${y}" width="22" height="11"/><rect fill="url(#${id}-gap)" x="${x}" y="${y}" width="22" height="11"/>`,
  label: 'no task ran (drawn short)',
});

/** A line of entries that begins at (x, y). */
export function legend(all: Panel[], marks: FailureMarks, id: string, x: number, y: number): Markup {
  const panels = all.filter((panel) => panel.rows.length > 0);
  const failed = panels.some((panel) => panel.summary.failed > 0);
  const failedCells = panels.some((panel) => !panel.bars && panel.summary.failed > 0);
  const exact = panels.some((panel) => panel.bars);
  const binned = panels.some((panel) => !panel.bars);
  const entries = [
    ...(exact ? [task, ...(failed ? [failedBar(id)] : [])] : []),
    ...(binned ? [shades] : []),
    ...(failedCells ? [marks === 'crosses' ? failedCross : failedShare] : []),
    ...(panels.some((panel) => panel.clock.gaps.length > 0) ? [gap(id)] : []),
  ];
  let at = x;
  return markup`${entries.map(({ width, shape, label }) => {
    const drawn = markup`${shape(at, y)}<text class="muted" x="${at + width + 6}" y="${y + 10}">${label}</text>`;
    at += width + 6 + textWidth(label) + 20;
    return drawn;
  })}`;
}
