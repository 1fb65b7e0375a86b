/** The range of the time left, on simulated runs: seeded, without a clock. */
import { describe, expect, test } from '@jest/globals';
import { Eta } from '../../../../../cli/view/eta/eta.ts';
import { check, heldIn } from './check.ts';
import { scenarios } from './scenarios.ts';

/** Two runs of each of the simpler kinds; test/long/eta.test.ts has more of each kind, and holds each to bars of its own. */
test('the true end of simulated runs lies in the range, nine times out of ten at each checkpoint', () => {
  const checkpoints = [0.1, 0.3, 0.6, 0.9];
  const simple = Object.values(scenarios).filter(({ tasks }) => tasks <= 600);
  expect(simple.length).toBeGreaterThan(15);
  const checked = simple.map(({ mostWidth: _, ...scenario }) => check(scenario, 2, checkpoints));
  for (const index of checkpoints.keys()) expect(heldIn(checked, index)).toBeGreaterThanOrEqual(0.9);
});

describe('the time left', () => {
  const even = { seconds: null, longest: null, curve: [0, 1] };
  const history = { seconds: 1000, longest: 10, curve: [0, 1] };

  test('is told from the start when there is a history', () => {
    const eta = new Eta({ tasks: 100, expected: history, workers: 10 });
    for (let now = 0; now < 2; now += 0.1) eta.observe({ now, done: 0, busy: 10 });
    const { low, high } = eta.left() ?? { low: 0, high: 0 };
    expect(low).toBeLessThan(100);
    expect(low).toBeGreaterThan(30);
    expect(high).toBeGreaterThan(100);
    expect(high).toBeLessThan(300);
  });

  test('is not told before anything ended, without one', () => {
    const eta = new Eta({ tasks: 100, expected: even, workers: 10 });
    for (let now = 0; now < 9; now += 0.1) eta.observe({ now, done: 0, busy: 10 });
    expect(eta.left()).toBeUndefined();
  });

  test('grows when nothing ends any more', () => {
    const eta = new Eta({ tasks: 100, expected: even, workers: 1 });
    for (let now = 0; now <= 50; now += 0.5) eta.observe({ now, done: Math.floor(now), busy: 1 });
    const before = eta.left()?.high as number;
    expect(before).toBeLessThan(100);
    for (let now = 50; now <= 150; now += 0.5) eta.observe({ now, done: 50, busy: 1 });
    expect(eta.left()?.high).toBeGreaterThan(1.5 * before);
  });

  test('is nothing when all tasks of the last repetition are done', () => {
    const eta = new Eta({ tasks: 10, expected: even, workers: 2, repetitions: 2 });
    for (let done = 0; done <= 10; done++) eta.observe({ now: done, done, busy: 2, repetition: 1 });
    for (let n = 0; n < 30; n++) eta.observe({ now: 10, done: 10, busy: 0, repetition: 1 });
    expect(eta.left()?.high).toBeGreaterThan(8);
    for (let done = 0; done <= 10; done++) eta.observe({ now: 11 + done, done, busy: 2, repetition: 2 });
    expect(eta.left()).toEqual({ low: 0, high: 0 });
  });

  test('is never nothing while a task runs, however late it is', () => {
    const eta = new Eta({ tasks: 1, expected: { ...history, seconds: 5, longest: 5 }, workers: 1 });
    for (let now = 0; now <= 60; now++) eta.observe({ now, done: 0, busy: 1 });
    expect(eta.left()?.high).toBeGreaterThanOrEqual(60);
  });

  test('copes with a plan of one task and with a million', () => {
    for (const tasks of [1, 1_000_000]) {
      const eta = new Eta({ tasks, expected: { ...history, seconds: 10 * tasks, longest: 10 }, workers: 4 });
      for (let n = 0; n < 30; n++) eta.observe({ now: n / 10, done: 0, busy: Math.min(tasks, 4) });
      const { low, high } = eta.left() ?? { low: 0, high: 0 };
      const truth = Math.max(10, (10 * tasks) / 4);
      expect(low).toBeLessThan(truth);
      expect(high).toBeGreaterThan(truth / 2);
    }
  });
});
