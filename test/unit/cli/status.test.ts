import { describe, expect, test } from '@jest/globals';
import { runsTable } from '../../../cli/status/list.ts';
import { doing, knownStates } from '../../../cli/status/states.ts';
import { stateWords } from '../../../cli/status/words.ts';
import { table } from '../../../cli/terminal/table.ts';
import { frame } from '../../../cli/top/frame.ts';
import { History } from '../../../core/run-store/events/history.ts';
import type { RunStatus, UsageSample } from '../../../core/run-store/status/run-status.ts';
import { forEachState, readDefinition } from '../../../runs/local/walk/definition.ts';

const now = 1_763_800_000;

const status = (some: Partial<RunStatus>): RunStatus => ({
  at: now,
  dollars: null,
  run: 'one',
  folder: '/p/.gcd/runs/one',
  state: 'done',
  exitCode: 0,
  error: null,
  request: { requestedAt: now - 120, workers: 2, repetitions: 1 } as RunStatus['request'],
  owner: undefined,
  elsewhere: false,
  history: new History(),
  live: undefined,
  summary: undefined,
  tasks: { total: 1200, succeeded: 1200, failed: 0, exact: true },
  seconds: 61,
  ...some,
});

describe('states in words', () => {
  const tasks = (succeeded: number, failed: number) => ({ total: 5000, succeeded, failed, exact: true });
  test.each<[Partial<RunStatus>, string]>([
    [{ tasks: tasks(5000, 0) }, 'done'],
    [{ tasks: tasks(4000, 1000) }, 'done, 1,000 failed'],
    [{ tasks: tasks(4000, 999) }, 'done, 999 failed, 1 unfinished'],
    [{ state: 'stopped', tasks: tasks(1, 1) }, 'stopped'],
    [{ state: 'running', elsewhere: true, owner: { pid: 1, host: 'far' } }, 'running on far'],
  ])('%j', (some, words) => {
    expect(stateWords(status(some))).toBe(words);
  });

  test('every state of the definition is known', async () => {
    const missing: string[] = [];
    forEachState(await readDefinition('run'), (name, { Type }) => {
      // Of decisions nobody is told.
      if (Type !== 'Choice' && !knownStates.has(name)) missing.push(name);
    });
    expect(missing).toEqual([]);
    expect(doing('Gather')).toBe('gathering results …');
    expect(doing('SomethingNew')).toBe('SomethingNew');
  });
});

test('the table of runs, one of them damaged, another told of by its last words', () => {
  const lines = runsTable(
    [
      status({}),
      status({
        run: 'longer-name',
        state: 'interrupted',
        tasks: { total: 9e6, succeeded: 7e6, failed: 1, exact: false },
      }),
      status({
        run: 'odd',
        state: 'damaged',
        request: undefined,
        error: { name: 'E', message: 'no request' },
      }),
    ],
    now,
  );
  expect(lines).toEqual([
    'run           state                         done   failed   started     at work for   workers',
    'one           done                   1,200/1,200        0   2 min ago     1 min 1 s         2',
    'longer-name   interrupted   ~7,000,001/9,000,000        1   2 min ago     1 min 1 s         2',
    'odd           damaged',
    'odd: no request',
  ]);
});

test('a table of wide and coloured texts', () => {
  expect(
    table(
      [{ head: 'a' }, { head: 'n', right: true }],
      [
        ['数据', '1'],
        ['\u001b[31mx\u001b[39m', '10'],
      ],
    ),
  ).toEqual(['a       n', '数据    1', '\u001b[31mx\u001b[39m      10']);
});

describe('a frame of top', () => {
  const sample = (workers: number): UsageSample => ({
    run: 'one',
    at: now,
    state: 'DispatchBatches',
    detail: '',
    ...{ tasks: null, execution: null },
    machine: { cores: 2, cpu: 180, memoryTotal: 2 ** 33, memoryAvailable: 2 ** 32 },
    workers: Array.from({ length: workers }, (_, n) => ({
      worker: `local-${n + 1}`,
      node: 'local',
      pid: n === 0 ? null : n,
      succeeded: 1,
      failed: 0,
      task: n === 1 ? [0, 'id', 'a.csv', 'Power\u001b[2J'] : null,
      since: n === 1 ? now + 5 : null,
      ...{ state: ['starting', 'working'][n] ?? 'idle', memoryLimit: null, at: now },
      ...{ cpu: 10 * n, memory: n * 2 ** 20, processes: n === 0 ? 0 : 1 },
    })),
  });

  test('workers that start, that have nothing to do, and that are at a task', () => {
    expect(frame(sample(3))).toEqual([
      'run one · running tasks',
      '',
      'worker    pid   CPU %   memory   done   failed   for   task',
      'local-1     -       -        -      1        0         starting',
      // Its clock is ahead of ours.
      'local-2     1      10    1 MiB      1        0   0 s   a.csv, Power\\x1b[2J',
      'local-3     2      20    2 MiB      1        0         idle',
      'workers: 0.3 of 2 cores, 3 MiB in 2 processes · machine: 1.8 cores busy, 4 GiB of 8 GiB available',
    ]);
  });

  test.each([
    [100, 24, 24],
    [20, 24, 24],
    [19, 24, 23],
    [100, 5, 7],
  ])('%d workers in %d rows', (workers, rows, lines) => {
    const drawn = frame(sample(workers), rows);
    expect(drawn).toHaveLength(Math.min(lines, drawn.length));
    const shown = drawn.filter((line) => line.startsWith('local-')).length;
    const more = Number(/^… and (\d+) more/.exec(drawn.find((line) => line.startsWith('…')) ?? '')?.[1] ?? 0);
    expect(shown + more).toBe(workers);
    if (rows >= 7) expect(drawn.length).toBeLessThanOrEqual(rows);
  });
});
