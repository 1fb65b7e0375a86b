import { expect, test } from '@jest/globals';
import type { Piece } from '../../../../../adapters/local/workers/pieces.ts';
import { RunningTask } from '../../../../../adapters/local/workers/running-task.ts';

const piece = (...tasks: number[]) =>
  ({ line: JSON.stringify(tasks.map((index) => [index, `id${index}`, `${index}.csv`, null])) }) as Piece;

test('the task that a worker is at follows from what has ended, retried ones come last', () => {
  const running = new RunningTask();
  const counts = { succeeded: 10, failed: 1 };
  const at = (one: Piece) => running.current(one, counts)?.[0];
  const first = piece(7, 3, 5);
  running.pieceStarts(counts);
  expect(running.current(first, counts)).toEqual([7, 'id7', '7.csv', null]);
  running.attemptFailed(7);
  expect(at(first)).toBe(3);
  counts.failed++;
  expect(at(first)).toBe(5);
  running.attemptFailed(5);
  expect(at(first)).toBe(7);
  counts.succeeded++;
  expect(at(first)).toBe(5);
  counts.succeeded++;
  expect(at(first)).toBeUndefined();
  running.pieceStarts(counts);
  expect(at(piece(9))).toBe(9);
});
