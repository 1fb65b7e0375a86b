import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { batchTimeout } from '../../../../functions/plan/batch-timeout.ts';

const config = { taskTimeoutSeconds: 60, maxAttempts: 3 };

test('a batch gets time to wait, ten times what it took, and all attempts at one task', () => {
  expect(batchTimeout({ tasks: 5, expected: 100 }, config)).toBe(1200 + 1000 + 180);
  expect(batchTimeout({ tasks: 5, expected: 0.4 }, config)).toBe(1200 + 4 + 180);
});

test('without a history, all attempts at all of its tasks', () => {
  expect(batchTimeout({ tasks: 5, expected: null }, config)).toBe(1200 + 5 * 180);
});

test('when nothing is known of it, as long as SQS can wait', () => {
  expect(batchTimeout({ tasks: 1, expected: null }, { ...config, taskTimeoutSeconds: null })).toBe(42_600);
  expect(batchTimeout({ tasks: 1, expected: 86_400 }, config)).toBe(42_600);
});

test('is whole seconds, longer than a heartbeat and shorter than 12 hours', () => {
  const expected = fc.option(fc.double({ min: 0, max: 1e6, noNaN: true }));
  const limits = fc.record({
    taskTimeoutSeconds: fc.option(fc.double({ min: 0.1, max: 1e6, noNaN: true })),
    maxAttempts: fc.integer({ min: 1, max: 10 }),
  });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 500 }), expected, limits, (tasks, seconds, given) => {
      const timeout = batchTimeout({ tasks, expected: seconds }, given);
      expect(Number.isInteger(timeout)).toBe(true);
      expect(timeout).toBeGreaterThan(1200);
      expect(timeout).toBeLessThan(12 * 3600);
    }),
  );
});
