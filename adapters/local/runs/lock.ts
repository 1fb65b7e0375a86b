/** A lock file with the pid and host of its owner: keeps two processes off one run. */
import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { isRunning } from '../is-running.ts';

export interface Owner {
  pid: number;
  host: string;
  /** When the process started, in the kernel's clock ticks; pids are used again. Null where nobody tells. */
  started: string | null;
}

/** Field 22 of /proc/PID/stat, behind the command's name, which may hold anything; null for one that is dead. */
function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // Dead, and nobody has asked for its exit code: it can stay like that for as long as its parent lives.
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

/** The lock's text, and its owner unless the text is none. */
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

/** Who holds the lock, if its owner is alive. An owner on another host counts as alive. */
export function lockOwner(path: string): Owner | undefined {
  const owner = read(path)?.owner;
  return owner && isAlive(owner) ? owner : undefined;
}

/**
 * Takes the lock, also one whose owner is dead.
 * @returns a function that gives it back, or the owner when somebody has it
 */
export function takeLock(path: string): (() => void) | Owner {
  const mine: Owner = { pid: process.pid, host: hostname(), started: startOf(process.pid) };
  const temporary = `${path}.${randomBytes(6).toString('hex')}`;
  for (;;) {
    writeFileSync(temporary, JSON.stringify(mine));
    try {
      // A link appears whole or not at all, and never replaces.
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

/** Of several processes that see a dead owner one removes it; a lock that was taken meanwhile is put back. */
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
