/** Walks runs and clean-ups for a cluster in memory. */
import { version } from '../../../adapters/local/version.ts';
import type { Config } from '../../../core/config/config.ts';
import type { RunEvent } from '../../../core/run-store/events/events.ts';
import { layout } from '../../../core/run-store/layout.ts';
import { readAll } from '../../../core/store.ts';
import { nodegroupName } from '../../../core/target.ts';
import type { Clock } from '../../../ports/clock.ts';
import { readDefinition } from '../../../runs/local/walk/definition.ts';
import { walk } from '../../../runs/local/walk/walk.ts';
import { cleanUpTasks, cloudTasks, type EksRequest } from './tasks.ts';
import { type CloudPorts, tapped, World } from './world.ts';

const definitions = { run: await readDefinition('run'), cleanup: await readDefinition('cleanup') };

/** Nobody waits between two looks: the clock goes on with each call. */
const secondsPerCall = 5;

/** A world with three data files, and a licence file for each of these runs. */
export async function newWorld(options: { looks?: number; lag?: number } = {}, runs = ['r']): Promise<World> {
  const world = new World(options);
  for (const name of ['a', 'b', 'c']) await world.data.write(`${name}.csv`, 'Power,Power2\n');
  for (const run of runs) await world.ports(run).licences.put(run, Buffer.from('secret'));
  return world;
}

export interface RequestOptions {
  config?: Partial<Config>;
  target?: Partial<EksRequest['target']>;
  repetitions?: number;
}

/** A configuration as `loadConfig` gives it. */
export const wholeConfig: Config = {
  given: ['data_bucket'],
  dataBucket: { kind: 's3', bucket: 'data', prefix: '' },
  dataAccess: { requesterPays: false, unsigned: false },
  filePattern: '*',
  columnKeywords: null,
  defaultProcessFiles: [],
  savedBucket: null,
  savedPathCloud: 'results',
  fileNames: {
    savedData: 'r.csv',
    logsData: 'l.csv',
    errorData: 'e.csv',
    performance: 'p.txt',
    runtimeGanttChart: 'g.png',
  },
  acceptedIdleSeconds: 360,
  nodesWaitSeconds: 900,
  solverName: null,
  solverLicenceFile: '/home/me/mosek.lic',
  solverLicenceTarget: '/root/mosek',
  taskTimeoutSeconds: null,
  maxAttempts: 3,
  exceptionAttempts: 1,
  memoryPerWorkerBytes: null,
  keepOutput: false,
  dataCacheBytes: null,
  python: null,
  env: {},
  instanceType: 'm6i.large',
  maxNodes: 100,
  spot: false,
  workersPerNode: null,
  region: null,
  tags: {},
  budgetUsd: null,
  notify: { kind: 'email', address: 'me@example.org' },
  keepImages: true,
  bastion: true,
  pod: {},
};

export function eksRequest(run = 'r', { config, target, repetitions = 1 }: RequestOptions = {}): EksRequest {
  const [instanceType, spot] = ['m6i.large', false];
  return {
    run,
    version: version(),
    requestedAt: 0,
    project: '/home/me/p',
    projectName: 'p',
    codeDigest: 'c'.repeat(64),
    config: { ...wholeConfig, ...config },
    selection: { kind: 'first', count: 0 },
    workers: 4,
    repetitions,
    target: {
      kind: 'eks',
      region: 'us-west-2',
      cluster: { name: 'c', version: null },
      nodegroup: { name: nodegroupName(instanceType, spot), instanceType, spot, maxNodes: 100, diskGiB: 20 },
      tags: { grant: 'A-1' },
      nodes: 2,
      workersPerNode: 2,
      bastion: 'b',
      image: { digest: 'd1', source: 'bucket/sources/d1.zip' },
      cleanUp: false,
      ...target,
    },
  };
}

export interface WalkedRun {
  error: Error | undefined;
  output: { gathered?: { succeeded: number; unfinished: number } } | undefined;
  path: string[];
  rows: string | undefined;
}

export interface CloudWalk {
  execution?: string;
  /** What stands between the functions and the ports. */
  tap?: (call: () => Promise<unknown>, verb: string) => Promise<unknown>;
  /** States whose functions throw, and what. */
  failing?: Record<string, Error>;
  /** Whether the execution was started already. */
  started?: boolean;
  onEvent?: (event: RunEvent) => void;
}

/** One execution of a run, from its start to its end, however that is. */
export async function walkRun(
  world: World,
  request: EksRequest,
  options: CloudWalk = {},
): Promise<WalkedRun> {
  const { execution = `${request.run}-1` } = options;
  const { executions } = world.ports(request.run);
  if (!options.started) await executions.start('run', execution, { run: request.run });
  const ports = portsFor(world, request.run, options);
  const tell = (event: RunEvent) =>
    world.events.tell(execution, { ...event, at: world.clock.now(), output: null });
  const told = { ...options, ...(!options.started && { onEvent: tell }) };
  if (!options.started) tell({ at: 0, event: 'execution-started', execution });
  const result = await walked(
    'run',
    { run: request.run },
    cloudTasks(ports, request),
    execution,
    told,
    ports.clock,
  );
  if (!options.started)
    tell({ at: 0, event: 'execution-ended', outcome: result.error ? 'failed' : 'succeeded' });
  executions.end(execution, result.error ? 'failed' : 'succeeded');
  const rows = await readAll(world.store(request.run), layout.result('r.csv')).then(String, () => undefined);
  return { ...result, rows } as WalkedRun;
}

export async function walkCleanUp(
  world: World,
  request: EksRequest | null,
  input: Record<string, unknown>,
  options: CloudWalk = {},
): Promise<Omit<WalkedRun, 'rows'>> {
  const ports = portsFor(world, request?.run ?? '', options);
  const tasks = cleanUpTasks(ports, request);
  return (await walked('cleanup', input, tasks, 'cleanup', options, ports.clock)) as WalkedRun;
}

function portsFor(world: World, run: string, { tap }: CloudWalk): CloudPorts {
  return tapped(world.ports(run), (call, verb) => {
    world.clock.advance(secondsPerCall);
    return tap ? tap(call, verb) : call();
  });
}

async function walked(
  name: 'run' | 'cleanup',
  input: Record<string, unknown>,
  { tasks, items }: ReturnType<typeof cloudTasks>,
  execution: string,
  { failing = {}, onEvent: tell }: CloudWalk,
  clock: Clock,
) {
  for (const [state, error] of Object.entries(failing)) {
    if (!tasks[state]) throw new Error(`there is no state ${state}`);
    tasks[state] = () => Promise.reject(error);
  }
  const path: string[] = [];
  const onEvent = (event: RunEvent) => {
    if (event.event === 'state-entered') path.push(event.state);
    tell?.(event);
  };
  const result = await walk(definitions[name], {
    input,
    tasks,
    items,
    now: () => clock.now(),
    execution,
    retries: 0,
    onEvent,
  }).then(
    (output) => ({ output, error: undefined }),
    (error) => ({ output: undefined, error }),
  );
  return { ...result, path };
}
