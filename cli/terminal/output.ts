/** What is printed for people: coloured where the stream is a terminal, unless NO_COLOR, --no-color or a dumb terminal forbid it. */
import cliTruncate from 'cli-truncate';
import { createColors } from 'picocolors';

const isDumb = () => process.env.TERM === 'dumb';
const isPlain = Boolean(process.env.NO_COLOR) || process.argv.includes('--no-color') || isDumb();

/** Colours on standard error. */
export const color = createColors(Boolean(process.stderr.isTTY) && !isPlain);

/** Colours on standard output. */
export const outColor = createColors(Boolean(process.stdout.isTTY) && !isPlain);

/** Whether a person can answer a question: both ends are a terminal. */
export function isInteractive(): boolean {
  return Boolean(process.stdin.isTTY && process.stderr.isTTY) && !isDumb();
}

/** Cuts a line to so many columns. */
export const cut = (line: string, columns: number): string => cliTruncate(line, Math.max(1, columns));

/** Prints lines on standard output; on a terminal none of them wraps. */
export function printLines(lines: string[]): void {
  const { isTTY, columns } = process.stdout;
  const width = isTTY ? (columns ?? 80) : Number.POSITIVE_INFINITY;
  for (const line of lines) console.log(Number.isFinite(width) ? cut(line, width) : line);
}
