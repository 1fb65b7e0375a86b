/** `start --dry-run`: plans in memory and shows what would be done. */

import { awsSettings } from '../../core/config/dotenv.ts';
import { MemoryStore } from '../../core/memory-store.ts';
import type { Plan } from '../../core/run-store/plan/plan.ts';
import type { RunRequest } from '../../core/run-store/request/request.ts';
import type { Decided } from '../../functions/plan/columns/columns-to-tasks.ts';
import { planTasks } from '../../functions/plan/plan.ts';
import { dataPlace } from '../../runs/local/execution/data-place.ts';
import { projectStore } from '../../runs/publish-results.ts';
import { expectedSeconds, expectedTime } from '../view/expected.ts';
import { kindLines, Listing } from '../view/listing.ts';
import { showPlan } from '../view/plan.ts';

type Asked = Pick<RunRequest, 'project' | 'config' | 'selection' | 'workers'>;

/**
 * What a run would do. Nothing is written.
 * @param listing is told of each file
 * @throws NothingToDo, and whatever the place of the data says when it cannot be read
 */
export async function planInMemory(asked: Asked, listing?: Listing): Promise<Plan> {
  const data = await dataPlace(asked, await awsSettings(process.cwd()));
  const onFile = listing && { onFile: (file: Decided) => listing.add(file) };
  const ports = {
    data: data.store,
    store: new MemoryStore(),
    project: projectStore(asked.project),
    ...onFile,
  };
  return planTasks(ports)({ ...asked, target: { kind: 'local' } }).finally(() => data.close());
}

export async function dryRun(request: Omit<RunRequest, 'codeDigest'>, json: boolean): Promise<void> {
  const listing = new Listing(json);
  const plan = await planInMemory(request, listing);
  const { workers, repetitions } = request;
  const expected_seconds = expectedSeconds(plan, request);
  if (json)
    console.log(JSON.stringify({ ...plan, workers, repetitions, expected_seconds, list: listing.all }));
  else {
    showPlan(plan, request);
    showListing(plan, listing);
    console.error(expectedTime(plan, request));
  }
}

/** Which files and columns, and where their names are. */
export function showListing(
  plan: Plan,
  listing: Listing,
  print: (line: string) => void = (line) => console.error(line),
): void {
  print('');
  for (const line of listing.lines()) print(line);
  print('');
  for (const line of kindLines(plan)) print(line);
}
