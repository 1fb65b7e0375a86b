/** The client's view of an account in memory: an execution that is started is walked, and what happens in it is told. */

import { version } from '../../../adapters/local/version.ts';
import { describeError } from '../../../core/errors/errors.ts';
import { MemoryStore } from '../../../core/memory-store.ts';
import { layout } from '../../../core/run-store/layout.ts';
import { readAll, type Store } from '../../../core/store.ts';
import type { StackParts } from '../../../ports/account/stack.ts';
import type { Cloud } from '../../../runs/aws/cloud.ts';
import type { MemoryExecutionEvents } from '../memory-aws/execution-events.ts';
import { MemoryQuotas } from '../memory-aws/quotas.ts';
import { MemorySchedules } from '../memory-aws/schedules.ts';
import { type CloudWalk, walkRun } from './run.ts';
import type { EksRequest } from './tasks.ts';
import type { World } from './world.ts';

export const stack = {
  ...{ name: 'gcd-sfn', region: 'us-west-2', account: '1', bucket: 'stack-bucket' },
  ...{ version: version(), isChanging: false, subnetIds: ['subnet-1', 'subnet-2'] },
  limits: { maxNodes: 100, instanceTypes: 'c*,m*,t*', maxDiskGiB: 1000 },
  runMachineArn: 'arn:aws:states:us-west-2:1:stateMachine:gcd-sfn-run',
} as StackParts;

export interface MemoryCloud {
  cloud: Cloud;
  /** What is not of a run or a project: sources, requests. */
  bucket: MemoryStore;
  /** Of other buckets, by bucket and prefix. */
  others: Map<string, MemoryStore>;
  events: MemoryExecutionEvents;
  /** When all executions have ended. */
  settled(): Promise<void>;
}

/** @param walk how executions go; `hold` has them begin only when told so */
export function memoryCloud(
  world: World,
  walk: CloudWalk & { begin?: () => Promise<void> } = {},
): MemoryCloud {
  const { events } = world;
  const bucket = new MemoryStore();
  const { executions, licences, prices, notifier } = world.ports('');
  const others = new Map<string, MemoryStore>();
  const saved = (place: string) => others.get(place) ?? others.set(place, new MemoryStore()).get(place)!;
  const walking: Promise<void>[] = [];

  const go = async (run: string, execution: string) => {
    const tell = (event: Parameters<NonNullable<CloudWalk['onEvent']>>[0], output: unknown = null) =>
      events.tell(execution, { ...event, output: output === null ? null : JSON.stringify(output) });
    const at = world.clock.now();
    tell({ at, event: 'execution-started', execution });
    await walk.begin?.();
    const request = JSON.parse((await readAll(world.store(run), layout.request)).toString()) as EksRequest;
    const { error, output } = await walkRun(world, request, {
      ...walk,
      ...{ execution, started: true, onEvent: (event) => tell(event) },
    });
    const end = { at: world.clock.now(), event: 'execution-ended' as const };
    if ((await executions.find(execution))?.state === 'aborted') tell({ ...end, outcome: 'interrupted' });
    else if (error) {
      const { name, message } = describeError(error);
      tell({ ...end, outcome: 'failed', error: name, cause: message });
    } else tell({ ...end, outcome: 'succeeded' }, output);
  };

  const cloud: Cloud = {
    ...{ stack, caller: 'arn:aws:iam::1:user/anna', events, licences, prices, notifier },
    store: (prefix): Store => {
      const [, kind, name = ''] = /^(runs|projects)\/(.+)\/$/.exec(prefix) ?? [];
      return kind === 'runs' ? world.store(name) : kind === 'projects' ? world.project : bucket;
    },
    data: ({ bucket: name, prefix }) => (name === 'data' ? world.data : saved(`${name}/${prefix}`)),
    executions: {
      find: (name) => executions.find(name),
      running: (machine) => executions.running(machine),
      stop: (name) => executions.stop(name),
      start: async (machine, name, input) => {
        await executions.start(machine, name, input);
        walking.push(go(String(input.run), name));
      },
    },
    schedules: new MemorySchedules(world.account),
    quotas: new MemoryQuotas(world.account),
    clusterNames: async () => [...world.account.clusters.keys()],
    clock: world.clock,
  };
  return { cloud, bucket, others, events, settled: async () => void (await Promise.all(walking)) };
}
