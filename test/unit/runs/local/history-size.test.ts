/** Step Functions ends an execution with 25,000 events, where no Catch sees it: none comes there that config.yaml allows. */
import { expect, test } from '@jest/globals';
import { waitKeys } from '../../../../core/config/schema/legacy-keys.ts';
import { Pending } from '../../../../core/errors/errors.ts';
import { maxRepetitions } from '../../../../core/run-store/request/run-limits.ts';
import {
  type Definition,
  forEachState,
  readDefinition,
  type State,
} from '../../../../runs/local/walk/definition.ts';
import { eventsOfAttempt, mostEvents } from '../../../../runs/local/walk/history-size.ts';
import { walk } from '../../../../runs/local/walk/walk.ts';

const run = await readDefinition('run');
const cleanup = await readDefinition('cleanup');

interface Retrier {
  ErrorEquals: string[];
  IntervalSeconds: number;
  MaxAttempts: number;
  BackoffRate: number;
  MaxDelaySeconds?: number;
}
const pendingOf = (state: State) =>
  ((state.Retry ?? []) as Retrier[]).find(({ ErrorEquals }) => ErrorEquals.includes('Pending'));

/** Looks until a deadline has passed, and the seconds that all attempts of a retrier last. */
function looks({ IntervalSeconds, BackoffRate, MaxDelaySeconds, MaxAttempts }: Retrier, deadline: number) {
  let [at, count] = [0, 1];
  for (let attempt = 0; attempt < MaxAttempts; attempt++) {
    if (at < deadline) count++;
    at += Math.min(IntervalSeconds * BackoffRate ** attempt, MaxDelaySeconds ?? Number.POSITIVE_INFINITY);
  }
  return { count, seconds: at };
}

/** Seconds: the functions' own deadlines, and what config.yaml may make of those that it sets. */
const waitTime = 86_400;
const deadlines: Record<string, number> = {
  CheckImage: 3600,
  EnsureCluster: 3600,
  EquipCluster: 3600,
  EnsureNodegroup: 1800,
  ReserveWorkers: 900,
  ScaleNodes: waitTime,
  EnsureBastion: 900,
  StartWorkers: 1200,
  StopWorkers: 6 * 3600 + 600,
  ScaleDown: 600,
  TearDown: 5400,
  StopBastion: 900,
};
/** Times that what has a cursor is called: each goes on for minutes, or is through. */
const cursors = 100;

test('the deadlines are what config.yaml allows, at the most', () => {
  expect(waitKeys.scale_eks_nodes_wait_time.safeParse(waitTime).success).toBe(true);
  expect(waitKeys.scale_eks_nodes_wait_time.safeParse(waitTime + 1).success).toBe(false);
});

test.each([
  ['run', run],
  ['cleanup', cleanup],
] as const)('%s: it is the function that gives up, not the number of attempts', (_, definition) => {
  forEachState(definition, (name, state) => {
    const retrier = pendingOf(state);
    if (!retrier || name === 'EnsureEnvironment') return;
    // A clean-up waits for no task.
    const deadline = name === 'StopWorkers' && definition === cleanup ? 600 : deadlines[name];
    if (deadline === undefined) return expect(retrier.MaxAttempts).toBeGreaterThan(2 * cursors);
    // The last look, at which the function sees that it was too long, is one of them; a function takes a minute, too.
    expect([name, looks(retrier, deadline).seconds > deadline + 60]).toEqual([name, true]);
  });
});

/** A walk in which each step waits for as long as it may, and everything else goes wrong as often as it may. */
async function longest(definition: Definition, input: Record<string, unknown>, repetitions: number) {
  const left = new Map<string, number>();
  const tasks: Record<string, () => unknown> = {};
  let repetition = 1;
  const output: Record<string, () => unknown> = {
    Validate: () => input,
    BeginCleanUp: () => input,
    PlanTasks: () => ({ tasks: 1, batches: 1 }),
    CheckImage: () => ({ state: 'absent' }),
    ConfirmImage: () => ({ built: true }),
    BuildImage: () => ({ Build: { Id: '1' } }),
    ScaleNodes: () => ({ nodes: 1 }),
    StartWorkers: () => ({ concurrency: 1, queueUrl: 'q' }),
    EndRepetition: () => ({ again: repetition < repetitions, repetition: ++repetition }),
    RunBatch: () => ({ notRun: 0 }),
    Gather: () => ({ succeeded: 1, failed: 0, unfinished: 0 }),
    Notify: () => ({}),
  };
  const failing = Object.assign(new Error('AWS asks for fewer requests'), { name: 'Throttled' });
  forEachState(definition, (name, state) => {
    if (state.Type !== 'Task') return;
    const retrier = pendingOf(state);
    // In a later repetition nobody waits for workers.
    const waits = retrier
      ? deadlines[name] === undefined
        ? cursors
        : looks(retrier, deadlines[name]).count
      : 0;
    const transient = ((state.Retry ?? []) as Retrier[]).find(({ ErrorEquals }) =>
      ErrorEquals.includes('Throttled'),
    );
    left.set(name, waits + (transient?.MaxAttempts ?? 0));
    tasks[name] = () => {
      const more = (left.get(name) ?? 0) - 1;
      left.set(name, more);
      if (more >= (transient?.MaxAttempts ?? 0)) throw new Pending('it waits');
      if (more >= 0 && name !== 'RunBatch') throw failing;
      return output[name]?.() ?? {};
    };
  });
  let events = 0;
  await walk(definition, {
    ...{ input: { run: 'r' }, tasks, retries: 0 },
    items: { DispatchBatches: async () => [{ timeout: 60 }] },
    onHistory: (count) => {
      events = count;
    },
  });
  return events;
}

