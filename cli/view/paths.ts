import { relative } from 'node:path';

/** A path as a person would write it from here: relative inside the current folder, else absolute. */
export function shownPath(path: string): string {
  const short = relative('', path);
  if (short === '') return '.';
  return short.startsWith('..') ? path : short;
}

/** The same, quoted where a shell would need it. */
export function shellPath(path: string): string {
  const short = shownPath(path);
  return /^[\w./-]+$/.test(short) ? short : `'${short.replaceAll("'", "'\\''")}'`;
}
