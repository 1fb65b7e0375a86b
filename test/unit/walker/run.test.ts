/** The definition of a run, walked with memory adapters: its paths when things fail. */
import { describe, expect, test } from '@jest/globals';
import { ManualClock } from '../../../adapters/memory/clock.ts';
import { MemoryStore } from '../../../adapters/memory/store.ts';
import { MemoryWorkers } from '../../../adapters/memory/workers.ts';
import type { Config } from '../../../ports/config.ts';
import type { Environments } from '../../../ports/environments.ts';
import { InstallFailed, NothingToDo, ProjectInvalid, WorkersFailed } from '../../../ports/errors.ts';
import type { RunEvent } from '../../../ports/events.ts';
import { layout } from '../../../ports/layout.ts';
import type { RunRequest } from '../../../ports/request.ts';
import { readAll } from '../../../ports/store.ts';
import { readDefinition } from '../../../walker/definition.ts';
import { runTasks } from '../../../walker/run-tasks.ts';
import { walk } from '../../../walker/walk.ts';

const definition = await readDefinition('run');

interface Trouble {
  environments?: Partial<Environments>;
  refuse?: WorkersFailed;
  workersFail?: boolean;
  pattern?: string;
  /** A state whose function throws. */
  failing?: string;
  repetitions?: number;
}

async function walked({
  environments,
  refuse,
  workersFail,
  pattern = '*',
  failing,
  repetitions = 1,
}: Trouble) {
  const data = new MemoryStore();
  await data.write('a.csv', 'Power,Power2\n');
  const store = new MemoryStore();
  const fileNames = {
    savedData: 'r.csv',
    logsData: 'l.csv',
    errorData: 'e.csv',
    performance: 'p.txt',
    runtimeGanttChart: 'g.png',
  };
  const dataBucket = { kind: 'folder', path: '/' };
  const config = {
    dataBucket,
    filePattern: pattern,
    columnKeywords: null,
    fileNames,
    python: null,
  } as unknown as Config;
  const request = {
    run: 'r',
    requestedAt: 0,
    projectName: 'p',
    config,
    selection: { kind: 'first', count: 0 },
    target: { kind: 'local' },
    workers: 2,
    repetitions,
  } as RunRequest;
  const calls: number[] = [];
  const workers = new MemoryWorkers({
    store,
    slots: 2,
    run: (_, repetition) => {
      calls.push(repetition);
      return { x: 1 };
    },
    ...(refuse && { refuse }),
  });
  if (workersFail) workers.failure = new WorkersFailed('they died');
  const ready = { python: ['python3'], version: '3', notices: [] };
  const ports = {
    store,
    data,
    project: new MemoryStore(),
    workers,
    batches: workers,
    clock: new ManualClock(100),
    environments: {
      find: async () => ready,
      build: async () => ({ detail: '' }),
      cancel: async () => {},
      ...environments,
    },
  };
  const { tasks, items } = runTasks(ports, {
    request,
    project: '/p',
    onEnvironment: () => {},
    onDetail: () => {},
    stopped: () => false,
  });
  if (failing)
    tasks[failing] = () => {
      throw new RangeError(`${failing} broke`);
    };
  const events: RunEvent[] = [];
  const options = {
    input: { run: 'r' },
    tasks,
    items,
    waits: { WaitForEnvironment: 0 },
    onEvent: (event: RunEvent) => events.push(event),
  };
  const result = await walk(definition, options).then(
    (output) => ({ output }),
    (error) => ({ error }),
  );
  const path = events.flatMap((event) => (event.event === 'state-entered' ? [event.state] : []));
  const rows = await readAll(store, layout.result('r.csv')).then(String, () => undefined);
  return { ...result, path, calls, rows } as typeof result & {
    path: string[];
    calls: number[];
    rows: string | undefined;
    output?: unknown;
    error?: unknown;
  };
}

describe('a run', () => {
  test('goes its way', async () => {
    const { output, error, path, rows } = await walked({});
    expect(error).toBeUndefined();
    expect(output).toMatchObject({ gathered: { succeeded: 2, failed: 0, unfinished: 0 } });
    expect(rows).toBe('x\n1\n1\n');
    expect(path.filter((state) => !/\?|Plan|Environment/.test(state))).toEqual([
      'Validate',
      'Prepare',
      'StartWorkers',
      'DispatchBatches',
      'EndRepetition',
      'StopWorkers',
      'Gather',
      'Report',
      'Done',
    ]);
  });

  test('runs each repetition with workers that stay', async () => {
    const { calls, path } = await walked({ repetitions: 3 });
    expect(calls).toEqual([1, 1, 2, 2, 3, 3]);
    expect(path.filter((state) => state === 'StartWorkers')).toHaveLength(3);
    expect(path.filter((state) => state === 'StopWorkers')).toHaveLength(1);
  });

  test('waits while the environment is being made', async () => {
    let asked = 0;
    const { path, output } = await walked({
      environments: {
        find: async () => (asked++ < 2 ? undefined : { python: ['p'], version: '3', notices: [] }),
      },
    });
    expect(output).toBeDefined();
    expect(path.filter((state) => state === 'WaitForEnvironment')).toHaveLength(2);
  });

  test.each<[string, Trouble, unknown, string[]]>([
    [
      'the environment cannot be made',
      {
        environments: { find: async () => undefined, build: () => Promise.reject(new InstallFailed('pip')) },
      },
      InstallFailed,
      [],
    ],
    ['nothing matches', { pattern: '*.nc' }, NothingToDo, []],
    [
      'workers cannot start',
      { refuse: new ProjectInvalid('no') as never },
      ProjectInvalid,
      ['StopWorkersAfterFailure', 'Salvage', 'ReportSalvaged'],
    ],
    [
      'workers die',
      { workersFail: true },
      WorkersFailed,
      ['StopWorkersAfterFailure', 'Salvage', 'ReportSalvaged'],
    ],
    ['the check fails', { failing: 'Validate' }, RangeError, []],
    ['planning breaks', { failing: 'PlanTasks' }, RangeError, []],
    ['stopping fails', { failing: 'StopWorkers' }, RangeError, ['Salvage', 'ReportSalvaged']],
    ['gathering fails', { failing: 'Gather' }, RangeError, []],
    ['reporting fails', { failing: 'Report' }, RangeError, []],
  ])(
    'when %s: it fails with that error, after what is done was gathered',
    async (_, trouble, type, salvage) => {
      const { error, path } = await walked(trouble);
      expect(error).toBeInstanceOf(type);
      expect(path).toContain('Failed');
      expect(path.filter((state) => /AfterFailure|Salvage/.test(state))).toEqual(salvage);
    },
  );

  test('a batch that is lost leaves the others alone', async () => {
    const { output, rows } = await walked({ failing: 'RunBatch' });
    expect(output).toMatchObject({ gathered: { succeeded: 0, unfinished: 2 } });
    expect(rows).toBe('\n');
  });
});
