/** Follows a run that another process works on, until nobody does. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EventTail } from '../../adapters/local/runs/event-tail.ts';
import { readControl } from '../../adapters/local/runs/live-file.ts';
import { liveOf } from '../../adapters/local/runs/live-of.ts';
import type { RunsFolder } from '../../adapters/local/runs/runs-folder.ts';
import { FolderStore } from '../../adapters/local/store/folder-store.ts';
import { readJson } from '../../functions/status/counts.ts';
import { History, isEvent } from '../../functions/status/history.ts';
import { layout } from '../../ports/layout.ts';
import type { Live } from '../../ports/live.ts';
import type { Plan } from '../../ports/plan.ts';
import { readRequest } from '../../ports/request-schema.ts';
import { doing } from '../status/states.ts';
import { LiveView } from '../view/follow.ts';
import { shownPath } from '../view/paths.ts';
import { showPlan } from '../view/plan.ts';
import { workOf } from '../view/work.ts';
import { Silence } from './silence.ts';

const lookMs = 200;

export interface FollowOptions {
  /** Ends the following, not the run. */
  signal: AbortSignal;
  /** Called at each look with what the run's process says now, if it says something. */
  onLook?: (live: Live | undefined, print: (line: string) => void) => void;
}

/**
 * Shows a run as `start` does.
 * @returns what it has been through; undefined when the following was ended before the run
 */
export async function followRun(
  runs: RunsFolder,
  run: string,
  { signal, onLook }: FollowOptions,
): Promise<History | undefined> {
  const folder = runs.folderOf(run);
  const store = new FolderStore(folder);
  const tail = new EventTail(join(folder, layout.events));
  const history = new History();
  const view = new LiveView();
  const print = (line: string) => view.print(line);
  const silence = new Silence(print);
  let live: Live | undefined;
  let isFollowed = false;
  let owner = runs.owner(run);
  view.start();
  try {
    while (owner) {
      for (const event of tail.read()) if (isEvent(event)) history.take(event);
      const said = liveOf(folder, owner);
      live = said ?? live;
      if (live && !isFollowed) isFollowed = await begin(view, { store, run }, () => live);
      if (live) show(view, live);
      view.setNote(readControl(folder) ? 'stopping' : '');
      silence.look(owner, live);
      onLook?.(said, print);
      await sleep(lookMs, undefined, { signal });
      const next = runs.owner(run);
      if (next && next.pid !== owner.pid) print(`run ${run} goes on in process ${next.pid}`);
      owner = next;
    }
    for (const event of tail.read()) if (isEvent(event)) history.take(event);
    return history;
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  } finally {
    await view.stop();
    tail.close();
  }
}

/** Shows the plan, and the progress from then on. @returns false while there is no plan, and no tasks run */
async function begin(
  view: LiveView,
  { store, run }: { store: FolderStore; run: string },
  live: () => Live | undefined,
): Promise<boolean> {
  if (!live()?.progress?.repetition) return false;
  const plan = await readJson<Plan>(store, layout.plan);
  if (!plan) return false;
  const request = await readRequest(store, run);
  showPlan(plan, request, (line) => view.print(line), shownPath(store.path(layout.skipped)));
  view.follow({
    ...workOf(plan, request, store),
    progress: () => live()?.progress ?? undefined,
  });
  return true;
}

function show(view: LiveView, { state, detail }: Live): void {
  if (detail) view.setDetail(detail);
  else if (state) view.setState(doing(state));
}
