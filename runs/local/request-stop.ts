/** Requests a stop from the process that works on a run, by `control.json`. */
import { setTimeout as sleep } from 'node:timers/promises';
import { liveOf, readControl, writeControl } from '../../adapters/local/runs/live-file.ts';
import type { RunsFolder } from '../../adapters/local/runs/runs-folder.ts';
import { AccessDenied } from '../../core/errors/errors.ts';
import type { Control } from '../../core/run-store/status/live.ts';
import type { FollowOptions } from '../../ports/runs.ts';

const pollMs = 200;

/**
 * Waits until the process publishes its status: before that, it would delete the request.
 * @returns false when no process works on the run any more, or the signal was aborted
 * @throws AccessDenied when the run is somebody else's
 */
export async function requestStop(
  runs: RunsFolder,
  run: string,
  how: Control['stop'],
  { signal, onNotice }: Pick<FollowOptions, 'signal' | 'onNotice'>,
): Promise<boolean> {
  const folder = runs.folderOf(run);
  for (let polls = 0; ; polls++) {
    const owner = runs.owner(run);
    if (!owner || signal.aborted) return false;
    if (liveOf(folder, owner)) {
      write(folder, how);
      return true;
    }
    if (polls === 0) onNotice(`run ${run} runs no tasks yet: the stop is requested as soon as it does`);
    await sleep(pollMs, undefined, { signal }).catch(() => {});
  }
}

/** A request of `now` is not replaced. */
function write(folder: string, how: Control['stop']): void {
  const requested = readControl(folder)?.stop;
  if (requested === how || requested === 'now') return;
  try {
    writeControl(folder, { stop: how });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return;
    throw new AccessDenied(`cannot request the stop: ${message}`, {
      hint: 'The user who started the run can stop it, with Ctrl-C in its terminal or with this command.',
      cause: error,
    });
  }
}
