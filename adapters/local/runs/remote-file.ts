/** `remote.json` in a run's folder: the run is on AWS, and how it was when somebody looked last. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Remote, Seen } from '../../../core/run-store/status/remote.ts';
import { replaceFile } from '../replace-file.ts';

const file = (folder: string) => join(folder, 'remote.json');

/** Undefined for a run on this machine. */
export function readRemote(folder: string): Remote | undefined {
  try {
    const remote = JSON.parse(readFileSync(file(folder), 'utf8')) as Partial<Remote> | null;
    return typeof remote?.stack === 'string' && typeof remote.region === 'string'
      ? (remote as Remote)
      : undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR' || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

export function writeRemote(folder: string, remote: Remote): void {
  replaceFile(file(folder), JSON.stringify(remote, undefined, 2));
}

/** Keeps what was seen, for lists that ask nobody. */
export function rememberSeen(folder: string, seen: Seen): void {
  const remote = readRemote(folder);
  if (remote) writeRemote(folder, { ...remote, seen });
}
