/** Follows a run on AWS on the terminal, as `start` and `watch` do. */
import { rememberSeen } from '../../adapters/local/runs/remote-file.ts';
import type { EksRequest } from '../../cloud/begin.ts';
import { followRemote } from '../../cloud/follow.ts';
import type { Look, RemoteRun } from '../../cloud/look.ts';
import { readJson } from '../../functions/status/counts.ts';
import { layout } from '../../ports/layout.ts';
import type { Plan } from '../../ports/plan.ts';
import { doing } from '../status/states.ts';
import { LiveView } from '../view/follow.ts';
import { showPlan } from '../view/plan.ts';
import { workOf } from '../view/work.ts';

export interface ShowOptions {
  signal: AbortSignal;
  /** The run's folder here, which remembers what was seen; null: it has none. */
  folder: string | null;
  /** Between two looks. */
  seconds?: number;
  /** Gets what prints lines above the live one, once that is there. */
  onView?: (print: (line: string) => void) => void;
}

/** @returns the last look; undefined when the following was ended before the run */
export async function showRemote(
  run: RemoteRun,
  request: EksRequest,
  { signal, folder, onView, seconds }: ShowOptions,
): Promise<Look | undefined> {
  const view = new LiveView();
  const details = new Map<string, string>();
  let look: Look | undefined;
  let isFollowed = false;
  let isBlind = false;
  onView?.((line) => view.print(line));
  const begin = async () => {
    const plan = await readJson<Plan>(run.store, layout.plan);
    if (!plan) return;
    showPlan(plan, request, (line) => view.print(line), `${run.store.location}/${layout.skipped}`);
    view.follow({
      ...workOf(plan, request, run.store),
      progress: () => look?.progress ?? undefined,
      dollars: () => look?.dollars ?? null,
    });
  };
  view.start();
  try {
    return await followRemote(run, {
      signal,
      ...(seconds !== undefined && { seconds }),
      onTrouble: ({ message }) => {
        if (!isBlind) view.print(`AWS cannot be asked, and is asked again: ${message}`);
        isBlind = true;
      },
      onLook: (now) => {
        look = now;
        isBlind = false;
        if (folder !== null) remember(folder, now);
        if (now.progress && !isFollowed) {
          isFollowed = true;
          void begin().catch(() => {
            isFollowed = false;
          });
        }
        view.setNote(now.state === 'stopping' ? 'stopping' : '');
        const { state } = now.history;
        // Of loops that go on side by side, each says something when it has something else to say.
        if (now.detail !== '' && details.get(state) !== now.detail) view.setDetail(now.detail);
        else if (now.detail === '' && state !== '') view.setState(doing(state));
        if (now.detail !== '') details.set(state, now.detail);
      },
    });
  } finally {
    await view.stop();
  }
}

/** So that lists can tell without asking. */
export function remember(folder: string, { at, state, exitCode, tasks }: Look): void {
  const { succeeded, failed, total } = tasks;
  rememberSeen(folder, { at, state, exitCode, succeeded, failed, total });
}
