/** Removes temporary files of processes that were killed while they wrote. */
import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isRunning } from '../is-running.ts';
import { unfinished } from '../store/folder-store.ts';

/** Temporary files with the pid of the writing process. */
const withPid =
  /^(?:(?:live|control)\.json\.|(?:live|control|remote)\.json\.writing-|[0-9a-f]{16}\.writing-|\.gcd-writing-)(\d+)(?:-[0-9a-f]{12})?$/;
/** Temporary files without a pid: of a lock, or of an older version. */
const isWithoutPid = (name: string) => name.startsWith(unfinished) || /^lock\.[0-9a-f]{12}$/.test(name);
/** Age in seconds after which a file without a pid is removed: another process may still write a younger one. */
const maxAgeSeconds = 3600;

/** Folders of a run in which files are written. */
const runFolders = ['.', 'code', 'executions', 'gathered', 'results'];

/**
 * Removes them from a run's folder.
 * @param isHeld whether this process holds the run's lock: then no other process writes, and age does not matter
 */
export function removeTemporaryFiles(folder: string, isHeld: boolean): void {
  for (const below of runFolders) removeTemporaryFilesIn(join(folder, below), isHeld);
}

/** Removes them from one folder, except those of running processes, and young ones unless `isHeld`. */
export function removeTemporaryFilesIn(folder: string, isHeld = false): void {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return;
  }
  for (const name of names) {
    const path = join(folder, name);
    const pid = withPid.exec(name)?.[1];
    const isLeft =
      pid !== undefined
        ? !isRunning(Number(pid))
        : isWithoutPid(name) && (isOld(path) || (isHeld && !name.startsWith('lock')));
    if (isLeft) rmSync(path, { recursive: true, force: true });
  }
}

function isOld(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  return found !== undefined && Date.now() - found.mtimeMs > maxAgeSeconds * 1000;
}
