/** A lock file with its owner's pid and host: only one process works on a run. The file says who, which a flock cannot. */
import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { isRunning } from '../is-running.ts';

export interface Owner {
  pid: number;
  host: string;
  /** Start time of the process in clock ticks, since pids are reused. Null where /proc does not exist. */
  started: string | null;
}

/** Field 22 of /proc/PID/stat, after the command's name, which may contain anything; null for a dead process. */
function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // A zombie: it stays until its parent reads the exit code.
    if (fields[0] === 'Z' || fields[0] === 'X') return null;
    return fields[19] ?? null;
  } catch {
    return null;
  }
}

function isAlive({ pid, host, started }: Owner): boolean {
  if (host !== hostname()) return true;
  if (!isRunning(pid)) return false;
  return started === null || startOf(pid) === started;
}

/** The lock's text, and its owner when the text is valid. */
function read(path: string): { owner: Owner | undefined; text: string } | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    const owner = JSON.parse(text) as Owner;
    return { text, owner: typeof owner?.pid === 'number' ? owner : undefined };
  } catch {
    return { text, owner: undefined };
  }
}

/** The owner of the lock, if alive. An owner on another host counts as alive. */
export function lockOwner(path: string): Owner | undefined {
  const owner = read(path)?.owner;
  return owner && isAlive(owner) ? owner : undefined;
}

/**
 * Takes the lock, also from a dead owner.
 * @returns a function that releases it, or the owner when it is taken
 */
export function takeOwnerLock(path: string): (() => void) | Owner {
  const mine: Owner = { pid: process.pid, host: hostname(), started: startOf(process.pid) };
  const temporary = `${path}.${randomBytes(6).toString('hex')}`;
  for (;;) {
    writeFileSync(temporary, JSON.stringify(mine));
    try {
      // link() is atomic and never replaces a file.
      linkSync(temporary, path);
      return () => rmSync(path, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    } finally {
      rmSync(temporary, { force: true });
    }
    const found = read(path);
    if (found?.owner && isAlive(found.owner)) return found.owner;
    if (found) removeDead(path, found.text);
  }
}

/** Of several processes that see a dead owner, one removes the lock; a lock taken in the meantime is put back. */
function removeDead(path: string, text: string): void {
  const aside = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    renameSync(path, aside);
  } catch {
    return;
  }
  if (readFileSync(aside, 'utf8') !== text && !existsSync(path)) linkSync(aside, path);
  rmSync(aside, { force: true });
}
