/** What every adapter of Queues, Licences, Notifier and Prices must do. */
import { describe, expect, test } from '@jest/globals';
import { NotFound } from '../../../core/errors/errors.ts';
import type { Licences } from '../../../ports/account/licences.ts';
import type { Message, Notifier } from '../../../ports/account/notifier.ts';
import type { Prices } from '../../../ports/account/prices.ts';
import type { Queues } from '../../../ports/cluster/queues.ts';

/** @param make makes an account without queues */
export function queuesSuite(name: string, make: () => Queues | Promise<Queues>): void {
  test(`Queues: ${name}: one an execution, however often it is made or removed`, async () => {
    const queues = await make();
    expect([await queues.find('r-1'), await queues.list()]).toEqual([undefined, []]);
    await queues.remove('r-1');
    const url = await queues.create('r-1', {});
    expect(await queues.create('r-1', {})).toBe(url);
    const other = await queues.create('q-1', {});
    expect(other).not.toBe(url);
    expect([await queues.find('r-1'), (await queues.list()).sort()]).toEqual([url, ['q-1', 'r-1']]);
    await queues.remove('r-1');
    expect([await queues.find('r-1'), await queues.find('q-1')]).toEqual([undefined, other]);
  });
}

/** @param make makes an account without licence files */
export function licencesSuite(name: string, make: () => Licences | Promise<Licences>): void {
  test(`Licences: ${name}: one a run, which goes when it is told to`, async () => {
    const licences = await make();
    await licences.remove('r');
    expect([await licences.has('r'), await licences.list()]).toEqual([false, []]);
    await licences.put('r', Buffer.from('one'));
    await licences.put('r', Buffer.from('another'));
    await licences.put('q', Buffer.from('one'));
    const listed = await licences.list();
    expect(listed.map(({ run }) => run).sort()).toEqual(['q', 'r']);
    for (const { since } of listed) expect(since).toBeGreaterThan(1_700_000_000);
    await licences.remove('r');
    expect([await licences.has('r'), await licences.has('q')]).toEqual([false, true]);
  });
}

interface Sending {
  notifier: Notifier;
  sent(): Message[] | Promise<Message[]>;
}

/** @param make makes a notifier, and tells what it has sent */
export function notifierSuite(name: string, make: () => Sending | Promise<Sending>): void {
  test.each([
    { kind: 'email', address: 'me@example.org' } as const,
    { kind: 'topic', arn: 'arn:aws:sns:us-west-2:123456789012:t' } as const,
  ])(`Notifier: ${name}: sends to %j`, async (to) => {
    const { notifier, sent } = await make();
    await notifier.send(to, { subject: 'done', text: 'all of it\nin two lines' });
    expect(await sent()).toEqual([
      expect.objectContaining({ subject: 'done', text: 'all of it\nin two lines' }),
    ]);
  });
}

/** @param make makes a notifier whom nobody has told of anybody */
export function invitationsSuite(name: string, make: () => Notifier | Promise<Notifier>): void {
  test(`Notifier: ${name}: asks an address once, and a topic never`, async () => {
    const notifier = await make();
    const ask = (address: string) => notifier.invite({ kind: 'email', address });
    expect([await ask('me@example.org'), await ask('me@example.org')]).toEqual([true, false]);
    expect(await ask('you@example.org')).toBe(true);
    const arn = 'arn:aws:sns:us-west-2:123456789012:t';
    expect(await notifier.invite({ kind: 'topic', arn })).toBe(false);
  });
}

export function pricesSuite(name: string, make: () => Prices): void {
  describe(`Prices: ${name}`, () => {
    test('each has its day, and is above nothing', async () => {
      const list = await make().list('us-west-2', 'm6i.large', false);
      expect(list.date).toMatch(/^20\d\d-\d\d-\d\d$/);
      const { date: _, source: __, region, burstVcpuHour, ...amounts } = list;
      expect(region).toMatch(/^[a-z]+-[a-z]+-\d$/);
      for (const amount of Object.values(amounts)) expect(amount).toBeGreaterThan(0);
      expect(burstVcpuHour).toBe(0);
    });

    test('spot costs less, a burstable type that is busy more; one that is not there has no price', async () => {
      const prices = make();
      const ofType = async (type: string, spot: boolean) =>
        (await prices.list('us-west-2', type, spot)).instanceHour;
      expect(await ofType('m6i.large', true)).toBeLessThan(await ofType('m6i.large', false));
      expect((await prices.list('us-west-2', 't3.medium', false)).burstVcpuHour).toBeGreaterThan(0);
      await expect(prices.list('us-west-2', 'no.such', false)).rejects.toThrow(NotFound);
    });
  });
}
