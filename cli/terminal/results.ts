/** Messages about the result files of a run. */

import type { Config } from '../../core/config/config.ts';
import { GcdError } from '../../core/errors/errors.ts';
import { formatNames, plural } from '../../core/format/numbers.ts';
import { layout } from '../../core/run-store/layout.ts';
import { readAll, type Store } from '../../core/store.ts';
import type { FetchedResults } from '../../ports/runs.ts';
import { escapeControlChars } from './escape-control-chars.ts';
import { color } from './output.ts';

const namesShown = 3;

/** Warns if a file that a task had written is missing. */
export function showMissing({ missing }: Pick<FetchedResults, 'missing'>): void {
  if (missing.length === 0) return;
  const names = formatNames(missing.map(escapeControlChars), namesShown);
  const are = missing.length === 1 ? 'is' : 'are';
  console.error(
    `${color.yellow('warning:')} ${plural(missing.length, 'file')} of files.csv ${are} missing: ${names}`,
  );
}

/** Says where the copy in `saved_bucket` is, or why there is none. */
export function showSavedCopy({ copy }: Pick<FetchedResults, 'copy'>): void {
  if (copy === null) return;
  if ('location' in copy) {
    console.error(`and in ${copy.location}/`);
    return;
  }
  const { error } = copy;
  console.error(
    `${color.yellow('warning:')} the results could not be copied to saved_bucket: ${error.message}`,
  );
  if (error instanceof GcdError && error.hint) console.error(`  ${error.hint.replaceAll('\n', '\n  ')}`);
}

/** Prints performance.txt. Others may write into a bucket, hence its control characters are escaped. */
export async function printPerformance(
  store: Store,
  { fileNames }: Pick<Config, 'fileNames'>,
): Promise<void> {
  const text = (await readAll(store, layout.result(fileNames.performance))).toString().trimEnd();
  console.log(text.split('\n').map(escapeControlChars).join('\n'));
}
