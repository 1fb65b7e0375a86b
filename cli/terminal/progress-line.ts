/** The live line: what is known of a run, in so many columns. */

import cliTruncate from 'cli-truncate';
import stringWidth from 'string-width';
import { formatCount, formatRate, plural } from '../../core/format/numbers.ts';
import { escapeControlChars } from './escape-control-chars.ts';

export interface LineData {
  done: number;
  failed: number;
  total: number;
  /** Tasks that are being run, one by each busy worker. */
  running: number;
  workers: number;
  repetition: number;
  repetitions: number;
  /** Tasks per second; undefined while nothing tells. */
  rate: number | undefined;
  /** Such as `2–3 min left`; empty while nothing tells. */
  eta: string;
  /** What the run is doing besides, such as stopping; empty when it just runs. */
  note: string;
  /** What it has cost, such as `$1.20`; absent where it costs nothing. */
  cost?: string;
}

/** Those of picocolors that are used here. */
export type Colors = Record<'red' | 'yellow' | 'green' | 'dim', (text: string) => string>;

interface Part {
  /** From long to short; the last one is empty when the part may be left out. */
  texts: string[];
  /** The least important part is shortened, and left out, first. */
  importance: number;
}

const separator = ' · ';
const barWidths = { least: 8, most: 24 };

/** A line that is at most `width` columns wide; without a limit, it has no bar. */
export function lineOf(data: LineData, width: number, colors: Colors): string {
  const text = fitted(partsOf(data, colors), width);
  const room = width - stringWidth(text) - 1;
  const line =
    Number.isFinite(width) && room >= barWidths.least
      ? `${bar(data, Math.min(room, barWidths.most), colors)} ${text}`
      : text;
  return cut(line, width);
}

/** Shortens parts until they fit, then leaves some out, then tells more again where there is room left. */
function fitted(parts: Part[], width: number): string {
  const chosen = new Map(parts.map((part) => [part, part.texts[0] as string]));
  const text = () => [...chosen.values()].filter((part) => part !== '').join(separator);
  const isTooWide = () => stringWidth(text()) > width;
  const rising = [...parts].sort((a, b) => a.importance - b.importance);
  const tell = (part: Part, how: string | undefined) => how !== undefined && chosen.set(part, how);
  for (const part of rising) if (isTooWide() && part.texts.length > 2) tell(part, part.texts[1]);
  for (const part of rising) if (isTooWide()) tell(part, part.texts.at(-1));
  for (const part of rising.reverse()) {
    const before = chosen.get(part);
    const longest = part.texts.find((how) => tell(part, how) && !isTooWide());
    if (longest === undefined) tell(part, before);
  }
  return text();
}

/** Text from elsewhere as one line of at most `width` columns. */
export function plainLine(text: string, width: number): string {
  return cut(escapeControlChars(text), width);
}

function cut(line: string, width: number): string {
  let short = line;
  // Where a wide character is in the way, what is cut may be a column too wide.
  for (let most = width; stringWidth(short) > width && most > 0; most--) short = cliTruncate(line, most);
  return short;
}

function partsOf(data: LineData, { red, yellow }: Colors): Part[] {
  const { done, failed, total, running, workers, repetition, repetitions, rate, eta, note, cost = '' } = data;
  const share = total > 0 ? `${Math.floor((100 * done) / total)} %` : '';
  const part = (importance: number, ...texts: string[]): Part => ({ importance, texts });
  return [
    part(
      5,
      ...(repetitions > 1
        ? [`repetition ${repetition}/${repetitions}`, `${repetition}/${repetitions}`]
        : ['']),
    ),
    part(
      9,
      `${formatCount(done)} of ${formatCount(total)} tasks done`,
      `${formatCount(done)}/${formatCount(total)}`,
      share,
    ),
    part(8, ...(failed > 0 ? [red(`${formatCount(failed)} failed`), red(`${formatCount(failed)} ✗`)] : [''])),
    part(7, ...(note ? [yellow(note), ''] : [''])),
    part(6, eta, eta.replace(' left', ''), ''),
    part(
      3,
      `${formatCount(running)} running on ${plural(workers, 'worker')}`,
      `${formatCount(running)} running`,
      '',
    ),
    part(4, cost, ''),
    part(2, ...(rate ? [formatRate(rate), ''] : [''])),
  ];
}

/** What is done, of which failed in red, and what is to do. */
function bar({ done, failed, total }: LineData, width: number, { dim, green, red }: Colors): string {
  const share = (tasks: number) => (total > 0 ? Math.floor((tasks / total) * width) : 0);
  const full = share(done);
  // A single failure shows, too.
  const bad = failed > 0 ? Math.min(full, Math.max(1, share(failed))) : 0;
  const [good, left] = [full - bad, width - full];
  return `${green('━'.repeat(good))}${red('━'.repeat(bad))}${dim('─'.repeat(left))}`;
}
