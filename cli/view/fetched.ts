/** What is said of result files that were fetched, besides where they are. */
import { GcdError } from '../../core/errors/errors.ts';
import type { FetchedResults } from '../../ports/runs.ts';
import { color } from './color.ts';
import { neutral } from './neutral.ts';

const named = 3;

/** A line on standard error, if any file that a task had written is missing. */
export function showMissing({ missing }: Pick<FetchedResults, 'missing'>): void {
  if (missing.length === 0) return;
  const names = missing.slice(0, named).map(neutral);
  const more = missing.length > named ? ` and ${missing.length - named} more` : '';
  console.error(
    `${color.yellow('warning:')} ${missing.length === 1 ? 'a file' : `${missing.length} files`} of files.csv ${missing.length === 1 ? 'is' : 'are'} not there any more: ${names.join(', ')}${more}`,
  );
}

/** Where the copy is that `saved_bucket` asks for, or why there is none. */
export function showSavedCopy({ copy }: Pick<FetchedResults, 'copy'>): void {
  if (copy === null) return;
  if ('location' in copy) {
    console.error(`and in ${copy.location}/`);
    return;
  }
  const { error } = copy;
  console.error(`${color.yellow('warning:')} they could not be copied to saved_bucket: ${error.message}`);
  if (error instanceof GcdError && error.hint) console.error(`  ${error.hint.replaceAll('\n', '\n  ')}`);
}
