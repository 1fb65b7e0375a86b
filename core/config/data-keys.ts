/** Resolves names of files, as users and shells write them, to keys of the data location. */
import { existsSync, realpathSync, statSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { UsageError } from '../errors/errors.ts';
import type { Config } from './config.ts';

/**
 * Keys for names that may be paths or URLs. A name that is already a key, or neither, is returned as it is: planning
 * reports missing keys.
 * @param bases folders that relative paths may be relative to
 * @param by option or key that names the files, for messages
 * @throws UsageError for an existing file outside the data location
 */
export function dataKeys(
  names: string[],
  { dataBucket }: Pick<Config, 'dataBucket'>,
  bases: string[],
  by: string,
): string[] {
  return names.map((name) =>
    dataBucket.kind === 'folder'
      ? inFolder(name, dataBucket.path, bases, by)
      : inBucket(name, dataBucket, by),
  );
}

function inFolder(name: string, folder: string, bases: string[], by: string): string {
  if (name === '') return name;
  if (isPlain(name) && existsSync(join(folder, name)) && !statSync(join(folder, name)).isDirectory())
    return name;
  if (/^s3:\/\//i.test(name))
    throw new UsageError(`${by} names ${name}, and data_bucket is the folder ${folder}`, {
      hint: 'Write the bucket into data_bucket in config.yaml.',
    });
  const found = [...bases, folder].map((base) => resolve(base, name)).find((path) => existsSync(path));
  if (found === undefined) return name;
  const key = keyIn(folder, found);
  if (key === undefined)
    throw new UsageError(`${by} names ${found}, which is not in the data folder ${folder}`, {
      hint: 'Put the file, or a link to it, there, or change data_bucket in config.yaml.',
    });
  if (statSync(found).isDirectory())
    throw new UsageError(`${by} names the folder ${found}`, {
      hint: `Name single files. For all files in the folder: file_pattern: ${JSON.stringify(key === '' ? '*' : `${key}/*`)}`,
    });
  return key;
}

/** Whether a name may be a key of a folder: a relative path without `.` and `..`. */
const isPlain = (name: string) =>
  !name.startsWith('/') && name.split('/').every((step) => step !== '' && step !== '.' && step !== '..');

/** Compares the path as written, else with links resolved. */
function keyIn(folder: string, path: string): string | undefined {
  const isIn = (way: string) => way !== '..' && !way.startsWith(`..${sep}`);
  const ways = [relative(folder, path), relative(realpathSync(folder), realpathSync(path))];
  return ways.find(isIn)?.replaceAll(sep, '/');
}

function inBucket(name: string, { bucket, prefix }: { bucket: string; prefix: string }, by: string): string {
  const [, named, key = ''] = /^s3:\/\/([^/]+)(?:\/(.*))?$/i.exec(name) ?? [];
  if (named === undefined) return name;
  if (named === bucket && key.startsWith(prefix) && key !== prefix) return key.slice(prefix.length);
  throw new UsageError(`${by} names ${name}, which is not in s3://${bucket}/${prefix}`, {
    hint: 'Name files in data_bucket, or change data_bucket in config.yaml.',
  });
}
