/** Gathering of as many parts as a large run leaves. */
import { test } from '@jest/globals';
import { gatherFromSlowBucket } from '../unit/functions/gather/slow-bucket.ts';

test(
  '100,000 parts in a bucket that takes 100 ms for each end with results, no call lasting a quarter of an hour',
  () => gatherFromSlowBucket(100_000),
  300_000,
);
