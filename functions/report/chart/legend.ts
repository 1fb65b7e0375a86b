/** What the chart's shapes mean; only those that occur. */
import { type Markup, markup } from '../text/markup.ts';
import type { Panel } from './panel.ts';
import { textWidth } from './parts.ts';

interface Entry {
  width: number;
  shape: (x: number, y: number) => Markup;
  label: string;
}

const task: Entry = { width: 22, shape: (x, y) => markup`<rect class="busy" x="${x}" y="${y}" width="22" height="11"/>`, label: 'task' };

const shades: Entry = {
  width: 64,
  shape: (x, y) =>
    markup`${[0.125, 0.375, 0.625, 1].map((opacity, i) => markup`<rect class="busy" fill-opacity="${opacity}" x="${x + i * 16}" y="${y}" width="16" height="11"/>`)}`,
  label: 'share of time in which tasks ran: up to 1/8, 3/8, 5/8, all',
};

const failedBar = (id: string): Entry => ({
  width: 22,
  shape: (x, y) =>
    markup`<rect fill="url(#${id}-failed)" class="failed-line" x="${x}" y="${y}" width="22" height="11"/><path class="halo" stroke-width="3.5" d="M${x + 7} ${y + 1.5}l8 8m0 -8l-8 8"/><path class="failed-line" stroke-width="1.7" d="M${x + 7} ${y + 1.5}l8 8m0 -8l-8 8"/>`,
  label: 'failed task',
});

const failedShare = (id: string): Entry => ({
  width: 22,
  shape: (x, y) =>
    markup`<rect class="busy" x="${x}" y="${y}" width="22" height="11"/><rect fill="url(#${id}-failed)" x="${x}" y="${y + 6}" width="11" height="5"/><rect fill="url(#${id}-failed)" x="${x + 11}" y="${y}" width="11" height="11"/>`,
  label: 'tasks failed: the taller, the larger their share',
});

const gap = (id: string): Entry => ({
  width: 22,
  shape: (x, y) => markup`<rect class="rule" fill="none" x="${x}" y="${y}" width="22" height="11"/><rect fill="url(#${id}-gap)" x="${x}" y="${y}" width="22" height="11"/>`,
  label: 'no task ran (drawn short)',
});

/** A line of entries that begins at (x, y). */
export function legend(panels: Panel[], id: string, x: number, y: number): Markup {
  const failed = panels.some((panel) => panel.summary.failed > 0);
  const exact = panels.some((panel) => panel.bars);
  const binned = panels.some((panel) => !panel.bars);
  const entries = [
    ...(exact ? [task, ...(failed ? [failedBar(id)] : [])] : []),
    ...(binned ? [shades, ...(failed ? [failedShare(id)] : [])] : []),
    ...(panels.some((panel) => panel.clock.gaps.length > 0) ? [gap(id)] : []),
  ];
  let at = x;
  return markup`${entries.map(({ width, shape, label }) => {
    const drawn = markup`${shape(at, y)}<text class="muted" x="${at + width + 6}" y="${y + 10}">${label}</text>`;
    at += width + 6 + textWidth(label) + 20;
    return drawn;
  })}`;
}
