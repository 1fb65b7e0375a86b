/** Shows what an image takes of a project. */
import type { Config } from '../../../core/config/config.ts';
import { formatBytes, plural } from '../../../core/format/numbers.ts';
import type { PackedCode } from '../../../ports/runs.ts';
import { escapeControlChars } from '../../terminal/escape-control-chars.ts';
import { color } from '../../terminal/output.ts';

/** Paths that a line names. */
const maxShown = 8;

/** Prints how much, what is left out, and what comes from outside of the project. */
export function showCodeTaken(
  { files, bytes: size, leftOut, takenBack, outside, licences }: PackedCode,
  config: Pick<Config, 'solverLicenceFile'>,
  print: (line: string) => void = (line) => console.error(line),
): void {
  const row = (name: string, text: string) => print(`  ${color.dim(name.padEnd(8))} ${text}`);
  row('image', `takes ${plural(files, 'file')} of the project, ${formatBytes(size)}`);
  const list = (before: string, paths: string[]) => {
    if (paths.length === 0) return;
    const more = paths.length > maxShown ? `, and ${paths.length - maxShown} more` : '';
    row('', `${before}: ${paths.slice(0, maxShown).map(escapeControlChars).join(', ')}${more}`);
  };
  const because = (wanted: string) => leftOut.filter(({ why }) => why === wanted).map(({ path }) => path);
  list('left out, as they may hold secrets', because('secret'));
  list('left out, as .gcdignore says', because('ignored'));
  list('left out: copies of the licence', licences);
  list('taken, as .gcdignore says, although they may hold secrets', takenBack);
  for (const { path, target, files: its, bytes: theirs } of outside)
    row(
      '',
      escapeControlChars(
        `from outside: ${path}, which leads to ${target}: ${plural(its, 'file')}, ${formatBytes(theirs)}`,
      ),
    );
  if (config.solverLicenceFile !== null)
    row('licence', escapeControlChars(`${config.solverLicenceFile}, handed to the workers`));
}
