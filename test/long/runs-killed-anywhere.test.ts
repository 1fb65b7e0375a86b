/** Runs on AWS that are cut anywhere. */
import { describe, test } from '@jest/globals';
import { cleanUpAfterCuts, startAgainAfterCuts } from '../support/cloud/cuts.ts';

describe.each([
  { looks: 1, every: 1 },
  { looks: 2, lag: 2, every: 4 },
])('in a world with %j', ({ every, ...options }) => {
  test(
    'a run that is cut after any call, and started again, ends the same',
    () => startAgainAfterCuts(options, every),
    300_000,
  );

  test(
    'a run that is cut after any call is cleaned up by the janitor alone',
    () => cleanUpAfterCuts(options, 3 * every),
    300_000,
  );
});
