/** What a stored request may not say, whoever wrote it. */
import { describe, expect, test } from '@jest/globals';
import { refuseOwnBucket } from '../../../../functions/lambda/cloud-run.ts';
import { UsageError } from '../../../../ports/errors.ts';

describe('the bucket of the data', () => {
  const of = (bucket: string, prefix = '') => ({ dataBucket: { kind: 's3' as const, bucket, prefix } });

  test.each(['', 'runs/', 'runs/of-somebody/', 'licences/'])("is not the stack's own, below %j", (prefix) => {
    expect(() => refuseOwnBucket(of('stack-bucket', prefix), 'stack-bucket')).toThrow(UsageError);
  });

  test('is any other', () => {
    expect(() => refuseOwnBucket(of('data'), 'stack-bucket')).not.toThrow();
    expect(() =>
      refuseOwnBucket({ dataBucket: { kind: 'folder', path: '/data' } }, 'stack-bucket'),
    ).not.toThrow();
  });
});
