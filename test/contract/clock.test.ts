import { expect, test } from '@jest/globals';
import { systemClock } from '../../core/system-clock.ts';
import { ManualClock } from '../support/memory/manual-clock.ts';

test.each([
  ['system', systemClock],
  ['manual', new ManualClock(1_800_000_000)],
])('the %s clock tells seconds since 1970, and never goes back by itself', (_, clock) => {
  const first = clock.now();
  expect(first).toBeGreaterThan(1_700_000_000);
  expect(first).toBeLessThan(5_000_000_000);
  expect(clock.now()).toBeGreaterThanOrEqual(first);
});

test('the manual clock goes on when it is told to', () => {
  const clock = new ManualClock(10);
  clock.advance(2.5);
  expect(clock.now()).toBe(12.5);
});
