import { expect, test } from '@jest/globals';
import { MemoryStore } from '../../../../../core/memory-store.ts';
import { layout } from '../../../../../core/run-store/layout.ts';
import { readDone } from '../../../../../core/run-store/records/parts.ts';

const error = '"error":{"class":"exception","type":"E","message":"","traceback":""}';
const record = (status: string, index: number, task = 'x') =>
  `{"status":"${status}","index":${index},"task":"${task}","attempt":1,"start":1,"end":2,"cpu":0,"memory":1,` +
  `${status === 'failed' ? error : '"result":{}'}}\n`;
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
  expect([3, 9, 5_000, 8, 4, 1_000_000].map((index) => done.has(index, 'x'))).toEqual([
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
  expect([3, 9, 5_000].map((index) => done.has(index, 'x'))).toEqual([true, true, false]);
  expect(done).toMatchObject({ succeeded: 2, failed: 0 });
  expect([...done.attempts]).toEqual([[8, 2]]);
});

test.each([
  ['a key', '"attempt"', '"attemqt"'],
  ['a value', '"result":{', '"result":['],
  ['an end', '}}', '}'],
  ['a byte that is none', '"memory"', '"mem\0ry"'],
])('a record with %s that is damaged is none, and its task is not done', async (_, right, wrong) => {
  const done = await doneOf([record('succeeded', 1), record('succeeded', 2).replace(right, wrong)]);
  expect([done.has(1, 'x'), done.has(2, 'x'), done.succeeded]).toEqual([true, false, 1]);
});

test('a record of another task under its index does not make a task done, or undone', async () => {
  const done = await doneOf([
    record('succeeded', 1, 'y'),
    record('succeeded', 2),
    record('succeeded', 2, 'y'),
    record('succeeded', 4_000_000_000),
  ]);
  expect([done.has(1, 'x'), done.has(2, 'x'), done.has(2, 'y'), done.has(2, 'z')]).toEqual([
    false,
    true,
    true,
    false,
  ]);
  expect(done.succeeded).toBe(2);
});
