/** Gathering of many parts: in several calls that may end anywhere, and from a store that takes its time. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Unreachable } from '../../core/errors/errors.ts';
import { MemoryStore } from '../../core/memory-store.ts';
import { layout } from '../../core/run-store/layout.ts';
import type { RunRequest } from '../../core/run-store/request/request.ts';
import { readAll, type Store } from '../../core/store.ts';
import { gather, gatherInSteps } from '../../functions/gather/gather.ts';
import { aRun, record, request } from '../unit/functions/gather/runs.ts';
import { gatherFromSlowBucket } from '../unit/functions/gather/slow-bucket.ts';

/** Everything; of what was kept in between, nothing is left. */
async function left(store: Store): Promise<Record<string, string>> {
  const all: Record<string, string> = {};
  for await (const { key } of store.list('')) all[key] = (await readAll(store, key)).toString('latin1');
  return all;
}

test('what is gathered in calls that are cut and ended anywhere is byte for byte that of one go', async () => {
  const line = fc.oneof(
    fc.record({ index: fc.nat(11), failed: fc.boolean(), at: fc.nat(50) }).map((some) => record(some)),
    fc.constant('not a record\n'),
    fc.constant('>parts/1/forged.jsonl\n'),
    fc.constant(''),
  );
  const part = fc.tuple(fc.array(line, { maxLength: 5 }), fc.constantFrom('', '{"status":"torn'));
  await fc.assert(
    fc.asyncProperty(
      fc.array(part, { maxLength: 14 }),
      fc.array(fc.record({ after: fc.nat(3), dies: fc.boolean() }), { maxLength: 8 }),
      fc.integer({ min: 1, max: 4 }),
      fc.constantFrom(50, 400, 1_000_000),
      fc.constantFrom(1, 2),
      async (parts, goes, most, bytes, repetitions) => {
        const texts = parts.map(([lines, torn]) => lines.join('') + torn);
        const asked: RunRequest = { ...request, repetitions };
        const [whole, cut] = [await aRun(12, texts, repetitions), await aRun(12, texts, repetitions)];
        const project = new MemoryStore();
        const counts = await gather({ store: whole, project, now: () => 99 })(asked);
        const go = (after: number, dies: boolean) => {
          let looks = 0;
          const over = () => {
            const now = looks++ >= after;
            if (now && dies) throw new Unreachable('it was ended');
            return now;
          };
          return gatherInSteps({ store: cut, project, now: () => 99, over, piece: { parts: most, bytes } })(
            asked,
          );
        };
        for (const { after, dies } of goes) await go(after, dies).catch(() => {});
        expect(await go(Number.POSITIVE_INFINITY, false)).toEqual({ state: 'ready', ...counts });
        expect(await left(cut)).toEqual(await left(whole));
      },
    ),
  );
});

test('parts in a bucket that takes 100 ms for each end with results, each read once', () =>
  gatherFromSlowBucket(5000));

test('parts that come between two calls are not missed, and what was put together before counts for nothing', async () => {
  const texts = [0, 1, 2, 3].map((index) => record({ index, failed: true, at: 1 }));
  const store = await aRun(6, texts);
  const ports = { store, project: new MemoryStore(), now: () => 99, piece: { parts: 2, bytes: 1e6 } };
  expect(await gatherInSteps({ ...ports, over: () => true })(request)).toEqual({
    state: 'pending',
    detail: '2 parts are read',
  });
  await store.write(layout.part(1, '0-more'), record({ index: 5, failed: false, at: 2 }));
  await store.write(layout.part(1, 'p-000001'), record({ index: 1, failed: false, at: 3 }));
  expect(await gatherInSteps({ ...ports, over: () => false })(request)).toEqual({
    ...{ state: 'ready', succeeded: 2, failed: 3, unfinished: 1 },
  });
});
