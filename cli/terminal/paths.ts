import { relative } from 'node:path';

/** A path as a person would write it from here: relative inside the current folder, else absolute. */
export function shownPath(path: string): string {
  const short = relative('', path);
  if (short === '') return '.';
  return short.startsWith('..') ? path : short;
}

/** The location of a store, or of something in it: a path as above, or the address of a bucket as it is. */
export const shownLocation = (location: string): string =>
  location.startsWith('s3://') ? location : shownPath(location);

/** A path as a person would write it from here, quoted where a shell would need it. */
export function shellPath(path: string): string {
  return shellWord(shownPath(path));
}

/** A word of a command, quoted where a shell would need it. */
export function shellWord(word: string): string {
  return /^[\w./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
