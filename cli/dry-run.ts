/** `start --dry-run`: plans in memory and shows what would be done. */
import { MemoryStore } from '../adapters/memory/store.ts';
import { awsSettings } from '../functions/config/dotenv.ts';
import { planTasks } from '../functions/plan/plan.ts';
import type { Plan } from '../ports/plan.ts';
import type { RunRequest } from '../ports/request.ts';
import { dataPlace } from '../walker/data-place.ts';
import { projectStore } from '../walker/results.ts';
import { showPlan } from './view/plan.ts';

type Asked = Pick<RunRequest, 'project' | 'config' | 'selection' | 'workers'>;

/**
 * What a run would do. Nothing is written.
 * @throws NothingToDo, and whatever the place of the data says when it cannot be read
 */
export async function planInMemory(asked: Asked): Promise<Plan> {
  const data = await dataPlace(asked, await awsSettings(process.cwd()));
  const ports = { data: data.store, store: new MemoryStore(), project: projectStore(asked.project) };
  return planTasks(ports)({ ...asked, target: { kind: 'local' } }).finally(() => data.close());
}

export async function dryRun(request: Omit<RunRequest, 'codeDigest'>, json: boolean): Promise<void> {
  const plan = await planInMemory(request);
  if (json)
    console.log(JSON.stringify({ ...plan, workers: request.workers, repetitions: request.repetitions }));
  else showPlan(plan, request);
}
