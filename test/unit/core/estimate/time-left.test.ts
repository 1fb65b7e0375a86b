/** The range of the time left, on simulated runs: seeded, without a clock. */
import { describe, expect, test } from '@jest/globals';
import { PaceMeter, paceOf, SpreadRecorder } from '../../../../core/estimate/pace.ts';
import {
  type ObservedProgress,
  type PlannedWork,
  TimeLeft,
  timeLeftAt,
} from '../../../../core/estimate/time-left.ts';
import { check, heldIn } from './check.ts';
import { scenarios } from './scenarios.ts';
import { simulate } from './simulated-run.ts';

/** Two runs of each of the simpler kinds; test/long/time-left.test.ts has more of each kind, and holds each to bars of its own. */
test('the true end of simulated runs lies in the range, nine times out of ten at each checkpoint', () => {
  const checkpoints = [0.1, 0.3, 0.6, 0.9];
  const simple = Object.values(scenarios).filter(({ tasks }) => tasks <= 600);
  expect(simple.length).toBeGreaterThan(15);
  const checked = simple.map(({ mostWidth: _, ...scenario }) => check(scenario, 2, checkpoints));
  for (const index of checkpoints.keys()) expect(heldIn(checked, index)).toBeGreaterThanOrEqual(0.9);
});

/** A run whose time and tasks are set by hand. */
function observed(plan: PlannedWork) {
  const estimate = new TimeLeft(plan);
  let now = 0;
  const meter = new PaceMeter(() => now);
  let repetition = 1;
  meter.start(1, 0);
  return {
    /** At this time so many more tasks end. */
    at(seconds: number, tasks = 0): void {
      now = seconds;
      if (tasks > 0) meter.add(1, tasks);
    },
    nextRepetition(): void {
      meter.start(++repetition, 0);
    },
    left(busy: number) {
      const { pace } = meter.of(repetition);
      if (!pace) throw new Error('no pace');
      return estimate.range({ repetition, busy, pace });
    },
    progress(busy: number) {
      const counts = { repetition, succeeded: 0, failed: 0, workers: plan.workers, busy };
      return { ...counts, firstFailure: undefined, ...meter.of(repetition) };
    },
  };
}

describe('the time left', () => {
  const even = { seconds: null, longest: null, curve: [0, 1] };
  const history = { seconds: 1000, longest: 10, curve: [0, 1] };

  test('is known from the start when there is a history', () => {
    const run = observed({ tasks: 100, expected: history, workers: 10 });
    run.at(2);
    const { low, high } = run.left(10) ?? { low: 0, high: 0 };
    expect(low).toBeLessThan(100);
    expect(low).toBeGreaterThan(30);
    expect(high).toBeGreaterThan(100);
    expect(high).toBeLessThan(300);
  });

  test('is not known before a task has ended, without one', () => {
    const run = observed({ tasks: 100, expected: even, workers: 10 });
    run.at(9);
    expect(run.left(10)).toBeUndefined();
  });

  test('grows when nothing ends any more', () => {
    const run = observed({ tasks: 100, expected: even, workers: 1 });
    for (let now = 1; now <= 50; now++) run.at(now, 1);
    const before = run.left(1)?.high as number;
    expect(before).toBeLessThan(100);
    run.at(150);
    expect(run.left(1)?.high).toBeGreaterThan(1.5 * before);
  });

  test('is nothing when all tasks of the last repetition are done', () => {
    const run = observed({ tasks: 10, expected: even, workers: 2, repetitions: 2 });
    for (let now = 1; now <= 10; now++) run.at(now, 1);
    expect(run.left(0)?.high).toBeGreaterThan(8);
    run.at(11);
    run.nextRepetition();
    for (let now = 12; now <= 21; now++) run.at(now, 1);
    expect(run.left(2)).toEqual({ low: 0, high: 0 });
  });

  test('of the next repetition is known from the one before', () => {
    const run = observed({ tasks: 100, expected: even, workers: 1, repetitions: 2 });
    for (let now = 1; now <= 100; now++) run.at(now, 1);
    run.nextRepetition();
    run.at(101);
    const { low, high } = run.left(1) ?? { low: 0, high: 0 };
    expect(low).toBeGreaterThan(50);
    expect(low).toBeLessThan(100);
    expect(high).toBeGreaterThan(100);
    expect(high).toBeLessThan(200);
  });

  test('is never nothing while a task runs, however late it is', () => {
    const run = observed({ tasks: 1, expected: { ...history, seconds: 5, longest: 5 }, workers: 1 });
    run.at(60);
    expect(run.left(1)?.high).toBeGreaterThanOrEqual(60);
  });

  test('copes with a plan of one task and with a million', () => {
    for (const tasks of [1, 1_000_000]) {
      const run = observed({ tasks, expected: { ...history, seconds: 10 * tasks, longest: 10 }, workers: 4 });
      run.at(3);
      const { low, high } = run.left(Math.min(tasks, 4)) ?? { low: 0, high: 0 };
      const truth = Math.max(10, (10 * tasks) / 4);
      expect(low).toBeLessThan(truth);
      expect(high).toBeGreaterThan(truth / 2);
    }
  });

  test('is the same from one snapshot as for a line that has followed the run, also if it was written to a file', () => {
    const plan = { tasks: 300, expected: even, workers: 3 };
    const run = observed(plan);
    for (let now = 1; now <= 60; now++) {
      run.at(now, 3);
      run.left(3);
    }
    const progress = JSON.parse(JSON.stringify(run.progress(3)));
    const once = timeLeftAt({ progress }, plan, { workers: 3, repetitions: 1 });
    expect(once).toEqual(run.left(3));
    expect(once?.low).toBeGreaterThan(10);
  });
});

/** On this machine the workers measure the pace when tasks end; on AWS it is read from the records, second by second. */
test('records give nearly the range that the live line has measured', () => {
  for (const name of ['history, right', 'sizes tell, 16 workers', 'equal sizes, resumed at 30 %']) {
    const { mostWidth: _, ...scenario } = scenarios[name] as (typeof scenarios)[string];
    const { tasks, expected, doneBefore, repetitions } = simulate(scenario, 7);
    const [{ ends, durations } = { ends: [], durations: [] }] = repetitions;
    const end = 0.6 * (ends.at(-1) as number);
    let now = 0;
    const meter = new PaceMeter(() => now);
    meter.start(1, doneBefore);
    const since = 1_800_000_000.4;
    const spread = new SpreadRecorder();
    const perSecond = new Map([[since - 3600, doneBefore]]);
    let done = doneBefore;
    for (const [index, at] of ends.entries()) {
      if (at > end) break;
      now = at;
      done++;
      meter.add(durations[index] as number, 1);
      spread.add(durations[index] as number, 1);
      const second = Math.ceil(since + at);
      perSecond.set(second, (perSecond.get(second) ?? 0) + 1);
    }
    now = end;
    const recorded = paceOf(
      { perSecond, spread: spread.spread, done },
      { since, now: since + end, previous: null },
    );
    const estimate = new TimeLeft({ tasks, expected, workers: scenario.workers });
    const busy = scenario.workers;
    const live = estimate.range({ repetition: 1, busy, ...meter.of(1) } as ObservedProgress);
    const read = estimate.range({ repetition: 1, busy, pace: recorded });
    expect(recorded.doneBefore).toBe(doneBefore);
    for (const side of ['low', 'high'] as const) {
      const ratio = (read?.[side] ?? 0) / (live?.[side] ?? 0);
      expect(ratio).toBeGreaterThan(0.8);
      expect(ratio).toBeLessThan(1.25);
    }
  }
});
