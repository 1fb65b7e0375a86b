/** Runs that are cut and started again, calls that come twice, and two runs at once; test/long/runs-killed-anywhere.test.ts kills them at every call. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  cleanUpAfterCuts,
  janitor,
  nothing,
  startAgainAfterCuts,
  undisturbed,
} from '../support/cloud/cuts.ts';
import { type CloudWalk, eksRequest, newWorld, walkRun } from '../support/cloud/run.ts';

describe.each([
  { looks: 1, every: 9 },
  { looks: 2, lag: 2, every: 23 },
])('in a world with %j', ({ every, ...options }) => {
  test('a run that is cut after a call, and started again, ends the same', () =>
    startAgainAfterCuts(options, every));

  test('a run that is cut after a call is cleaned up by the janitor alone', () =>
    cleanUpAfterCuts(options, 3 * every));

  test('a run whose every call is made twice ends the same', async () => {
    const { rows } = await undisturbed(options);
    const world = await newWorld(options);
    // The first answer is the one that was lost; what it says of a second, such as "it is there already", is heard.
    const tap: CloudWalk['tap'] = async (call, verb) => {
      // Streams can be written only once.
      if (!verb.endsWith('.write')) await call().catch(() => {});
      return call();
    };
    const result = await walkRun(world, eksRequest('r', { repetitions: 2 }), { tap });
    expect([result.error, result.rows]).toEqual([undefined, rows]);
    expect(world.left()).toEqual(nothing);
    expect([world.account.clusters.size, world.account.nodegroups.size, world.account.bastions.size]).toEqual(
      [1, 1, 1],
    );
  });
});

describe('two runs at once on one cluster', () => {
  /** Lets one of those that wait go on at a time, in an order of its own; so calls of both runs interleave anyhow. */
  function interleaved(order: () => number) {
    const waiting: (() => void)[] = [];
    let scheduled = false;
    const release = () => {
      scheduled = false;
      const next = waiting.splice(Math.floor(order() * waiting.length), 1)[0];
      next?.();
      if (waiting.length > 0) schedule();
    };
    const schedule = () => {
      if (!scheduled) setImmediate(release);
      scheduled = true;
    };
    const tap: NonNullable<CloudWalk['tap']> = async (call) => {
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
        schedule();
      });
      return call();
    };
    return tap;
  }

  test('neither disturbs the other, whatever the order of their calls', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.infiniteStream(fc.double({ min: 0, max: 0.999, noNaN: true })),
        fc.nat(2),
        async (stream, lag) => {
          const world = await newWorld({ lag }, ['r', 'q']);
          const next = () => stream.next().value as number;
          const order = interleaved(next);
          let most = 0;
          const tap: CloudWalk['tap'] = async (call, verb) => {
            const answer = await order(call, verb);
            most = Math.max(most, ...[...world.account.nodegroups.values()].map(({ desired }) => desired));
            return answer;
          };
          const runs = await Promise.all([
            walkRun(world, eksRequest('r'), { tap }),
            walkRun(world, eksRequest('q', { target: { nodes: 3 } }), { tap }),
          ]);
          for (const { error, output } of runs) {
            expect(error).toBeUndefined();
            expect(output?.gathered).toEqual({ succeeded: 6, failed: 0, unfinished: 0 });
          }
          await janitor(world);
          expect(world.left()).toEqual(nothing);
          expect(most).toBeLessThanOrEqual(5);
        },
      ),
      { numRuns: 40 },
    );
  }, 120_000);

  test('the nodes are those of both, and the first to end takes its own only', async () => {
    const world = await newWorld({}, ['r', 'q']);
    const group = () => [...world.account.nodegroups.values()][0];
    await walkRun(world, eksRequest('q', { target: { nodes: 3 } }), {
      // The other one runs from beginning to end while this one is about to look at its workers.
      tap: onceAt('queues.find', async () => {
        expect(group()?.desired).toBe(3);
        const { error, output } = await walkRun(world, eksRequest('r'), {
          tap: onceAt('queues.find', async () => expect(group()?.desired).toBe(5)),
        });
        expect([error, output?.gathered?.succeeded]).toEqual([undefined, 6]);
        expect(group()?.desired).toBe(3);
      }),
    });
    expect(world.left()).toEqual(nothing);
  });
});

function onceAt(at: string, act: () => Promise<unknown>): CloudWalk['tap'] {
  let done = false;
  return async (call, verb) => {
    if (verb === at && !done) {
      done = true;
      await act();
    }
    return call();
  };
}
