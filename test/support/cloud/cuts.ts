/** A run on AWS that is cut off after one call or another, and what becomes of it. */
import { expect } from '@jest/globals';
import { sweep } from '../../../functions/janitor/sweep.ts';
import { releaseNodes } from '../../../functions/nodes/scale-down.ts';
import { type CloudWalk, eksRequest, newWorld, walkCleanUp, walkRun } from './run.ts';
import type { World } from './world.ts';

/** What is left in an account when no run is there any more. */
export const nothing = {
  ...{ nodes: [[0, 0]], workers: [], identities: [], queues: [], licences: [] },
  bastions: ['stopped'],
};

/** How AWS behaves: see `newWorld`. */
export type Behaviour = { looks?: number; lag?: number };

class Killed extends Error {}

/** Lets so many calls through, and nothing after the last of them, whose answer nobody gets. */
function cutAfter(calls: number): { tap: NonNullable<CloudWalk['tap']>; isCut: () => boolean } {
  let count = 0;
  const tap: NonNullable<CloudWalk['tap']> = async (call) => {
    if (count >= calls) throw new Killed();
    const answer = await call();
    if (++count >= calls) throw new Killed();
    return answer;
  };
  return { tap, isCut: () => count >= calls };
}

export const janitor = (world: World) =>
  sweep({
    ...world.ports(''),
    storeOf: (run) => world.store(run),
    releaseNodes: releaseNodes(world.ports('')),
  })({ idleSeconds: 600 });

/** What a run that nothing happens to gives, and how many calls it makes. */
export async function undisturbed(options: Behaviour) {
  const world = await newWorld(options);
  let calls = 0;
  const tap: CloudWalk['tap'] = (call) => {
    calls++;
    return call();
  };
  const { rows } = await walkRun(world, eksRequest('r', { repetitions: 2 }), { tap });
  return { rows, calls };
}

/** Cuts runs after every so many calls; each is started again, and must end as one that nothing happened to. */
export async function startAgainAfterCuts(options: Behaviour, every: number): Promise<void> {
  const { rows, calls } = await undisturbed(options);
  expect(calls).toBeGreaterThan(80);
  let cuts = 0;
  for (let cut = 1; cut <= calls; cut += every) {
    const world = await newWorld(options);
    const request = eksRequest('r', { repetitions: 2 });
    const { tap, isCut } = cutAfter(cut);
    await walkRun(world, request, { tap });
    if (isCut()) cuts++;
    // The user's command line has the licence file, and brings it again.
    await world.ports('r').licences.put('r', Buffer.from('secret'));
    const again = await walkRun(world, request, { execution: 'r-2' });
    await janitor(world);
    expect([cut, again.error, again.rows]).toEqual([cut, undefined, rows]);
    expect([cut, world.left()]).toEqual([cut, nothing]);
    expect(world.account.sent.map(({ subject }) => subject)).toContain('gcd-sfn: run r succeeded');
    expect(world.account.clusters.size).toBe(1);
  }
  // Branches run side by side: how many calls there are differs by a few.
  expect(cuts).toBeGreaterThan((0.9 * calls) / every);
}

/** The same, and nobody starts them again: the janitor must clean up after each. */
export async function cleanUpAfterCuts(options: Behaviour, every: number): Promise<void> {
  const { calls } = await undisturbed(options);
  for (let cut = 1; cut <= calls; cut += every) {
    const world = await newWorld(options);
    const request = eksRequest('r', { repetitions: 2 });
    await walkRun(world, request, { tap: cutAfter(cut).tap });
    for (let round = 0; round < 12; round++) {
      world.clock.advance(3600);
      await janitor(world);
      const begun = world.account.executions.get('r-1-cleanup');
      if (begun?.state !== 'running') continue;
      const { error } = await walkCleanUp(world, request, begun.input);
      expect([cut, error]).toEqual([cut, undefined]);
      begun.state = 'succeeded';
    }
    const { bastions, nodes, ...rest } = world.left();
    expect([cut, rest]).toEqual([cut, { workers: [], identities: [], queues: [], licences: [] }]);
    expect(nodes.flat().every((count) => count === 0)).toBe(true);
    expect(bastions.every((status) => status === 'stopped')).toBe(true);
  }
}
