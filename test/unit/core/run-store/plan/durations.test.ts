import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { MemoryStore } from '../../../../../core/memory-store.ts';
import {
  Durations,
  DurationsBuilder,
  durationsKey,
  readDurations,
} from '../../../../../core/run-store/plan/durations.ts';

const ids = fc
  .bigInt({ min: 0n, max: 2n ** 64n - 1n })
  .map((number) => number.toString(16).padStart(16, '0'));
const histories = fc.dictionary(ids, fc.float({ min: 0, max: 1e6, noNaN: true }), { maxKeys: 60 });

const built = (history: Record<string, number>) => {
  const builder = new DurationsBuilder(Object.keys(history).length);
  for (const [id, seconds] of Object.entries(history)) builder.add(id, seconds);
  return builder.sorted();
};

test('every task is found, and no other; newer durations take the place of older ones', async () => {
  await fc.assert(
    fc.asyncProperty(histories, histories, ids, async (older, newer, other) => {
      const store = new MemoryStore();
      await store.write(durationsKey, built(older).mergedWith(built(newer)));
      const merged = await readDurations(store);
      const expected = { ...older, ...newer };
      expect(merged.length).toBe(Object.keys(expected).length);
      for (const [id, seconds] of Object.entries(expected))
        expect(merged.secondsOf(id)).toBe(Math.fround(seconds));
      if (!(other in expected)) expect(merged.secondsOf(other)).toBeUndefined();
    }),
  );
});

test('no history, and a damaged one, are empty', async () => {
  const store = new MemoryStore();
  expect((await readDurations(store)).length).toBe(0);
  await store.write(durationsKey, Buffer.alloc(13));
  expect((await readDurations(store)).secondsOf('0000000000000000')).toBeUndefined();
  expect(new Durations().length).toBe(0);
});
