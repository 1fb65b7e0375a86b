/** The contract of Reservations, for each adapter. */
import { describe, expect, test } from '@jest/globals';
import { AlreadyThere, NotFound } from '../../../core/errors/errors.ts';
import type { ReservationSpec, Reservations } from '../../../ports/cluster/reservations.ts';
import { until } from './poll-until.ts';

/**
 * @param make creates an active cluster `c` with an active nodegroup `g` that has room for two workers, and no reservations
 * @param patience how often, and with how long pauses, to poll for workers
 */
export function reservationsSuite(
  name: string,
  make: () => Promise<Reservations>,
  patience: { looks?: number; pause?: number } = {},
): void {
  const wanted = (run: string, execution: string): ReservationSpec => ({
    ...{ run, execution, cluster: 'c', nodegroup: 'g', nodes: 1, slots: 2, workersPerNode: 2 },
    image: 'd1',
    queueUrl: 'https://queue',
    pod: { env: { A: '1' }, memoryBytes: null, licenceTarget: null, patch: {} },
  });
  const find = async (all: Reservations, execution: string) =>
    (await all.list('c')).find((one) => one.execution === execution);

  describe(`Reservations: ${name}`, () => {
    test('are in the ledger at once, without workers', async () => {
      const all = await make();
      expect(await all.list('c')).toEqual([]);
      expect(await all.list('nowhere')).toEqual([]);
      await all.reserve(wanted('r', 'r-1'));
      await all.reserve(wanted('q', 'q-1'));
      await expect(all.reserve(wanted('r', 'r-1'))).rejects.toThrow(AlreadyThere);
      const shown = { run: 'r', nodes: 1, slots: 2, state: 'reserved', stoppingSince: null };
      expect(await find(all, 'r-1')).toMatchObject({ ...shown, workers: { ready: 0, problems: [] } });
      expect((await all.list('c')).map(({ run }) => run).sort()).toEqual(['q', 'r']);
      await expect(all.reserve({ ...wanted('r', 'r-1'), cluster: 'nowhere' })).rejects.toThrow(NotFound);
    });

    test('get workers when they are started, once or twice', async () => {
      const all = await make();
      await all.reserve(wanted('r', 'r-1'));
      await all.start('c', 'r-1');
      await all.start('c', 'r-1');
      const found = await until(
        () => find(all, 'r-1'),
        (seen) => seen?.workers.ready === 2,
        patience,
      );
      expect(found?.state).toBe('started');
      await expect(all.start('c', 'r-2')).rejects.toThrow(NotFound);
    });

    test.each(['drain', 'now'] as const)(
      'are deleted when they are stopped (%s), and others stay',
      async (how) => {
        const all = await make();
        await all.stop('c', 'r-1', how);
        await all.reserve(wanted('r', 'r-1'));
        await all.reserve(wanted('q', 'q-1'));
        await all.start('c', 'r-1');
        await all.stop('c', 'r-1', how);
        const stopping = await find(all, 'r-1');
        if (stopping) expect([stopping.state, stopping.stoppingSince === null]).toEqual(['stopping', false]);
        await all.stop('c', 'r-1', 'now');
        await until(
          () => find(all, 'r-1'),
          (seen) => seen === undefined,
          patience,
        );
        expect((await find(all, 'q-1'))?.state).toBe('reserved');
        await all.stop('c', 'r-1', how);
        await all.reserve(wanted('r', 'r-1'));
        expect((await find(all, 'r-1'))?.state).toBe('reserved');
      },
    );
  });
}
