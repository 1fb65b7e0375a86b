/** What is printed on standard output for people: coloured and cut to the terminal's width, if it is one. */
import cliTruncate from 'cli-truncate';
import { createColors } from 'picocolors';

const isPlain =
  Boolean(process.env.NO_COLOR) || process.argv.includes('--no-color') || process.env.TERM === 'dumb';

/** As `color`, which is for standard error. */
export const outColor = createColors(Boolean(process.stdout.isTTY) && !isPlain);

/** A line that fits into so many columns. */
export const cut = (line: string, columns: number): string => cliTruncate(line, Math.max(1, columns));

/** Prints lines; on a terminal none of them wraps. */
export function printLines(lines: string[]): void {
  const { isTTY, columns } = process.stdout;
  const width = isTTY ? (columns ?? 80) : Number.POSITIVE_INFINITY;
  for (const line of lines) console.log(Number.isFinite(width) ? cut(line, width) : line);
}
