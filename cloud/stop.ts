/** Stops a run on AWS. */
import { bucketLayout } from '../ports/bucket-layout.ts';
import { layout } from '../ports/layout.ts';
import type { Control } from '../ports/live.ts';
import { newestExecution } from './executions-of.ts';
import type { Cloud } from './ports.ts';

/**
 * `drain`: workers end what they are at, and nothing else begins; the execution gathers and ends by itself. `now`: the
 * execution is stopped; the janitor ends the workers, gives the nodes back and gathers what is done.
 * @returns false when no execution of the run is going on: there is nothing to stop
 */
export async function stopOnAws(cloud: Cloud, run: string, how: Control['stop']): Promise<boolean> {
  const store = cloud.store(bucketLayout.run(run));
  const newest = await newestExecution(cloud, run, store);
  if (newest?.execution.state !== 'running') return false;
  await store.write(layout.control, JSON.stringify({ stop: how } satisfies Control));
  if (how === 'now') await cloud.executions.stop(newest.execution.name, `gcd-sfn stop ${run} --now`);
  return true;
}
