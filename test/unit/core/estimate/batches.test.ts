import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type BatchLimits, cutBatches, heaviestFirst } from '../../../../core/estimate/batches.ts';

const weightsOf = fc.array(fc.oneof(fc.nat(100), fc.integer({ min: 1, max: 1e9 })), {
  minLength: 1,
  maxLength: 400,
});
const slotsOf = fc.integer({ min: 1, max: 40 });

/** When the last of the workers ends, each taking the next batch as soon as it is free. */
function makespan(batches: number[], slots: number): number {
  const free = new Array<number>(slots).fill(0);
  for (const weight of batches) {
    const first = free.indexOf(Math.min(...free));
    free[first] = (free[first] as number) + weight;
  }
  return Math.max(...free);
}

function plan(
  values: number[],
  slots: number,
  limits: Omit<BatchLimits, 'slots'> = { tasks: 500, bytes: 1e9 },
) {
  const weights = Float64Array.from(values);
  const order = heaviestFirst(weights);
  const bytes = new Uint32Array(values.length).fill(10);
  const cuts = [...cutBatches(order, weights, bytes, { slots, ...limits })];
  const sums = cuts.map(([start, end]) =>
    order.subarray(start, end).reduce((sum, task) => sum + (weights[task] as number), 0),
  );
  return { order, cuts, sums };
}

test('every task is in exactly one batch, heavy ones first', () => {
  fc.assert(
    fc.property(weightsOf, slotsOf, (values, slots) => {
      const { order, cuts } = plan(values, slots);
      expect([...order].sort((a, b) => a - b)).toEqual(values.map((_, index) => index));
      for (let place = 1; place < order.length; place++)
        expect(values[order[place - 1] as number]).toBeGreaterThanOrEqual(
          values[order[place] as number] as number,
        );
      expect(cuts[0]?.[0]).toBe(0);
      expect(cuts.at(-1)?.[1]).toBe(values.length);
      for (const [place, [start, end]] of cuts.entries()) {
        expect(end).toBeGreaterThan(start);
        if (place > 0) expect(start).toBe(cuts[place - 1]?.[1]);
      }
    }),
  );
});

test('no worker ends later than total/slots plus the heaviest task, or the least batch', () => {
  const more = fc.record({
    share: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }),
    leastTasks: fc.option(fc.integer({ min: 1, max: 20 }), { nil: undefined }),
  });
  fc.assert(
    fc.property(weightsOf, slotsOf, fc.nat(1000), more, (values, slots, least, { share, leastTasks }) => {
      const total = values.reduce((sum, value) => sum + value, 0);
      const limits = { ...(share && { share }), ...(leastTasks && { leastTasks }) };
      const { sums } = plan(values, slots, { tasks: 500, bytes: 1e9, least, ...limits });
      expect(makespan(sums, slots)).toBeLessThanOrEqual(total / slots + Math.max(...values, least));
    }),
    { numRuns: 1000 },
  );
});

test('no batch of several tasks is heavier than the most', () => {
  fc.assert(
    fc.property(weightsOf, slotsOf, fc.integer({ min: 1, max: 1000 }), (values, slots, most) => {
      const { cuts, sums } = plan(values, slots, { tasks: 500, bytes: 1e9, most });
      for (const [place, [start, end]] of cuts.entries())
        if (end - start > 1) expect(sums[place]).toBeLessThanOrEqual(most);
    }),
  );
});

test('batches keep to their limits', () => {
  fc.assert(
    fc.property(weightsOf, slotsOf, fc.integer({ min: 1, max: 30 }), (values, slots, tasks) => {
      for (const [start, end] of plan(values, slots, { tasks, bytes: 55 }).cuts)
        expect(end - start).toBeLessThanOrEqual(Math.min(tasks, 5));
    }),
  );
});

test('where weights may mean nothing, no batch has more tasks than its share of what remains', () => {
  // Small files, after large ones: as long as the others, for all that anybody knows.
  const { cuts } = plan([...new Array(100).fill(1e9), ...new Array(900).fill(1)], 10, {
    ...{ tasks: 500, bytes: 1e9, least: 1e8, leastTasks: 2 },
  });
  for (const [start, end] of cuts)
    expect(end - start).toBeLessThanOrEqual(Math.max(2, (1000 - start) / (3 * 10)));
});

test('equal tasks stay in the order of the manifest', () => {
  expect([...heaviestFirst(Float64Array.from([5, 7, 5, 7, 5]))]).toEqual([1, 3, 0, 2, 4]);
});

test('many equal tasks make few batches, the last ones of a single task', () => {
  const { cuts } = plan(new Array(10_000).fill(1), 2);
  expect(cuts.length).toBeLessThan(80);
  expect(cuts.at(-1)).toEqual([9999, 10_000]);
});
