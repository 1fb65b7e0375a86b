/** What processes leave that are killed while they write a file: halves that nobody reads. */
import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isRunning } from '../is-running.ts';
import { unfinished } from '../store/folder-store.ts';

/** Files that get their name when they are whole; the number is that of the process which writes. */
const numbered =
  /^(?:(?:live|control)\.json\.|(?:live|control|remote)\.json\.writing-|[0-9a-f]{16}\.writing-|\.gcd-writing-)(\d+)(?:-[0-9a-f]{12})?$/;
/** Of a store of an older version, or of a lock: they do not say whose they are. */
const nameless = (name: string) => name.startsWith(unfinished) || /^lock\.[0-9a-f]{12}$/.test(name);
/** Somebody may be at work on a younger one. */
const oldSeconds = 3600;

/** Where a run's files are written, below its folder. */
const ofRun = ['.', 'code', 'executions', 'gathered', 'results'];

/**
 * Removes them from a run's folder.
 * @param isHeld whether this process holds the run: then what no other process can be writing goes at once
 */
export function removeLeftovers(folder: string, isHeld: boolean): void {
  for (const below of ofRun) removeUnfinished(join(folder, below), isHeld);
}

/** Removes them from one folder; those of processes that live stay, and so do young ones unless `isHeld`. */
export function removeUnfinished(folder: string, isHeld = false): void {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return;
  }
  for (const name of names) {
    const path = join(folder, name);
    const pid = numbered.exec(name)?.[1];
    const isLeft =
      pid !== undefined
        ? !isRunning(Number(pid))
        : nameless(name) && (isOld(path) || (isHeld && !name.startsWith('lock')));
    if (isLeft) rmSync(path, { recursive: true, force: true });
  }
}

function isOld(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  return found !== undefined && Date.now() - found.mtimeMs > oldSeconds * 1000;
}
