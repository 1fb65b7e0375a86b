/** Names beside the rows: nodes to the left, their workers to the right of them. */
import { type Markup, markup } from '../text/markup.ts';
import { shorten } from '../text/printable.ts';
import type { Row } from './rows.ts';
import { textWidth } from './shapes.ts';

export interface Labels {
  /** Pixels that they take. */
  width: number;
  /** @param x where the plot begins. */
  draw: (x: number, y: number, rowHeight: number) => Markup;
}

const longest = { node: 24, worker: 18 };
/** Pixels between the lines of names. */
const lineHeight = 11;

/** `a.example.org`, `b.example.org` as `a`, `b`: what all names share says nothing. */
function withoutCommonEnd(names: string[]): Map<string, string> {
  const domain = names[0]?.slice(names[0].indexOf('.')) ?? '';
  const shared =
    domain.startsWith('.') && names.every((name) => name.length > domain.length && name.endsWith(domain));
  return new Map(names.map((name) => [name, shared ? name.slice(0, -domain.length) : name]));
}

/** Rows of the same node, one after the other. */
interface Group {
  node: string;
  moreNodes: number;
  first: number;
  count: number;
}

function groupsOf(rows: Row[]): Group[] {
  const groups: Group[] = [];
  rows.forEach(({ node, moreNodes }, first) => {
    const last = groups.at(-1);
    if (last?.node === node) last.count++;
    else groups.push({ node, moreNodes, first, count: 1 });
  });
  return groups;
}

/** Those that have room: none closer to the one before than a line's height. */
function spaced<Item>(items: Item[], y: (item: Item) => number): Item[] {
  let last = Number.NEGATIVE_INFINITY;
  return items.filter((item) => {
    const fits = y(item) - last >= lineHeight - 0.01;
    if (fits) last = y(item);
    return fits;
  });
}

export function labelsOf(rows: Row[]): Labels {
  const groups = groupsOf(rows);
  const names = withoutCommonEnd([...new Set(rows.map((row) => row.node))]);
  const nodeText = ({ node, moreNodes }: Group) =>
    shorten(names.get(node) ?? node, longest.node) + (moreNodes > 0 ? ` +${moreNodes}` : '');
  const workers = rows.map((row, at) => ({ at, text: shorten(row.label, longest.worker) }));
  const nodeWidth = Math.max(0, ...groups.map((group) => textWidth(nodeText(group))));
  const workerWidth = Math.max(0, ...workers.map(({ text }) => textWidth(text)));
  const draw = (x: number, y: number, rowHeight: number) => {
    const baseline = (row: number) => y + row * rowHeight + 4;
    const middle = (group: { first: number; count: number }) => baseline(group.first + group.count / 2);
    const nodeX = x - 8 - workerWidth - 14;
    const shown = spaced(workers, ({ at }) => baseline(at + 0.5));
    // Where not each row has a label, those there are stand on the lines.
    const lineEnd = rowHeight >= lineHeight ? x : nodeX;
    const divided = groups
      .slice(1)
      .map(({ first }) => `M${nodeX - nodeWidth} ${y + first * rowHeight}H${lineEnd}`);
    return markup`${groups.length > 1 && rowHeight >= 3 && groups.length <= rows.length / 2 && markup`<path class="rule" d="${divided.join('')}"/>`}
${shown.map(({ at, text }) => markup`<text class="end muted" x="${x - 8}" y="${baseline(at + 0.5)}">${text}</text>`)}
${
  groups.length > 1 &&
  spaced(groups, middle).map(
    (group) => markup`<text class="end" x="${nodeX}" y="${middle(group)}">${nodeText(group)}</text>`,
  )
}`;
  };
  return { width: Math.ceil(workerWidth + 8 + (groups.length > 1 ? nodeWidth + 14 : 0)), draw };
}
