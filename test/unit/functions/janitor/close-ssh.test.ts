/** What the janitor ends of those who debug: the laptop that would have done it may be dead. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { Unreachable } from '../../../../core/errors/errors.ts';
import { sweep } from '../../../../functions/janitor/sweep.ts';
import { releaseNodes } from '../../../../functions/nodes/scale-down.ts';
import { World } from '../../../support/cloud/world.ts';

const ada = '198.51.100.7/32';
const bob = '203.0.113.1/32';
const hour = 3600;

let world: World;
beforeEach(async () => {
  world = new World({ looks: 0 });
  await world.ports('').bastions.create({ name: 'c-bastion', cluster: 'c', tags: {} });
  expect(await status()).toBe('running');
});

const look = () =>
  sweep({
    ...world.ports(''),
    storeOf: (run) => world.store(run),
    releaseNodes: releaseNodes(world.ports('')),
  })({ idleSeconds: 600 });
const status = async () => {
  for (let looks = 0; looks < 3; looks++) await world.ports('').bastions.find('c-bastion');
  return (await world.ports('').bastions.find('c-bastion'))?.status;
};
const ways = () => [...world.account.ways.keys()];

/** Somebody debugs, whose laptop dies at once. */
async function debugsFor(address: string, seconds: number): Promise<void> {
  const until = world.clock.now() + seconds;
  await world.ports('').bastions.lease('c-bastion', until);
  await world.ports('').sshIngress.open(address, until);
}

describe('the janitor', () => {
  test('closes port 22 and stops the bastion when the lease has ended, and not before', async () => {
    await debugsFor(ada, 2 * hour);
    world.clock.advance(2 * hour - 1);
    expect(await look()).toEqual({ did: [], trouble: [] });
    world.clock.advance(1);
    expect(await look()).toEqual({
      did: [`close port 22 for ${ada}`, 'stop bastion c-bastion'],
      trouble: [],
    });
    expect(ways()).toEqual([]);
    expect(await status()).toBe('stopped');
    expect(await look()).toEqual({ did: [], trouble: [] });
  });

  test('leaves alone what was renewed', async () => {
    await debugsFor(ada, hour);
    world.clock.advance(hour - 60);
    await debugsFor(ada, hour);
    world.clock.advance(hour - 60);
    expect(await look()).toEqual({ did: [], trouble: [] });
    expect(ways()).toEqual([ada]);
  });

  test('leaves the bastion to somebody else whose lease goes on', async () => {
    await debugsFor(ada, hour);
    await debugsFor(bob, 3 * hour);
    world.clock.advance(2 * hour);
    expect((await look()).did).toEqual([`close port 22 for ${ada}`]);
    expect(ways()).toEqual([bob]);
    expect(await status()).toBe('running');
    world.clock.advance(hour);
    expect((await look()).did).toEqual([`close port 22 for ${bob}`, 'stop bastion c-bastion']);
  });

  test('closes port 22 while runs go on, and leaves the bastion to the last of them', async () => {
    await debugsFor(ada, hour);
    await world.ports('').executions.start('run', 'other-1', { run: 'other' });
    world.clock.advance(hour);
    expect((await look()).did).toEqual([`close port 22 for ${ada}`]);
    expect(await status()).toBe('running');
  });

  test('closes what was opened without an end, once nobody debugs', async () => {
    world.account.ways.set(bob, null);
    await world.ports('').bastions.lease('c-bastion', world.clock.now() + hour);
    expect((await look()).did).toEqual([]);
    world.clock.advance(hour);
    expect((await look()).did).toEqual([
      `close port 22 for ${bob}, which was opened without an end`,
      'stop bastion c-bastion',
    ]);
  });

  test('closes port 22 though nothing else can be looked at', async () => {
    await debugsFor(ada, hour);
    world.clock.advance(hour);
    const broken = { list: () => Promise.reject(new Unreachable('no answer')) };
    const ports = { ...world.ports(''), inventory: { ...world.ports('').inventory, ...broken } as never };
    const rest = { storeOf: () => world.store('r'), releaseNodes: releaseNodes(world.ports('')) };
    await expect(sweep({ ...ports, ...rest })({ idleSeconds: 600 })).rejects.toThrow('no answer');
    expect(ways()).toEqual([]);
  });

  test('says when port 22 cannot be closed, and does the rest', async () => {
    await debugsFor(ada, hour);
    world.clock.advance(hour);
    world.account.refuse('sshIngress.close', new Unreachable('no answer'));
    expect(await look()).toEqual({
      did: ['stop bastion c-bastion'],
      trouble: [`close port 22 for ${ada}: no answer`],
    });
    world.account.refuse('sshIngress.close', undefined);
    expect((await look()).did).toEqual([`close port 22 for ${ada}`]);
  });
});
