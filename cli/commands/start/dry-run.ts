/** `start --dry-run`: plans in memory and shows what would be done. */

import { awsSettings } from '../../../core/config/dotenv.ts';
import type { Plan } from '../../../core/run-store/plan/plan.ts';
import type { LocalDraft } from '../../../core/run-store/request/draft.ts';
import { planInMemory } from '../../../runs/local/plan-in-memory.ts';
import { expectedSeconds, expectedTime } from '../../view/expected.ts';
import { kindLines, Listing } from '../../view/listing.ts';
import { showPlan } from '../../view/plan.ts';

export async function dryRun(draft: LocalDraft, json: boolean): Promise<void> {
  const listing = new Listing(json);
  const plan = await planInMemory(draft, await awsSettings(process.cwd()), (file) => listing.add(file));
  const { workers, repetitions } = draft;
  const expected_seconds = expectedSeconds(plan, draft);
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
