/** Errors of services, as AWS sent them, are taken for what they are: by the adapters, and by the worker's agent. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as sfn from '@aws-sdk/client-sfn';
import { expect, test } from '@jest/globals';
import { meets } from '../../../adapters/aws/client/error-codes.ts';
import { errorFor } from '../../../adapters/aws/client/errors.ts';
import { type ServiceError, serviceErrors } from '../../support/aws/recorded-answers.ts';
import { packageRoot } from '../../support/cli/project.ts';

/** As SDKs throw them. */
const thrown = ({ code, status, says }: ServiceError) =>
  Object.assign(new Error(says), {
    name: code === '404' ? 'NotFound' : code,
    $metadata: { httpStatusCode: status },
  });
const asked = { action: 's3:GetObject', arn: 'arn:aws:s3:::b/k', what: 'k in s3://b', bucket: 'b' };

test.each([
  ['keyAbsent', 'NotFound'],
  ['headAbsent', 'NotFound'],
  ['bucketAbsent', 'NotFound'],
  ['alreadyThere', 'AlreadyThere'],
  ['writtenRightNow', 'AlreadyThere'],
  ['refused', 'AccessDenied'],
  ['archived', 'AccessDenied'],
  ['keyDisabled', 'AccessDenied'],
] as const)('to adapters, %s is %s', (recorded, name) => {
  expect(errorFor(thrown(serviceErrors[recorded].value), asked).name).toBe(name);
});

const agent = readFileSync(join(packageRoot, 'worker/gcd_worker/agent/cloud.py'), 'utf8');
/** The codes of one of the agent's lists. */
const codes = (list: string): string[] => {
  const [, inside = ''] = new RegExp(`^${list} = \\(([^)]*)\\)`, 'm').exec(agent) ?? [];
  return [...inside.matchAll(/'([^']+)'/g)].map(([, code = '']) => code);
};

test.each(['queueAbsent', 'receiptExpired', 'keyAbsent', 'headAbsent', 'bucketAbsent'] as const)(
  'to the agent, %s means that it is not there',
  (recorded) => {
    expect(codes('NOT_FOUND')).toContain(serviceErrors[recorded].value.code);
  },
);

test('to the agent, 403 of S3 means that it is not allowed', () => {
  expect(codes('DENIED')).toContain(serviceErrors.refused.value.code);
});

// Nobody has recorded these: they are what Step Functions' own model names for a token's answers.
test('to the agent, a token is of no use any more for every reason that Step Functions has', () => {
  const known = Object.keys(sfn).filter((name) =>
    /^(TaskTimedOut|TaskDoesNotExist|InvalidToken)$/.test(name),
  );
  expect(codes('FENCED').sort()).toEqual(known.sort());
});

test('the adapter of queues knows a missing one by the code that AWS sends', () => {
  expect(meets(thrown(serviceErrors.queueAbsent.value), 'sqs:DeleteQueue', 'not-found')).toBe(true);
});
