/** Gathering from a bucket that takes its time, on a clock of its own. */
import { expect } from '@jest/globals';
import { MemoryStore } from '../../../../core/memory-store.ts';
import { layout } from '../../../../core/run-store/layout.ts';
import { readAll } from '../../../../core/store.ts';
import { gatherInSteps } from '../../../../functions/gather/gather.ts';
import { aRun, record, request } from './runs.ts';

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

/** Gathers so many parts from a bucket that takes 100 ms for each: no call lasts a quarter of an hour, and all is there. */
export async function gatherFromSlowBucket(count: number): Promise<void> {
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
}
