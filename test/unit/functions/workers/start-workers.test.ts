/** What StartWorkers makes of workers that are not ready. */
import { expect, test } from '@jest/globals';
import { WorkersFailed } from '../../../../core/errors/errors.ts';
import type { Problem } from '../../../../core/errors/problem.ts';
import { startReserved } from '../../../../functions/workers/start-stop-workers-aws.ts';
import { ManualClock } from '../../../support/memory/manual-clock.ts';

const kills: Problem = {
  kind: 'memory',
  message: 'a worker needed more memory than memory_per_worker allows',
};
const asked = { run: 'r', execution: 'r-1', cluster: 'c', nodes: 2, since: 0 };

/** @param ready workers of four */
const started = (ready: number, problem: Problem) => {
  const reservation = {
    ...{ run: 'r', execution: 'r-1', cluster: 'c', nodegroup: 'g', nodes: 2, slots: 4, at: 0 },
    ...{ state: 'started' as const, stoppingSince: null, workers: { ready, problems: [problem] } },
  };
  return startReserved({
    reservations: { list: async () => [reservation] } as never,
    queues: { find: async () => 'https://queue' } as never,
    clock: new ManualClock(10),
  });
};

test('a worker that is killed for memory again and again before any is ready ends the run', async () => {
  const failure = await started(0, kills)({ ...asked, repetition: 1 }).catch((error) => error);
  expect(failure).toBeInstanceOf(WorkersFailed);
  expect(failure.message).toBe(kills.message);
  expect(failure.hint).toBe('Raise memory_per_worker in config.yaml.');
});

test.each([
  ['another worker is ready', 1, kills, 1],
  ['it is a later repetition: its tasks need so much', 0, kills, 2],
])('but not when %s', async (_, ready, problem, repetition) => {
  expect((await started(ready, problem)({ ...asked, repetition })).state).toBe('ready');
});

test('a worker that was killed for memory once or twice may become ready', async () => {
  const problem: Problem = { ...kills, kind: 'other' };
  expect(await started(0, problem)({ ...asked, repetition: 1 })).toEqual({
    state: 'pending',
    detail: `no worker is ready: ${kills.message}`,
  });
});
