/** The definition of a run, walked with memory adapters: its paths when things fail. */
import { describe, expect, test } from '@jest/globals';
import type { Config } from '../../../../core/config/config.ts';
import { InstallFailed, NothingToDo, ProjectInvalid, WorkersFailed } from '../../../../core/errors/errors.ts';
import { MemoryStore } from '../../../../core/memory-store.ts';
import type { RunEvent } from '../../../../core/run-store/events/events.ts';
import { layout } from '../../../../core/run-store/layout.ts';
import type { RunRequest } from '../../../../core/run-store/request/request.ts';
import { readAll } from '../../../../core/store.ts';
import type { Environments } from '../../../../ports/environments.ts';
import { runTasks } from '../../../../runs/local/execution/run-tasks.ts';
import { readDefinition } from '../../../../runs/local/walk/definition.ts';
import { walk } from '../../../../runs/local/walk/walk.ts';
import { ManualClock } from '../../../support/memory/manual-clock.ts';
import { MemoryWorkers } from '../../../support/memory/memory-workers.ts';

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
    looks: { EnsureEnvironment: 0 },
    onEvent: (event: RunEvent) => events.push(event),
  };
  const result = await walk(definition, options).then(
    (output) => ({ output }),
    (error) => ({ error }),
  );
  const path = events.flatMap((event) => (event.event === 'state-entered' ? [event.state] : []));
  const troubles = events.filter(({ event }) => event === 'state-failed' || event === 'state-retried');
  const rows = await readAll(store, layout.result('r.csv')).then(String, () => undefined);
  return { ...result, path, calls, rows, troubles } as typeof result & {
    troubles: RunEvent[];
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
      'Work',
      'Prepare',
      'StartWorkers',
      'DispatchBatches',
      'EndRepetition',
      'Worked',
      'StopWorkers',
      'Gather',
      'Report',
      'Notify',
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
    const { path, output, troubles } = await walked({
      environments: {
        find: async () => (asked++ < 2 ? undefined : { python: ['p'], version: '3', notices: [] }),
      },
    });
    expect(output).toBeDefined();
    expect(asked).toBeGreaterThan(2);
    // It waits in its state, and no look is a failure.
    expect(path.filter((state) => state === 'EnsureEnvironment')).toHaveLength(1);
    expect(troubles).toEqual([]);
  });

  const end = ['StopWorkers', 'Gather', 'Report', 'Notify', 'Failed'];
  const without = (state: string) => end.filter((one) => one !== state);

  test.each<[string, Trouble, unknown, string[]]>([
    [
      'the environment cannot be made',
      {
        environments: { find: async () => undefined, build: () => Promise.reject(new InstallFailed('pip')) },
      },
      InstallFailed,
      end,
    ],
    // Without a plan there is nothing to gather.
    ['nothing matches', { pattern: '*.nc' }, NothingToDo, without('Report')],
    ['workers cannot start', { refuse: new ProjectInvalid('no') as never }, ProjectInvalid, end],
    ['workers die', { workersFail: true }, WorkersFailed, end],
    ['the check fails', { failing: 'Validate' }, RangeError, ['Notify', 'Failed']],
    ['planning breaks', { failing: 'PlanTasks' }, RangeError, without('Report')],
    ['stopping fails', { failing: 'StopWorkers' }, RangeError, end],
    ['gathering fails', { failing: 'Gather' }, RangeError, without('Report')],
    ['reporting fails', { failing: 'Report' }, RangeError, end],
  ])(
    'when %s: it fails with that error, after what is done was gathered',
    async (_, trouble, type, expected) => {
      const { error, path } = await walked(trouble);
      expect(error).toBeInstanceOf(type);
      expect(path.filter((state) => end.includes(state))).toEqual(expected);
    },
  );

  test('a batch that is lost leaves the others alone', async () => {
    const { output, rows } = await walked({ failing: 'RunBatch' });
    expect(output).toMatchObject({ gathered: { succeeded: 0, unfinished: 2 } });
    expect(rows).toBe('\n');
  });
});
