/** AWS's codes and messages as errors and problems. */
import { describe, expect, test } from '@jest/globals';
import { problemOf, problemsOf } from '../../../../../adapters/aws/client/error-codes.ts';
import { errorFor } from '../../../../../adapters/aws/client/errors.ts';
import {
  AccessDenied,
  AlreadyThere,
  CapacityUnavailable,
  NotFound,
  QuotaExceeded,
  Throttled,
  Unreachable,
  UsageError,
} from '../../../../../core/errors/errors.ts';
import { errorOf } from '../../../../../core/errors/problem.ts';

describe('a problem', () => {
  test.each([
    ['InsufficientInstanceCapacity', 'We currently do not have sufficient capacity', 'capacity'],
    [
      'AsgInstanceLaunchFailures',
      'Could not launch Spot Instances. UnfulfillableCapacity - Unable',
      'capacity',
    ],
    ['AsgInstanceLaunchFailures', 'VcpuLimitExceeded - You have requested more vCPU capacity than', 'quota'],
    ['', 'Could not launch Spot Instances. MaxSpotInstanceCountExceeded - Max spot', 'quota'],
    [
      '',
      'Your requested instance type (a) is not supported in your requested Availability Zone (b).',
      'capacity',
    ],
    // https://github.com/aws-deepracer-community/deepracer-on-the-spot/issues/55
    [
      '',
      'Launching a new EC2 instance. Status Reason: Max spot instance count exceeded. Launching EC2 instance failed.',
      'quota',
    ],
    // https://github.com/LinkedInLearning/learning-terraform-3087701/issues/345
    [
      '',
      "Could not launch On-Demand Instances. InvalidParameterCombination - The specified instance type is not eligible for Free Tier. For a list of Free Tier instance types, run 'describe-instance-types' with the filter 'free-tier-eligible=true'. Launching EC2 instance failed.",
      'account',
    ],
    // https://github.com/cilium/cilium/pull/43051
    [
      '',
      "Volume of size 10GB is smaller than snapshot 'snap-00a7e1db053990bc5', expect size>= 20GB. Launching EC2 instance failed.",
      'request',
    ],
    // https://github.com/UA-TECH-POWER/DDoS_terraform_aws/issues/5: "normally resolved within minutes"
    [
      '',
      'Could not launch On-Demand Instances. PendingVerification - Your request for accessing resources in this region is being validated, and you will not be able to launch additional resources in this region until the validation is complete. Launching EC2 instance failed.',
      'other',
    ],
    ['', 'This account is currently blocked and not recognized as a valid account.', 'account'],
    ['InsufficientFreeAddresses', 'One or more of the subnets', 'capacity'],
    ['ResourceLimitExceeded', 'You have reached a service limit', 'quota'],
    ['AccessDenied', 'Amazon EKS or one or more of your managed nodes is failing to authenticate', 'policy'],
    ['IamNodeRoleNotFound', 'We could not find the IAM role', 'policy'],
    ['', 'You are not authorized to perform this operation.', 'policy'],
    ['KmsKeyDisabled', 'The key is disabled', 'policy'],
    ['NodeCreationFailure', 'Instances failed to join the kubernetes cluster', 'other'],
    ['InternalFailure', 'These errors are usually caused by an Amazon EKS server-side issue.', 'other'],
  ])('%s %s is of kind %s', (code, message, kind) => {
    expect(problemOf(code, message).kind).toBe(kind);
    expect(problemOf(code, message).message).toContain(message);
  });

  test('of a health check names what it is about', () => {
    const issues = [{ code: 'NodeCreationFailure', message: 'No.', resourceIds: ['i-1', 'i-2'] }];
    expect(problemsOf(issues)).toEqual([{ kind: 'other', message: 'NodeCreationFailure: No. (i-1, i-2)' }]);
    expect(problemsOf(undefined)).toEqual([]);
  });
});

test('an account that has not what is asked for is not told to give a role more rights', () => {
  const { hint, message } = errorOf(problemOf('', 'The type is not eligible for Free Tier.'));
  expect(message).toBe('The type is not eligible for Free Tier.');
  expect(hint).toContain('free plan');
  expect(errorOf(problemOf('', 'Volume of size 8GB is smaller than snapshot')).hint).toContain('volumeSize');
});

describe('an error', () => {
  const asked = { action: 'eks:CreateCluster', arn: 'arn:x', what: 'cluster c' };
  const thrown = (name: string, status: number) =>
    Object.assign(new Error('what AWS says'), { name, $metadata: { httpStatusCode: status } });

  test.each<[string, number, new (message: string) => Error]>([
    ['ResourceInUseException', 409, AlreadyThere],
    ['InvalidLaunchTemplateName.AlreadyExistsException', 400, AlreadyThere],
    ['IdempotentParameterMismatch', 400, AlreadyThere],
    ['ResourceLimitExceededException', 400, QuotaExceeded],
    ['VcpuLimitExceeded', 400, QuotaExceeded],
    ['InstanceLimitExceeded', 400, QuotaExceeded],
    ['InsufficientInstanceCapacity', 500, CapacityUnavailable],
    ['InvalidParameterException', 400, UsageError],
    ['ResourceNotFoundException', 404, NotFound],
    ['AccessDeniedException', 403, AccessDenied],
    ['UnauthorizedOperation', 403, AccessDenied],
    ['RequestLimitExceeded', 503, Throttled],
    ['ThrottlingException', 429, Throttled],
    ['ServerException', 500, Unreachable],
  ])('%s (%i) becomes ours', (name, status, kind) => {
    const error = errorFor(thrown(name, status), asked);
    expect(error.constructor).toBe(kind);
    expect(error.message).toContain('cluster c');
    expect(error.cause).toBeDefined();
  });

  test('that is ours already stays', () => {
    const error = new NotFound('it');
    expect(errorFor(error, asked)).toBe(error);
  });

  test('about permissions names what is missing', () => {
    expect(errorFor(thrown('AccessDeniedException', 403), asked).hint).toContain(
      '{"Effect": "Allow", "Action": "eks:CreateCluster", "Resource": "arn:x"}',
    );
  });
});
