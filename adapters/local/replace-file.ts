import { renameSync, writeFileSync } from 'node:fs';

/**
 * Replaces a file atomically: readers see the old content or the new. Not durable: after a power cut it may be the old.
 * @param mode of a new file
 */
export function replaceFile(path: string, content: string, mode = 0o666): void {
  const temporary = `${path}.writing-${process.pid}`;
  writeFileSync(temporary, content, { mode });
  renameSync(temporary, path);
}
