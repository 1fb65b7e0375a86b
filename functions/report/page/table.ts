/** Tables of the page. */

import { formatCount, formatDuration } from '../../../core/format/numbers.ts';
import { type Markup, markup } from '../text/markup.ts';

export interface Cell {
  content: Markup | string;
  /** What the column is sorted by; absent where the content itself serves. */
  value?: number;
  kind?: 'number' | 'name' | 'bad-text';
}

export const number = (value: number): Cell => ({ content: formatCount(value), value, kind: 'number' });
export const duration = (seconds: number | null): Cell => ({
  content: formatDuration(seconds),
  value: seconds ?? -1,
  kind: 'number',
});

const cell = (tag: 'td' | 'th', { content, value, kind }: Cell): Markup => {
  const kindAttribute = kind && markup` class="${kind}"`;
  const valueAttribute =
    value !== undefined &&
    Number.isFinite(value) &&
    markup` data-value="${String(Number(value.toPrecision(6)))}"`;
  return tag === 'td'
    ? markup`<td${kindAttribute}${valueAttribute}>${content}</td>`
    : markup`<th scope="row"${kindAttribute}${valueAttribute}>${content}</th>`;
};

/** The first cell of each row is its heading. */
export const table = (head: { label: string; number?: boolean }[], rows: Cell[][], sortable = true): Markup =>
  markup`<div class="scroll"><table${sortable && rows.length > 1 && markup` class="sortable"`}><thead><tr>${head.map(
    ({ label, number }) => markup`<th scope="col"${number && markup` class="number"`}>${label}</th>`,
  )}</tr></thead><tbody>
${rows.map(([first, ...others]) => markup`<tr>${cell('th', first!)}${others.map((other) => cell('td', other))}</tr>\n`)}</tbody></table></div>`;
