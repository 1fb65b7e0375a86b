/** `start --dry-run`: plans in memory and shows what would be done. */
import { MemoryStore } from '../adapters/memory/store.ts';
import { awsSettings } from '../functions/config/dotenv.ts';
import { planTasks } from '../functions/plan/plan.ts';
import type { RunRequest } from '../ports/request.ts';
import { dataPlace } from '../walker/data-place.ts';
import { projectStore } from '../walker/local-run.ts';
import { showPlan } from './view/plan.ts';

export async function dryRun(request: Omit<RunRequest, 'codeDigest'>, json: boolean): Promise<void> {
  const data = await dataPlace(request, await awsSettings(process.cwd()));
  const ports = { data: data.store, store: new MemoryStore(), project: projectStore(request.project) };
  const plan = await planTasks(ports)(request).finally(() => data.close());
  if (json)
    console.log(JSON.stringify({ ...plan, workers: request.workers, repetitions: request.repetitions }));
  else showPlan(plan, request);
}
