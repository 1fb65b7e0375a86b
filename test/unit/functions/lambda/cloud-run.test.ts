/** What a stored request may not say, whoever wrote it. */
import { describe, expect, test } from '@jest/globals';
import { UsageError } from '../../../../core/errors/errors.ts';
import { refuseOwnBucket } from '../../../../functions/lambda/cloud-run.ts';

describe('the bucket of the data', () => {
  const project = { projectKey: 'pv-0123456789ab', projectName: 'pv' };
  const digest = 'd'.repeat(64);
  const of = (bucket: string, prefix = '') => ({
    ...project,
    config: { dataBucket: { kind: 's3' as const, bucket, prefix } },
  });

  test.each([
    '',
    'runs/',
    'runs/of-somebody/',
    'licences/',
    'data/',
    'data/pv-0123456789ab/',
    'data/pv-0123456789ab/objects/',
    `data/other-0123456789ab/${digest}/`,
    `data/pv-0123456789ab/${digest}/../../../runs/`,
    `data/pv-0123456789ab/x/${digest}/`,
    `data/../runs/${digest}/`,
    `data/*/${digest}/`,
  ])("is not the stack's own, below %j", (prefix) => {
    expect(() => refuseOwnBucket(of('stack-bucket', prefix), 'stack-bucket')).toThrow(UsageError);
  });

  test('is what was copied there for this project, or any other bucket', () => {
    const copied = `data/pv-0123456789ab/${digest}/`;
    expect(() => refuseOwnBucket(of('stack-bucket', copied), 'stack-bucket')).not.toThrow();
    expect(() => refuseOwnBucket(of('data'), 'stack-bucket')).not.toThrow();
    const folder = { dataBucket: { kind: 'folder' as const, path: '/data' } };
    expect(() => refuseOwnBucket({ ...project, config: folder }, 'stack-bucket')).not.toThrow();
  });
});
