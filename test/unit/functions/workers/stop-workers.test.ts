/** How long StopWorkers waits for workers that write their records. */
import { expect, test } from '@jest/globals';
import { stopReserved } from '../../../../functions/workers/start-stop-workers-aws.ts';
import type { Reservation } from '../../../../ports/cluster/reservations.ts';

/** Stops workers that have been stopping for so many seconds; returns how they were stopped, and the step's state. */
async function stopAfter(seconds: number, graceSeconds: number) {
  const stops: string[] = [];
  const one: Reservation = {
    ...{ run: 'r', execution: 'r-1', cluster: 'c', nodegroup: 'g', nodes: 1, slots: 1, at: 0 },
    ...{ state: 'stopping', stoppingSince: 1000, graceSeconds, workers: { ready: 0, problems: [] } },
  };
  const nothing = async () => undefined;
  const step = await stopReserved({
    reservations: {
      list: async () => [one],
      stop: async (_: string, __: string, how: string) => void stops.push(how),
      reserve: nothing,
      start: nothing,
    },
    identities: { take: nothing },
    queues: { remove: nothing },
    licences: { list: async () => [], remove: nothing },
    executions: { find: nothing, running: async () => [] },
    clock: { now: () => 1000 + seconds },
  } as never)({ run: 'r', execution: 'r-1', cluster: 'c' });
  return [step.state, ...stops];
}

test.each([
  [120, 149, ['pending']],
  [120, 151, ['pending', 'now']],
  [120, 301, ['ready']],
  [300, 151, ['pending']],
  [300, 329, ['pending']],
  [300, 331, ['pending', 'now']],
  [300, 481, ['ready']],
])('workers with a grace period of %i s, after %i s: %j', async (grace, seconds, expected) => {
  expect(await stopAfter(seconds, grace)).toEqual(expected);
});
