/** Text from tasks (names, messages, output) made safe to look at: nothing invisible, nothing that moves a cursor. */
import { stripVTControlCharacters } from 'node:util';

/** Controls, line and paragraph separators, what turns the direction of text, what has no width, private use. */
const hidden =
  /[\p{Cc}\p{Zl}\p{Zp}\p{Co}\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff\u00ad]/gu;
const short: Record<string, string> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };
const escapeOf = (char: string) => short[char] ?? `\\u{${char.codePointAt(0)!.toString(16)}}`;

/** At most four marks on a letter: a tower of them would cover the neighbouring lines. */
const marks = /(\p{M}{4})\p{M}+/gu;
const wellFormed = (text: string) => text.toWellFormed().replaceAll(marks, '$1');

/** One line: what cannot be seen is written as an escape (`\n`, `\u{202e}`). Lone surrogates become U+FFFD. */
export const printable = (text: string): string => wellFormed(text).replaceAll(hidden, escapeOf);

/** Several lines: newlines and tabs stay, terminal colours go, a lone carriage return begins a line. */
export const printableLines = (text: string): string =>
  wellFormed(stripVTControlCharacters(text).replaceAll(/\r+\n|\r/g, '\n')).replaceAll(hidden, (char) =>
    char === '\n' || char === '\t' ? char : escapeOf(char),
  );

const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Columns that a grapheme takes in a terminal. */
const widthOf = (grapheme: string) => (wide.test(grapheme) ? 2 : 1);

/** Columns that a printable line takes in a terminal. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const { segment } of graphemes.segment(text)) width += widthOf(segment);
  return width;
}

/** The first of the graphemes, as many as fit into `width` columns. */
function fitting(parts: string[], width: number): string[] {
  let used = 0;
  const end = parts.findIndex((part) => {
    used += widthOf(part);
    return used > width;
  });
  return end === -1 ? parts : parts.slice(0, end);
}

/** `printable` text of at most `width` columns: its beginning, an ellipsis, its end. */
export function shorten(text: string, width: number): string {
  // Only the two ends of a very long name can be shown, so only they are looked at.
  const edge = width * 8;
  const line = printable(text.length > 2 * edge ? `${text.slice(0, edge)}…${text.slice(-edge)}` : text);
  if (line.length <= width && displayWidth(line) <= width) return line;
  const parts = Array.from(graphemes.segment(line), ({ segment }) => segment);
  if (parts.reduce((sum, part) => sum + widthOf(part), 0) <= width) return line;
  const left = fitting(parts, Math.ceil((width - 1) / 2));
  const right = fitting(parts.toReversed(), Math.floor((width - 1) / 2));
  return [...left, '…', ...right.toReversed()].join('');
}
