import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { SpreadRecorder } from '../../../../core/estimate/pace.ts';

test('the deviation is that of the logarithms of all durations', () => {
  const some = fc.tuple(fc.double({ min: 1e-4, max: 1e4, noNaN: true }), fc.integer({ min: 1, max: 5 }));
  fc.assert(
    fc.property(fc.array(some, { minLength: 1 }), (taken) => {
      const spreads = new SpreadRecorder();
      for (const [seconds, tasks] of taken) spreads.add(seconds, tasks);
      const logs = taken.flatMap(([seconds, tasks]) => Array<number>(tasks).fill(Math.log(seconds)));
      const mean = logs.reduce((a, b) => a + b) / logs.length;
      const variance = logs.reduce((sum, value) => sum + (value - mean) ** 2, 0) / logs.length;
      expect(spreads.spread.tasks).toBe(logs.length);
      expect(spreads.spread.deviation).toBeCloseTo(Math.sqrt(variance), 5);
    }),
  );
});

test('a clock that stands still is no trouble', () => {
  const spreads = new SpreadRecorder();
  spreads.add(0, 2);
  spreads.add(-1, 1);
  expect(spreads.spread).toEqual({ tasks: 3, deviation: 0 });
});
