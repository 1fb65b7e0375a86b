/** `start --dry-run`: plans in memory and shows what would be done. */

import { awsSettings } from '../../../core/config/dotenv.ts';
import { plannedSeconds } from '../../../core/estimate/planned-time.ts';
import type { Plan } from '../../../core/run-store/plan/plan.ts';
import type { LocalDraft } from '../../../core/run-store/request/draft.ts';
import { planInMemory } from '../../../runs/local/plan-in-memory.ts';
import { expectedTime, showPlan } from '../../terminal/plan.ts';
import { kindLines, Listing } from '../../terminal/planned-files.ts';

export async function dryRun(draft: LocalDraft, json: boolean): Promise<void> {
  const listing = new Listing(json);
  const plan = await planInMemory(draft, await awsSettings(process.cwd()), (file) => listing.add(file));
  const { workers, repetitions } = draft;
  const expected_seconds = plannedSeconds(plan, draft);
  if (json)
    console.log(JSON.stringify({ ...plan, workers, repetitions, expected_seconds, list: listing.all }));
  else {
    showPlan(plan, draft);
    showListing(plan, listing);
    console.error(expectedTime(plan, draft));
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
