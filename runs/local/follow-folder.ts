/** Follows a run that another process works on, until none does. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EventTail } from '../../adapters/local/runs/event-log.ts';
import { liveOf, readControl } from '../../adapters/local/runs/live-file.ts';
import type { RunsFolder } from '../../adapters/local/runs/runs-folder.ts';
import { History, isEvent } from '../../core/run-store/events/history.ts';
import { layout } from '../../core/run-store/layout.ts';
import type { Live } from '../../core/run-store/status/live.ts';
import type { FollowOptions } from '../../ports/runs.ts';
import { Silence } from './silence.ts';

const pollMs = 200;
const nothingSaid = { state: '', detail: '', progress: null, workers: [] };

/** @returns the run's events; undefined when the signal was aborted before the run ended */
export async function followFolder(
  runs: RunsFolder,
  run: string,
  { signal, onSnapshot, onNotice }: FollowOptions,
): Promise<History | undefined> {
  const folder = runs.folderOf(run);
  const tail = new EventTail(join(folder, layout.events));
  const history = new History();
  const silence = new Silence(onNotice);
  const readEvents = () => {
    for (const event of tail.read()) if (isEvent(event)) history.take(event);
  };
  // The last known figures are shown until newer ones are written.
  let last: Live | undefined;
  try {
    for (let owner = runs.owner(run); owner; ) {
      readEvents();
      const live = liveOf(folder, owner);
      last = live ?? last;
      const stopping = readControl(folder) !== undefined;
      onSnapshot({ at: Date.now() / 1000, ...nothingSaid, ...last, stopping, dollars: null });
      silence.observe(owner, live);
      await sleep(pollMs, undefined, { signal });
      const next = runs.owner(run);
      if (next && next.pid !== owner.pid) onNotice(`run ${run} was resumed by process ${next.pid}`);
      owner = next;
    }
    readEvents();
    return history;
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  } finally {
    tail.close();
  }
}
