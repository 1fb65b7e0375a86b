/** Shows a run on the terminal while it is followed, as `start` does. */

import { layout } from '../../core/run-store/layout.ts';
import type { Plan } from '../../core/run-store/plan/plan.ts';
import { readJson } from '../../core/store.ts';
import type { FollowOptions, Run, RunEnd } from '../../ports/runs.ts';
import { doing } from '../status/states.ts';
import { followedWork, LiveView } from '../terminal/live-view.ts';
import { shownLocation } from '../terminal/paths.ts';
import { showPlan } from '../terminal/plan.ts';

/** Calls a function that gets what prints lines above the live one. */
export type OnPrint = (print: (line: string) => void) => void;

type Snapshot = Parameters<FollowOptions['onSnapshot']>[0];

/**
 * @param signal ends the following, not the run
 * @returns how the run ended; undefined when the signal was aborted before
 */
export function followRun(run: Run, options: { onPrint?: OnPrint }): Promise<RunEnd>;
export function followRun(
  run: Run,
  options: { signal: AbortSignal; onPrint?: OnPrint },
): Promise<RunEnd | undefined>;
export async function followRun(
  run: Run,
  { signal = new AbortController().signal, onPrint }: { signal?: AbortSignal; onPrint?: OnPrint },
): Promise<RunEnd | undefined> {
  const view = new LiveView();
  const print = (line: string) => view.print(line);
  /** The last detail of each state. */
  const details = new Map<string, string>();
  let snapshot: Snapshot | undefined;
  let isPlanShown = false;
  let showing = Promise.resolve();
  onPrint?.(print);

  /** Shows the plan, and the progress from then on. */
  const showWork = async () => {
    const store = await run.store();
    const plan = await readJson<Plan>(store, layout.plan);
    if (!plan) return false;
    const request = await run.request();
    showPlan(plan, request, print, shownLocation(`${store.location}/${layout.skipped}`));
    view.follow({
      ...followedWork(plan, request, store),
      progress: () => snapshot?.progress ?? undefined,
      dollars: () => snapshot?.dollars ?? null,
    });
    return true;
  };

  view.start();
  try {
    return await run.follow({
      signal,
      onNotice: print,
      onSnapshot: (now) => {
        snapshot = now;
        if (now.progress?.repetition && !isPlanShown) {
          isPlanShown = true;
          showing = showWork().then(
            (isShown) => {
              isPlanShown = isShown;
            },
            () => {
              isPlanShown = false;
            },
          );
        }
        view.setNote(now.stopping ? 'stopping' : '');
        const { state, detail } = now;
        // Parallel branches: a branch's detail is printed only when it changes.
        if (detail !== '' && details.get(state) !== detail) view.setDetail(detail);
        else if (detail === '' && state !== '') view.setState(doing(state));
        if (detail !== '') details.set(state, detail);
      },
    });
  } finally {
    await showing;
    await view.stop();
  }
}
