import { expect, test } from '@jest/globals';
import { MemoryStore } from '../../../adapters/memory/store.ts';
import { layout } from '../../../ports/layout.ts';
import { readDone } from '../../../ports/parts.ts';

const record = (status: string, index: number) => `{"status":"${status}","index":${index},"task":"x"}\n`;
const attempt = (index: number) => `{"event":"attempt","index":${index},"task":"x"}\n`;

async function doneOf(lines: string[], options?: { retryFailed: boolean }) {
  const store = new MemoryStore();
  await store.write(layout.part(1, 'a'), lines.join(''));
  return readDone(store, 1, options);
}

const lines = [
  record('failed', 5_000),
  attempt(5_000),
  record('succeeded', 3),
  record('failed', 3),
  record('failed', 9),
  record('succeeded', 9),
  record('failed', 5_000),
  attempt(8),
  attempt(8),
];

test('what is done: a success outweighs a failure, each task counts once', async () => {
  const done = await doneOf(lines);
  expect([3, 9, 5_000, 8, 4, 1_000_000].map((index) => done.has(index))).toEqual([
    true,
    true,
    true,
    false,
    false,
    false,
  ]);
  expect(done).toMatchObject({ succeeded: 2, failed: 1 });
  expect([...done.attempts]).toEqual([[8, 2]]);
});

test('what failed can count as not done, with all its attempts before it', async () => {
  const done = await doneOf(lines, { retryFailed: true });
  expect([3, 9, 5_000].map((index) => done.has(index))).toEqual([true, true, false]);
  expect(done).toMatchObject({ succeeded: 2, failed: 0 });
  expect([...done.attempts]).toEqual([[8, 2]]);
});
