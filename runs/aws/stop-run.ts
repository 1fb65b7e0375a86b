/** Stops a run on AWS. */
import { bucketLayout } from '../../core/bucket/bucket-layout.ts';
import { layout } from '../../core/run-store/layout.ts';
import type { Control } from '../../core/run-store/status/live.ts';
import type { Cloud } from './cloud.ts';
import { latestExecution } from './executions-of.ts';

/** The first state in which workers get tasks. */
const firstWithTasks = 'DispatchBatches';

/**
 * `drain`: running tasks end, no other starts, and the execution gathers and ends by itself. `now`: the execution is
 * stopped; the janitor ends the workers, removes the nodes and gathers. Before any worker was ready there is nothing to
 * drain: `drain` is then `now`.
 * @returns what was done; undefined when no execution of the run is running
 */
export async function stopRun(
  cloud: Cloud,
  run: string,
  how: Control['stop'],
): Promise<Control['stop'] | undefined> {
  const store = cloud.store(bucketLayout.run(run));
  const newest = await latestExecution(cloud, run, store);
  if (newest?.execution.state !== 'running') return undefined;
  const { name } = newest.execution;
  const request = (stop: Control['stop']) => store.write(layout.control, JSON.stringify({ stop }));
  // Written first: workers that start meanwhile read it and take no task.
  await request(how);
  if (how === 'drain') {
    if (await hasHandedOut(cloud, name)) return 'drain';
    await request('now');
  }
  await cloud.executions.stop(name, `gcd-sfn stop ${run}${how === 'now' ? ' --now' : ''}`);
  return 'now';
}

async function hasHandedOut({ events }: Pick<Cloud, 'events'>, execution: string): Promise<boolean> {
  const found = await events.since(execution, 0);
  return found.events.some((one) => one.event === 'state-entered' && one.state === firstWithTasks);
}
