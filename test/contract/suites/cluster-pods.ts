/** What each API server must say of Jobs whose pods have `pod` of config.yaml. */
import { describe, expect, test } from '@jest/globals';
import { groups } from '../../../adapters/kubernetes/names.ts';
import { AccessDenied, Unreachable, UsageError } from '../../../core/errors/errors.ts';
import type { ReservationSpec, Reservations } from '../../../ports/cluster/reservations.ts';

/** @param make returns the ledger of cluster `c` as a user of a group sees it, without reservations */
export function podsSuite(name: string, make: () => Promise<(group: string) => Reservations>): void {
  const wanted: ReservationSpec = {
    ...{ run: 'r', execution: 'r-1', cluster: 'c', nodegroup: 'g', nodes: 1, slots: 2, workersPerNode: 2 },
    ...{ image: 'd1', queueUrl: 'https://queue' },
    pod: { env: {}, memoryBytes: null, licenceTarget: null, patch: {} },
  };
  const worker = (fields: object) => ({ containers: [{ name: 'worker', ...fields }] });

  describe(`the Jobs of a cluster: ${name}`, () => {
    test.each<[what: string, patch: Record<string, unknown>]>([
      ['a toleration', { tolerations: [{ key: 'a', operator: 'Equal', value: 'b', effect: 'NoSchedule' }] }],
      ['a limit of CPU', { resources: { limits: { cpu: '2' } } }],
      ['requests', { resources: { requests: { cpu: '100m', memory: '64Mi' } } }],
      ['annotations and labels', { metadata: { annotations: { note: 'x' }, labels: { a: 'b' } } }],
      ['a node selector', { nodeSelector: { disk: 'ssd' } }],
      [
        'shared memory',
        {
          volumes: [{ name: 'm', emptyDir: { medium: 'Memory', sizeLimit: '2Gi' } }],
          ...worker({ volumeMounts: [{ name: 'm', mountPath: '/dev/shm' }] }),
        },
      ],
      ['a host alias', { hostAliases: [{ ip: '10.0.0.1', hostnames: ['a'] }] }],
    ])('are taken with %s', async (_, patch) => {
      const all = (await make())(groups.writers);
      await all.reserve({ ...wanted, pod: { ...wanted.pod, patch } });
      expect((await all.list('c')).map(({ execution }) => execution)).toEqual(['r-1']);
    });

    test.each<[what: string, patch: Record<string, unknown>, RegExp]>([
      ['a label that is none', { metadata: { labels: { a: 'not valid!' } } }, /labels/],
      [
        'a value for any value',
        { tolerations: [{ key: 'a', operator: 'Exists', value: 'x' }] },
        /tolerations/,
      ],
      ['a mount of no volume', worker({ volumeMounts: [{ name: 'none', mountPath: '/m' }] }), /volumeMounts/],
    ])('are refused with %s', async (_, patch, why) => {
      const all = (await make())(groups.writers);
      const reserving = all.reserve({ ...wanted, pod: { ...wanted.pod, patch } });
      const error = await reserving.then(
        () => undefined,
        (reason) => reason,
      );
      expect(error).toBeInstanceOf(UsageError);
      expect(error.message).toMatch(why);
      expect(await all.list('c')).toEqual([]);
    });

    test('are created by writers only, and seen by readers', async () => {
      const of = await make();
      await of(groups.writers).reserve(wanted);
      const readers = of(groups.readers);
      expect(await readers.list('c')).toHaveLength(1);
      await expect(readers.start('c', 'r-1')).rejects.toThrow(AccessDenied);
      await expect(readers.reserve({ ...wanted, execution: 'r-2' })).rejects.toThrow(
        /not allowed: create jobs for reservation of r-2 in cluster c \(jobs\.batch is forbidden/,
      );
      await expect(readers.stop('c', 'r-1', 'now')).rejects.toThrow(AccessDenied);
      await expect(of('others').list('c')).rejects.toThrow(/not allowed: list/);
      await expect(of('nobody').list('c')).rejects.toThrow(Unreachable);
    });
  });
}
