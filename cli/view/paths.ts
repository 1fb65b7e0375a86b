import { relative } from 'node:path';

/** A path as a person would write it from here: relative inside the current folder, else absolute. */
export function shownPath(path: string): string {
  const short = relative('', path);
  if (short === '') return '.';
  return short.startsWith('..') ? path : short;
}

/** The same, quoted where a shell would need it. */
export function shellPath(path: string): string {
  return shellWord(shownPath(path));
}

/** A word of a command, quoted where a shell would need it. */
export function shellWord(word: string): string {
  return /^[\w./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
