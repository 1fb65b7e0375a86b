/** What is said of files that a run has lost. */
import type { Published } from '../../walker/results.ts';
import { color } from './color.ts';
import { neutral } from './neutral.ts';

const named = 3;

/** A line on standard error, if any file that a task had left is not there any more. */
export function sayMissing({ outputs: { missing } }: Published): void {
  if (missing.length === 0) return;
  const names = missing.slice(0, named).map(({ path }) => neutral(path));
  const more = missing.length > named ? ` and ${missing.length - named} more` : '';
  console.error(
    `${color.yellow('warning:')} ${missing.length === 1 ? 'a file' : `${missing.length} files`} of files.csv ${missing.length === 1 ? 'is' : 'are'} not there any more: ${names.join(', ')}${more}`,
  );
}