const eks = {
  ...{ run: 'r', execution: 'r-1', startedAt: 0, cluster: 'c', repetitions: maxRepetitions },
  store: { bucket: 'b', batches: 'k', mapOutput: 'm' },
  ...{ next: { repetition: 1 }, bastion: null, prepared: { bastion: null }, stopped: null },
  ...{ outcome: {}, failures: {}, passed: {} },
  target: {
    ...{ kind: 'eks', hasBastion: true, cleanUp: true, bastion: { name: 'b' } },
    image: { digest: 'd', source: 's', platform: 'p', cache: 'c', build: { type: 't', image: 'i' } },
    ...{ cluster: {}, nodegroup: {}, nodes: {} },
  },
};

test('a run that waits, is repeated, and fails in passing as much as it can, stays below the limit', async () => {
  const events = await longest(run, eks, maxRepetitions);
  // What the numbers are made of: a day for nodes, hours for tasks after a stop, 500 repetitions.
  expect(events).toBeGreaterThan(10_000);
  expect(events).toBeLessThan(mostEvents);
}, 120_000);

test('so does a clean-up', async () => {
  const input = {
    ...{ ofRun: true, tearDown: true, run: 'r', execution: 'r-1', cluster: 'c', nodes: {}, bastion: 'b' },
    ...{ repetitions: 1, ended: {}, failures: {}, passed: {}, outcome: {} },
  };
  expect(await longest(cleanup, input, 1)).toBeLessThan(mostEvents / 2);
});

test('a batch that is offered again and again lasts for weeks before it comes there', () => {
  let batch: State | undefined;
  forEachState(run, (name, state) => {
    if (name === 'RunBatch') batch = state;
  });
  const attempt = eventsOfAttempt(batch as State);
  const [heartbeat, timeout, sqs] = (batch as unknown as State).Retry as [Retrier, Retrier, Retrier];
  expect(attempt).toBe(4);
  // One time slice: RunBatch entered and left, an attempt, Left? entered and left; by the worker it takes ten minutes.
  const slice = 2 + attempt + 2;
  const slices = (21 * 86_400) / 600;
  expect(slices * slice).toBeLessThan(mostEvents);
  // One wait that nobody ends.
  const attempts = 1 + heartbeat.MaxAttempts + timeout.MaxAttempts + sqs.MaxAttempts;
  expect(attempts * attempt + 20).toBeLessThan(mostEvents / 2);
});

test('what is kept of an attempt is counted as AWS keeps it', async () => {
  const state = { Type: 'Task', Resource: 'x', End: true };
  const Retry = [{ ErrorEquals: ['Pending'], IntervalSeconds: 1, MaxAttempts: 9, BackoffRate: 1 }];
  const definition = {
    StartAt: 'Both',
    States: {
      Both: {
        Type: 'Parallel',
        Branches: [
          { StartAt: 'A', States: { A: { ...state, Retry } } },
          {
            StartAt: 'B',
            States: { B: { ...state, Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken' } },
          },
        ],
        Next: 'Done',
      },
      Done: { Type: 'Succeed' },
    },
  } as Definition;
  let looked = 0;
  let events = 0;
  await walk(definition, {
    ...{ input: {}, items: {}, retries: 0 },
    tasks: { A: () => (looked++ < 2 ? { state: 'pending', detail: 'it waits' } : {}), B: () => ({}) },
    onHistory: (count) => {
      events = count;
    },
  });
  // ExecutionStarted and -Succeeded; the Parallel's four; A: entered, three attempts of three, left; B: six; Done: two.
  expect(events).toBe(2 + 4 + (1 + 3 * 3 + 1) + (1 + 4 + 1) + 2);
});
