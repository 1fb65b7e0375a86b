/** Suggests a correction for a data folder that does not exist. */
import { readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { distance } from 'fastest-levenshtein';

/** A sentence for the user; undefined without a similar name. @param path absolute */
export function suggestFolder(path: string): string | undefined {
  const [existing, rest] = splitExisting(path);
  if (statSync(existing).isFile())
    return rest === ''
      ? `That is a file. ${write(dirname(existing), basename(existing))}`
      : `${existing} is a file, not a folder.`;
  const steps = rest.split(sep);
  const pattern = steps.findIndex((step) => /[*?[{]/.test(step));
  const wanted = steps[0] as string;
  if (pattern === 0) return `Patterns are not supported in data_bucket. ${write(existing, rest)}`;
  const near = nearest(existing, wanted);
  if (near === undefined) return undefined;
  return `Perhaps ${join(existing, near, ...steps.slice(1))} was meant.`;
}

const write = (folder: string, pattern: string) =>
  `data_bucket names a folder, and file_pattern which files of it: data_bucket: ${folder} and file_pattern: ${JSON.stringify(pattern.replaceAll(sep, '/'))}`;

/** Splits a path into the part that exists, and the rest. */
function splitExisting(path: string): [existing: string, rest: string] {
  let existing = path;
  while (!statSync(existing, { throwIfNoEntry: false }) && dirname(existing) !== existing)
    existing = dirname(existing);
  return [existing, relative(existing, path)];
}

function nearest(folder: string, wanted: string): string | undefined {
  const plain = (name: string) => name.normalize('NFC').toLowerCase();
  const near = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !entry.isFile())
    .map(({ name }) => ({ name, far: distance(plain(name), plain(wanted)) }))
    .sort((one, other) => one.far - other.far)[0];
  return near && near.far <= Math.max(1, Math.floor(wanted.length / 4)) ? near.name : undefined;
}
