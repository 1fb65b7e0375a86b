import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DataCache } from '../../../../../adapters/local/data-cache/data-cache.ts';
import { Dispatcher } from '../../../../../adapters/local/workers/dispatcher.ts';
import type { Piece, SentTask } from '../../../../../adapters/local/workers/pieces.ts';
import { Unreachable } from '../../../../../core/errors/errors.ts';
import { MemoryStore } from '../../../../../core/memory-store.ts';
import { layout } from '../../../../../core/run-store/layout.ts';

const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

/** @param sizes of the file of each task, by the task's index */
async function dispatcherOf(sizes: number[], limit: number, slots: number, data = new MemoryStore()) {
  const parent = await mkdtemp(join(tmpdir(), 'gcd-dispatcher-'));
  const cache = await DataCache.open({
    store: data,
    folder: join(parent, 'cache'),
    limit,
    concurrency: 2,
    patienceMs: 0,
  });
  cleanUps.push(async () => {
    await cache.close();
    await rm(parent, { recursive: true });
  });
  const run = new MemoryStore();
  const lines = sizes.map((size, n) => JSON.stringify({ id: `${n}`, file: `f${n}`, column: null, size }));
  await run.write(layout.manifest, lines.map((line) => `${line}\n`).join(''));
  return Dispatcher.open(cache, run, slots);
}

test('a batch is cut into pieces whose files fit into the cache with all others that are needed', async () => {
  const sizes = [0, 1, 30, 31, 100, 5, 5, 5];
  // Two workers with two pieces each, and 2 + 2 × 2 that wait: a tenth of the limit each.
  const dispatcher = await dispatcherOf(sizes, 300, 2);
  fc.assert(
    fc.property(fc.array(fc.nat(7), { minLength: 1, maxLength: 60 }), (files) => {
      const tasks = files.map((n): SentTask => [n, `${n}`, `f${n}`, null]);
      const pieces = dispatcher.pieces(JSON.stringify(tasks));
      const cut = pieces.map(({ line }) => JSON.parse(line) as SentTask[]);
      expect(cut.flat()).toEqual(tasks);
      expect(pieces.map((piece) => piece.tasks)).toEqual(cut.map((piece) => piece.length));
      const filesOf = (piece: SentTask[]) => [...new Set(piece.map(([index]) => index))];
      const bytesOf = (files: number[]) => files.reduce((sum, n) => sum + (sizes[n] ?? 0), 0);
      for (const [at, piece] of cut.entries()) {
        const own = filesOf(piece);
        expect(bytesOf(own) <= 30 || own.length === 1).toBe(true);
        // No piece is smaller than it must be.
        const next = cut[at + 1]?.[0]?.[0];
        if (next !== undefined) expect(bytesOf([...new Set([...own, next])])).toBeGreaterThan(30);
      }
    }),
  );
});

test('many small files are not waited for together', async () => {
  const dispatcher = await dispatcherOf(new Array(100).fill(1), 10_000, 2);
  const tasks = Array.from({ length: 100 }, (_, n): SentTask => [n, `${n}`, `f${n}`, null]);
  expect(dispatcher.pieces(JSON.stringify(tasks)).map((piece) => piece.tasks)).toEqual([32, 32, 32, 4]);
});

test('only the next few are fetched, and each is said to be ready when its files are there', async () => {
  const data = new MemoryStore();
  for (let n = 0; n < 50; n += 2) await data.write(`f${n}`, 'x');
  const dispatcher = await dispatcherOf(new Array(50).fill(1), 10_000, 2, data);
  const queue = Array.from({ length: 50 }, (_, n): Piece => {
    const line = JSON.stringify([[n, `${n}`, `f${n}`, null]]);
    const batch = { batch: n, tasks: 1, offset: 0, bytes: 0, timeout: 3600 };
    return { batch, line, tasks: 1, before: { succeeded: 0, failed: 0 }, resolve: () => {} };
  });
  await new Promise<void>((resolve, reject) => {
    let ready = 0;
    dispatcher.prefetch(queue, () => ++ready === 6 && resolve(), reject);
  });
  const [first, second] = queue;
  expect(first?.data).toBe('{}');
  expect(JSON.parse(second?.data ?? '')).toEqual({
    f1: { error: 'NotFound', message: expect.stringContaining('f1') },
  });
  expect(queue.filter(({ release }) => release)).toHaveLength(6);
  for (const { release } of queue) release?.();
});

test('a place that cannot be reached fails the run, a file that is not there only its tasks', async () => {
  const data = new MemoryStore();
  const dispatcher = await dispatcherOf([1, 1], 1000, 1, data);
  const pieceOf = (index: number) =>
    ({ line: JSON.stringify([[index, `${index}`, `f${index}`, null]]), tasks: 1 }) as Piece;
  const outcome = (piece: Piece) =>
    new Promise((resolve) => dispatcher.prefetch([piece], () => resolve(piece.data), resolve));
  expect(await outcome(pieceOf(0))).toMatch(/"error":"NotFound"/);
  data.read = () => {
    throw new Unreachable('the network is down');
  };
  expect(await outcome(pieceOf(1))).toBeInstanceOf(Unreachable);
});
