/** Parts of a project that its run does not see. */
import { neutral } from './neutral.ts';

const shown = 3;

/** Says in a line what is not copied with the code because it cannot be read. */
export function sayNotCopied(paths: string[] = []): void {
  if (paths.length === 0) return;
  const some = paths.slice(0, shown).map(neutral).join(', ');
  const more = paths.length > shown ? `, … (${paths.length} in all)` : '';
  console.error(`left out of the code, as it cannot be read: ${some}${more}`);
}
