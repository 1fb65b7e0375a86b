/** Shows what an image takes of a project. */
import type { Config } from '../../../core/config/config.ts';
import type { PackedCode } from '../../../ports/runs.ts';
import { bytes } from '../../view/bytes.ts';
import { color } from '../../view/color.ts';
import { neutral } from '../../view/neutral.ts';
import { count } from '../../view/units.ts';

/** Paths that a line names. */
const maxShown = 8;

/** Prints how much, what is left out, and what comes from outside of the project. */
export function showCodeTaken(
  { files, bytes: size, leftOut, takenBack, outside, licences }: PackedCode,
  config: Pick<Config, 'solverLicenceFile'>,
  print: (line: string) => void = (line) => console.error(line),
): void {
  const row = (name: string, text: string) => print(`  ${color.dim(name.padEnd(8))} ${text}`);
  row('image', `takes ${count(files, 'file')} of the project, ${bytes(size)}`);
  const list = (before: string, paths: string[]) => {
    if (paths.length === 0) return;
    const more = paths.length > maxShown ? `, and ${paths.length - maxShown} more` : '';
    row('', `${before}: ${paths.slice(0, maxShown).map(neutral).join(', ')}${more}`);
  };
  const because = (wanted: string) => leftOut.filter(({ why }) => why === wanted).map(({ path }) => path);
  list('left out, as they may hold secrets', because('secret'));
  list('left out, as .gcdignore says', because('ignored'));
  list('left out: copies of the licence', licences);
  list('taken, as .gcdignore says, although they may hold secrets', takenBack);
  for (const { path, target, files: its, bytes: theirs } of outside)
    row(
      '',
      neutral(`from outside: ${path}, which leads to ${target}: ${count(its, 'file')}, ${bytes(theirs)}`),
    );
  if (config.solverLicenceFile !== null)
    row('licence', neutral(`${config.solverLicenceFile}, handed to the workers`));
}
