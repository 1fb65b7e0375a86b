/** What the process that works on a run says of it. */
import type { Live } from '../../../core/run-store/status/live.ts';
import { readLive } from './live-file.ts';
import type { Owner } from './lock.ts';

/** @returns undefined while it says nothing: what is there may be the last words of one that was killed. */
export function liveOf(folder: string, owner: Owner | undefined): Live | undefined {
  const live = owner && readLive(folder);
  return live?.pid === owner?.pid && Array.isArray(live?.workers) ? live : undefined;
}
