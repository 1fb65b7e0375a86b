/** What a run on this machine would do. */

import type { AwsAccess } from '../../core/config/dotenv.ts';
import { MemoryStore } from '../../core/memory-store.ts';
import type { Plan } from '../../core/run-store/plan/plan.ts';
import type { RunRequest } from '../../core/run-store/request/request.ts';
import type { Decided } from '../../functions/plan/columns/columns-to-tasks.ts';
import { planTasks } from '../../functions/plan/plan.ts';
import { projectStore } from '../results/publish-results.ts';
import { dataPlace } from './execution/data-place.ts';

/**
 * Plans without writing anything.
 * @param onFile is called for each file
 * @throws NothingToDo; NotFound, AccessDenied, Unreachable when the data cannot be read
 */
export async function planInMemory(
  draft: Pick<RunRequest, 'project' | 'config' | 'selection' | 'workers'>,
  credentials: AwsAccess,
  onFile: (file: Decided) => void = () => {},
): Promise<Plan> {
  const data = await dataPlace(draft, credentials);
  const ports = { data: data.store, store: new MemoryStore(), project: projectStore(draft.project), onFile };
  return planTasks(ports)({ ...draft, target: { kind: 'local' } }).finally(() => data.close());
}
