/** Gathering of many parts: in several calls that may end anywhere, and from a store that takes its time. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { MemoryStore } from '../../../../adapters/memory/store.ts';
import { gather, gatherInSteps } from '../../../../functions/gather/gather.ts';
import { Unreachable } from '../../../../ports/errors.ts';
import { layout } from '../../../../ports/layout.ts';
import type { RunRequest } from '../../../../ports/request.ts';
import { readAll, type Store } from '../../../../ports/store.ts';
import { aRun, record, request } from './runs.ts';

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

/** A bucket that takes a moment for each answer, on a clock of its own: it moves when nothing else can happen. */
class Bucket extends MemoryStore {
  now = 0;
  atOnce = 0;
  most = 0;
  bytes = 0;
  gets = 0;
  lists = 0;
  #waiting: { at: number; go: () => void }[] = [];
  #ticking = false;

  readonly #latency: number;

  /** @param latency seconds */
  constructor(latency: number) {
    super();
    this.#latency = latency;
  }

  override async *list(prefix: string, after?: string) {
    let count = 0;
    for await (const found of super.list(prefix, after)) {
      if (count++ % 1000 === 0) {
        this.lists++;
        await this.#answer();
      }
      yield found;
    }
  }

  override async *read(key: string, range?: { start: number; end?: number }) {
    this.gets++;
    this.most = Math.max(this.most, ++this.atOnce);
    await this.#answer();
    this.atOnce--;
    yield* super.read(key, range);
  }

  #answer(): Promise<void> {
    if (!this.#ticking) {
      this.#ticking = true;
      setImmediate(() => this.#tick());
    }
    return new Promise((go) => this.#waiting.push({ at: this.now + this.#latency, go }));
  }

  #tick(): void {
    this.#ticking = false;
    const next = Math.min(...this.#waiting.map(({ at }) => at));
    const ready = this.#waiting.filter(({ at }) => at <= next);
    this.#waiting = this.#waiting.filter(({ at }) => at > next);
    this.now = Math.max(this.now, next);
    for (const { go } of ready) go();
    if (this.#waiting.length > 0 && !this.#ticking) {
      this.#ticking = true;
      setImmediate(() => this.#tick());
    }
  }
}

test('100,000 parts in a bucket that takes 100 ms for each end with results, no call lasting a quarter of an hour', async () => {
  const count = 100_000;
  const bucket = await aRun(
    count,
    Array.from({ length: count }, (_, index) => record({ index, failed: false, at: index % 1000 })),
    1,
    new Bucket(0.1),
  );
  const reading = 6 * 60;
  let calls = 0;
  let longest = 0;
  for (let state = 'pending'; state === 'pending'; ) {
    const began = bucket.now;
    const over = () => bucket.now - began >= reading;
    const step = await gatherInSteps({ store: bucket, project: new MemoryStore(), now: () => 99, over })(
      request,
    );
    state = step.state;
    longest = Math.max(longest, bucket.now - began);
    if (++calls > 20) throw new Error('it comes no further');
    if (step.state === 'ready') expect(step).toEqual({ state, succeeded: count, failed: 0, unfinished: 0 });
  }
  expect(longest).toBeLessThan(450);
  expect(calls).toBeLessThan(4);
  // Each part was read once: what was put together once is not read by itself again.
  expect(bucket.gets).toBeLessThan(count + 5000);
  expect(bucket.lists).toBeLessThan(450);
  expect(bucket.most).toBeLessThanOrEqual(64);
  const results = (await readAll(bucket, layout.result('results.csv'))).toString();
  expect(results.split('\n')).toHaveLength(count + 2);
});

test('parts that come between two calls are not missed, and what was put together before counts for nothing', async () => {
  const texts = [0, 1, 2, 3].map((index) => record({ index, failed: true, at: 1 }));
  const store = await aRun(6, texts);
  const ports = { store, project: new MemoryStore(), now: () => 99, piece: { parts: 2, bytes: 1e6 } };
  expect(await gatherInSteps({ ...ports, over: () => true })(request)).toEqual({
    state: 'pending',
    detail: '2 parts of results were read',
  });
  await store.write(layout.part(1, '0-more'), record({ index: 5, failed: false, at: 2 }));
  await store.write(layout.part(1, 'p-000001'), record({ index: 1, failed: false, at: 3 }));
  expect(await gatherInSteps({ ...ports, over: () => false })(request)).toEqual({
    ...{ state: 'ready', succeeded: 2, failed: 3, unfinished: 1 },
  });
});
