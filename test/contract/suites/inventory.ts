/** What every adapter of Inventory must do. */
import { describe, expect, test } from '@jest/globals';
import { existingResources, resourceKinds } from '../../../core/resources.ts';
import type { Inventory } from '../../../ports/account/inventory.ts';
import type { Schedules } from '../../../ports/account/schedules.ts';
import { until } from './poll-until.ts';

/** @param make makes an account with a thing of each kind, most of them of cluster `c`; and one of cluster `d` */
export function inventorySuite(name: string, make: () => Promise<Inventory>): void {
  describe(`Inventory: ${name}`, () => {
    test('lists what is there, of a cluster or all of it, in the order in which it can go', async () => {
      const inventory = await make();
      const all = await existingResources(inventory, { cluster: null });
      const kinds = [...new Set(all.map(({ kind }) => kind))];
      // Interfaces are in use, and no waste, as long as there are nodes.
      expect(kinds).toEqual(resourceKinds.filter((kind) => kind !== 'network-interface'));
      expect(all.every(({ going }) => !going)).toBe(true);
      const ofC = await existingResources(inventory, { cluster: 'c' });
      expect(ofC.length).toBeGreaterThan(4);
      expect(new Set(ofC.map(({ cluster }) => cluster))).toEqual(new Set(['c']));
      for (const { kind, since } of ofC)
        expect([kind, since === null || since > 1_700_000_000]).toEqual([kind, true]);
    });

    test('removes everything in that order, each twice, and is empty then', async () => {
      const inventory = await make();
      for (const kind of resourceKinds) {
        const ofKind = async () =>
          (await existingResources(inventory, { cluster: null })).filter((one) => one.kind === kind);
        for (const resource of await ofKind()) {
          await inventory.remove(resource);
          await inventory.remove(resource);
        }
        await until(ofKind, (left) => left.length === 0);
      }
      expect(await existingResources(inventory, { cluster: null })).toEqual([]);
    });

    test('what is gone may be listed, and is told from what is there', async () => {
      const inventory = await make();
      const [upload] = (await inventory.list({ cluster: null })).filter(({ kind }) => kind === 'upload');
      expect(await inventory.describe(upload!)).toBe('exists');
      await inventory.remove(upload!);
      expect(await inventory.describe(upload!)).toBe('deleted');
      await until(
        () => inventory.list({ cluster: null }),
        (all) => !all.some(({ kind }) => kind === 'upload'),
      );
    });
  });
}

export interface Scheduled {
  inventory: Inventory;
  /** Puts the request of a schedule there, or of one that is gone; it names the archive as `bucket/key`. */
  store(key: string, source: string): Promise<void>;
  /** Puts an archive there. */
  upload(key: string): Promise<void>;
  schedules: Schedules;
}

/** @param make makes an account without uploads and schedules */
export function scheduledSuite(name: string, make: () => Promise<Scheduled>): void {
  test(`Inventory: ${name}: what a schedule needs is not left over, until the schedule is gone`, async () => {
    const { inventory, store, upload, schedules } = await make();
    const uploads = async () =>
      (await existingResources(inventory, { cluster: null })).map(({ name: key }) => key);
    const one = { name: 'nightly', expression: 'rate(1 day)', timezone: null };
    await upload('sources/old.zip');
    await upload('sources/new.zip');
    await store('requests/nightly.json', 'bucket/sources/new.zip');
    await store('requests/gone.json', 'bucket/sources/old.zip');
    await schedules.create({ ...one, request: 'requests/nightly.json' });
    expect((await uploads()).sort()).toEqual(['requests/gone.json', 'sources/old.zip']);
    for (const resource of await existingResources(inventory, { cluster: null }))
      await inventory.remove(resource);
    await until(uploads, (left) => left.length === 0);
    await schedules.remove('nightly');
    expect((await uploads()).sort()).toEqual(['requests/nightly.json', 'sources/new.zip']);
  });

  test(`Inventory: ${name}: an archive is needed as long as any schedule names it`, async () => {
    const { inventory, store, upload, schedules } = await make();
    const uploads = async () =>
      (await existingResources(inventory, { cluster: null })).map(({ name: key }) => key);
    await upload('sources/1.zip');
    for (const schedule of ['a', 'b']) {
      const request = `requests/${schedule}.json`;
      await store(request, 'bucket/sources/1.zip');
      await schedules.create({ name: schedule, expression: 'rate(1 day)', timezone: null, request });
    }
    expect(await uploads()).toEqual([]);
    await schedules.remove('a');
    expect(await uploads()).toEqual(['requests/a.json']);
    await schedules.remove('b');
    expect((await uploads()).sort()).toEqual(['requests/a.json', 'requests/b.json', 'sources/1.zip']);
  });
}
