/** `start --dry-run`: plans in memory and shows what would be done. */
import { MemoryStore } from '../adapters/memory/store.ts';
import { planTasks } from '../functions/plan/plan.ts';
import type { RunRequest } from '../ports/request.ts';
import { dataStore, projectStore } from '../walker/local-run.ts';
import { showPlan } from './view/plan.ts';

export async function dryRun(request: Omit<RunRequest, 'codeDigest'>, json: boolean): Promise<void> {
  const data = dataStore(request);
  const plan = await planTasks({ data, store: new MemoryStore(), project: projectStore(request.project) })(
    request,
  );
  if (json)
    console.log(JSON.stringify({ ...plan, workers: request.workers, repetitions: request.repetitions }));
  else showPlan(plan, request);
}
