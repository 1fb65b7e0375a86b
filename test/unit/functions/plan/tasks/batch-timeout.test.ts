import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { batchTimeout } from '../../../../../functions/plan/tasks/batch-limits.ts';
import { packageRoot } from '../../../../support/cli/project.ts';

const config = { taskTimeoutSeconds: 60, maxAttempts: 3 };
const year = 365 * 24 * 3600;

test('an offer gets time to wait, a slice, an hour for data, and all attempts at one task', () => {
  expect(batchTimeout(config)).toBe(1200 + 600 + 3600 + 180);
});

test('tasks of days have the time that config.yaml gives them', () => {
  expect(batchTimeout({ taskTimeoutSeconds: 604_800, maxAttempts: 3 })).toBeGreaterThan(3 * 604_800);
});

test('a task without a limit has as long as an execution may last', () => {
  expect(batchTimeout({ ...config, taskTimeoutSeconds: null })).toBe(year);
});

test('the slice is that of the workers', () => {
  const source = readFileSync(join(packageRoot, 'worker/gcd_worker/agent/environment.py'), 'utf8');
  expect(source).toMatch(/^ {4}'slice': 600,$/m);
});

test('is whole seconds, longer than a heartbeat, and what Step Functions takes', () => {
  const limits = fc.record({
    taskTimeoutSeconds: fc.option(fc.double({ min: 0.1, max: 604_800, noNaN: true })),
    maxAttempts: fc.integer({ min: 1, max: 1000 }),
  });
  fc.assert(
    fc.property(limits, (given) => {
      const timeout = batchTimeout(given);
      expect(Number.isInteger(timeout)).toBe(true);
      expect(timeout).toBeGreaterThan(1200);
      expect(timeout).toBeLessThanOrEqual(year);
    }),
  );
});
