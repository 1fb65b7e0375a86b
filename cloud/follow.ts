/** Follows a run on AWS to its end. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Throttled, Unreachable } from '../ports/errors.ts';
import type { Look, RemoteRun } from './look.ts';

export interface FollowOptions {
  /** Ends the following, not the run. */
  signal: AbortSignal;
  onLook(look: Look): void;
  /** AWS could not be asked, and is asked again. */
  onTrouble(error: Error): void;
  /** Between two looks. */
  seconds?: number;
}

/** A look costs some requests: AWS's own limits are far away, and nothing here changes faster. */
const usualSeconds = 5;

/**
 * @returns the last look; undefined when the following was ended before the run
 * @throws AccessDenied and whatever waiting does not mend
 */
export async function followRemote(
  run: RemoteRun,
  { signal, onLook, onTrouble, seconds = usualSeconds }: FollowOptions,
): Promise<Look | undefined> {
  while (!signal.aborted) {
    try {
      const look = await run.look();
      onLook(look);
      if (look.state !== 'running' && look.state !== 'stopping') return look;
    } catch (error) {
      // The run goes on whether or not it can be seen from here.
      if (!(error instanceof Unreachable || error instanceof Throttled)) throw error;
      onTrouble(error);
    }
    await sleep(seconds * 1000, undefined, { signal }).catch(() => {});
  }
  return undefined;
}
