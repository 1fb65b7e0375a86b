/** The range of the time left, on simulated runs of every kind: seeded, without a clock. */
import { describe, expect, test } from '@jest/globals';
import { type Checked, check, heldIn } from '../unit/core/estimate/check.ts';
import { scenarios } from '../unit/core/estimate/scenarios.ts';

const checkpoints = [0.1, 0.3, 0.6, 0.9];
const runs = (tasks: number) => (tasks > 10_000 ? 2 : tasks >= 2000 ? 10 : 20);

describe('simulated runs', () => {
  const checked: Checked[] = [];

  test.each(Object.entries(scenarios))('%s: the true end lies in the range', (_, scenario) => {
    const { mostWidth, ...simulated } = scenario;
    const result = check(simulated, runs(scenario.tasks), checkpoints);
    checked.push(result);
    for (const [index, share] of result.shown.entries()) {
      // Where hardly anything is said yet, there is not much to be counted.
      if (share >= 0.5) expect(result.coverage[index]).toBeGreaterThanOrEqual(0.85);
    }
    // With a history something is said early, without one near the end at the latest.
    expect(result.shown[scenario.known ? 0 : 3]).toBeGreaterThanOrEqual(0.9);
    for (const [index, most] of mostWidth.entries()) {
      const width = result.width[index];
      if (!Number.isNaN(width)) expect(width).toBeLessThanOrEqual(most);
    }
  });

  test('over all of them, it does so nine times out of ten at each checkpoint', () => {
    expect(checked).toHaveLength(Object.keys(scenarios).length);
    for (const index of checkpoints.keys()) expect(heldIn(checked, index)).toBeGreaterThanOrEqual(0.9);
  });
});
