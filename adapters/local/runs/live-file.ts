/** A run's `live.json` and `control.json`: small, often written, and of no use after the run. */
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { layout } from '../../../core/run-store/layout.ts';
import type { Control, Live } from '../../../core/run-store/status/live.ts';
import type { Owner } from '../locks/owner-lock.ts';
import { replaceFile } from '../replace-file.ts';

/** @param folder the run's */
export function writeLive(folder: string, live: Live): void {
  replaceFile(join(folder, layout.live), JSON.stringify(live));
}

/** How the run in this folder is doing; undefined when nobody has said so. */
export function readLive(folder: string): Live | undefined {
  return read<Live>(join(folder, layout.live));
}

/** Asks whoever runs it. */
export function writeControl(folder: string, control: Control): void {
  replaceFile(join(folder, layout.control), JSON.stringify(control));
}

export function readControl(folder: string): Control | undefined {
  return read<Control>(join(folder, layout.control));
}

/** When nobody is there to hear it. */
export function clearControl(folder: string): void {
  rmSync(join(folder, layout.control), { force: true });
}

/** What was wanted of an earlier execution does not concern the next. */
export function clearLive(folder: string): void {
  for (const key of [layout.live, layout.control]) rmSync(join(folder, key), { force: true });
}

function read<Content>(path: string): Content | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Content;
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** @returns undefined while it says nothing: what is there may be the last words of one that was killed. */
export function liveOf(folder: string, owner: Owner | undefined): Live | undefined {
  const live = owner && readLive(folder);
  return live?.pid === owner?.pid && Array.isArray(live?.workers) ? live : undefined;
}
