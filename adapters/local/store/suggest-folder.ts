/** What was probably meant by a folder that is not there. */
import { readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { distance } from 'fastest-levenshtein';

/** In a sentence, for config.yaml; undefined: nothing there is called nearly so. @param path absolute */
export function meantFolder(path: string): string | undefined {
  const [there, rest] = thereOf(path);
  if (statSync(there).isFile())
    return rest === ''
      ? `That is a file. ${write(dirname(there), basename(there))}`
      : `${there} is a file, not a folder.`;
  const steps = rest.split(sep);
  const pattern = steps.findIndex((step) => /[*?[{]/.test(step));
  const wanted = steps[0] as string;
  if (pattern === 0) return `A pattern is not looked for there. ${write(there, rest)}`;
  const near = nearest(there, wanted);
  if (near === undefined) return undefined;
  return `Perhaps ${join(there, near, ...steps.slice(1))} was meant.`;
}

const write = (folder: string, pattern: string) =>
  `data_bucket names a folder, and file_pattern which files of it: data_bucket: ${folder} and file_pattern: ${JSON.stringify(pattern.replaceAll(sep, '/'))}`;

/** The part of a path that is there, and the rest. */
function thereOf(path: string): [there: string, rest: string] {
  let there = path;
  while (!statSync(there, { throwIfNoEntry: false }) && dirname(there) !== there) there = dirname(there);
  return [there, relative(there, path)];
}

function nearest(folder: string, wanted: string): string | undefined {
  const plain = (name: string) => name.normalize('NFC').toLowerCase();
  const near = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !entry.isFile())
    .map(({ name }) => ({ name, far: distance(plain(name), plain(wanted)) }))
    .sort((one, other) => one.far - other.far)[0];
  return near && near.far <= Math.max(1, Math.floor(wanted.length / 4)) ? near.name : undefined;
}
