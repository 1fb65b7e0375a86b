/** Rebuilds a run's result files from its records. */

import { NothingToDo } from '../../core/errors/errors.ts';
import { MemoryStore } from '../../core/memory-store.ts';
import type { RunEvent } from '../../core/run-store/events/events.ts';
import { runEvents } from '../../core/run-store/events/events.ts';
import { layout } from '../../core/run-store/layout.ts';
import type { RunRequest } from '../../core/run-store/request/request.ts';
import { exists, type Store } from '../../core/store.ts';
import { gather } from '../../functions/gather/gather.ts';
import { keepHeapSmall } from '../v8-flags.ts';

/**
 * Runs the Gather and Report stages, unless their files exist.
 * @param store the run's, held by this process
 * @param always also when the files exist
 * @returns whether files were rebuilt
 * @throws NothingToDo when the run was never planned
 */
export async function rebuildResults(store: Store, request: RunRequest, always: boolean): Promise<boolean> {
  const { at, ended } = await lastExecution(store);
  // After a kill the files, if any, are those of an earlier execution.
  const isThere = ended && (await exists(store, layout.result(request.config.fileNames.runtimeGanttChart)));
  if (isThere && !always) return false;
  if (!(await exists(store, layout.plan)))
    throw new NothingToDo(`run ${request.run} ended before it was planned: it has no results`, {
      hint: `Resume it: gcd-sfn resume ${request.run}`,
    });
  keepHeapSmall();
  // Durations of an old run must not replace those of a newer one: the project's store is not written.
  await gather({ store, project: new MemoryStore(), now: () => at })(request);
  const { report } = await import('../../functions/report/report.ts');
  await report({ store })({ fileNames: request.config.fileNames });
  return true;
}

const gathering = new Set(['Gather', 'Salvage']);

/** When the last execution gathered, or wrote its last event; and whether it ended. */
async function lastExecution(store: Store): Promise<{ at: number; ended: boolean }> {
  let gatheredAt: number | undefined;
  let last: RunEvent | undefined;
  for await (const event of runEvents(store)) {
    if (event.event === 'execution-started') gatheredAt = undefined;
    if (event.event === 'state-entered' && gathering.has(event.state)) gatheredAt = event.at;
    last = event;
  }
  return { at: gatheredAt ?? last?.at ?? 0, ended: last?.event === 'execution-ended' };
}
