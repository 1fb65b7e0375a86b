import { expect, test } from '@jest/globals';
import type { Offer } from '../../../../adapters/local/workers/offers.ts';
import { Trace } from '../../../../adapters/local/workers/trace.ts';

const offer = (...tasks: number[]) =>
  ({ line: JSON.stringify(tasks.map((index) => [index, `id${index}`, `${index}.csv`, null])) }) as Offer;

test('the task that a worker is at follows from what has ended, retried ones come last', () => {
  const trace = new Trace();
  const counts = { succeeded: 10, failed: 1 };
  const at = (batch: Offer) => trace.current(batch, counts)?.[0];
  const batch = offer(7, 3, 5);
  trace.batchBegins(counts);
  expect(trace.current(batch, counts)).toEqual([7, 'id7', '7.csv', null]);
  trace.retried(7);
  expect(at(batch)).toBe(3);
  counts.failed++;
  expect(at(batch)).toBe(5);
  trace.retried(5);
  expect(at(batch)).toBe(7);
  counts.succeeded++;
  expect(at(batch)).toBe(5);
  counts.succeeded++;
  expect(at(batch)).toBeUndefined();
  trace.batchBegins(counts);
  expect(at(offer(9))).toBe(9);
});
