/** Stops a run on AWS. */
import { bucketLayout } from '../../core/bucket/bucket-layout.ts';
import { layout } from '../../core/run-store/layout.ts';
import type { Control } from '../../core/run-store/status/live.ts';
import type { Cloud } from './cloud.ts';
import { latestExecution } from './executions-of.ts';

/** From here on workers, one of which is ready, may be at tasks: nothing hands them out before. */
const firstWithTasks = 'DispatchBatches';

/**
 * `drain`: workers end what they are at, and nothing else begins; the execution gathers and ends by itself. `now`: the
 * execution is stopped; the janitor ends the workers, gives the nodes back and gathers what is done. Where no worker has
 * been ready yet there is nothing to drain, and no cluster, node or image to wait for: then both are `now`.
 * @returns what was done; undefined when no execution of the run is going on: there is nothing to stop
 */
export async function stopOnAws(
  cloud: Cloud,
  run: string,
  how: Control['stop'],
): Promise<Control['stop'] | undefined> {
  const store = cloud.store(bucketLayout.run(run));
  const newest = await latestExecution(cloud, run, store);
  if (newest?.execution.state !== 'running') return undefined;
  const { name } = newest.execution;
  const wish = (stop: Control['stop']) => store.write(layout.control, JSON.stringify({ stop }));
  // Before the look: workers that start meanwhile heed it, and take no task.
  await wish(how);
  if (how === 'drain') {
    if (await hasHandedOut(cloud, name)) return 'drain';
    await wish('now');
  }
  await cloud.executions.stop(name, `gcd-sfn stop ${run}${how === 'now' ? ' --now' : ''}`);
  return 'now';
}

async function hasHandedOut({ events }: Pick<Cloud, 'events'>, execution: string): Promise<boolean> {
  const found = await events.since(execution, 0);
  return found.events.some((one) => one.event === 'state-entered' && one.state === firstWithTasks);
}
