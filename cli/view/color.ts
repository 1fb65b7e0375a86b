/** Colours, where they are wanted: a terminal, no NO_COLOR, no --no-color. */
import { createColors } from 'picocolors';

const wanted =
  !process.env.NO_COLOR &&
  !process.argv.includes('--no-color') &&
  process.stderr.isTTY &&
  process.env.TERM !== 'dumb';

export const color = createColors(Boolean(wanted));
