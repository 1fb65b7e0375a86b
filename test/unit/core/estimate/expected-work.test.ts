import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { heaviestFirst } from '../../../../core/estimate/batches.ts';
import { expectedWork } from '../../../../core/estimate/expected-work.ts';
import { Durations, DurationsBuilder } from '../../../../core/run-store/plan/durations.ts';
import { expectedSeconds } from '../../../../functions/plan/tasks/expected-seconds.ts';

const weight = fc.oneof(fc.constant(0), fc.double({ min: 1e-9, max: 1e6, noNaN: true }));
const workOf = (weights: Float64Array, known = true) => expectedWork(heaviestFirst(weights), weights, known);

describe('expectedWork', () => {
  test('tells the share of work by the share of tasks, heavy ones first', () => {
    const { seconds, longest, curve } = workOf(Float64Array.of(1, 1, 7, 1));
    expect([seconds, longest]).toEqual([10, 7]);
    expect(curve).toHaveLength(101);
    expect([curve[25], curve[50], curve[75], curve[100]]).toEqual([0.7, 0.8, 0.9, 1]);
    // Half of the first task.
    expect(curve[12]).toBeCloseTo((12 / 25) * 0.7, 5);
  });

  test('knows no seconds where only sizes are known', () => {
    expect(workOf(Float64Array.of(3, 4), false)).toMatchObject({ seconds: null, longest: null });
  });

  test('rises from 0 to 1 and never lies below the diagonal', () => {
    fc.assert(
      fc.property(fc.array(weight, { minLength: 1 }), (weights) => {
        const { curve } = workOf(Float64Array.from(weights));
        expect(curve).toHaveLength(101);
        expect([curve[0], curve[100]]).toEqual([0, 1]);
        for (const [k, share] of curve.entries()) {
          expect(share).toBeGreaterThanOrEqual(k / 100 - 1e-5);
          expect(share).toBeGreaterThanOrEqual((curve[k - 1] ?? 0) - 1e-5);
        }
      }),
    );
  });
});

test('a duration below 0, left by a clock that was set back, is no history', () => {
  const before = new DurationsBuilder(2);
  before.add('0000000000000001', -5);
  before.add('0000000000000002', 3);
  const history = new Durations(Buffer.concat([...before.sorted().mergedWith(new Durations())]));
  const { seconds } = expectedSeconds(
    Float64Array.of(9, 9),
    (index) => `000000000000000${index + 1}`,
    history,
  );
  expect([...seconds]).toEqual([3, 3]);
});
