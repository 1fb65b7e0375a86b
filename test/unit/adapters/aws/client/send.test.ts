/** Requests to AWS: which errors their callers get, and which are none. */
import { describe, expect, test } from '@jest/globals';
import type { Condition } from '../../../../../adapters/aws/client/error-codes.ts';
import { collect, send, sendOptional } from '../../../../../adapters/aws/client/send.ts';
import { AccessDenied, GcdError, NotFound } from '../../../../../core/errors/errors.ts';

const contextOf = (action: string) => ({ action, arn: '*', what: 'it' });
const failing = (name: string, message = 'what AWS says', status = 400): Promise<never> =>
  Promise.reject(Object.assign(new Error(message), { name, $metadata: { httpStatusCode: status } }));

test('an answer is passed on', async () => {
  expect(await send(contextOf('s3:GetObject'), Promise.resolve(1))).toBe(1);
  expect(await sendOptional(contextOf('s3:GetObject'), Promise.resolve(1))).toBe(1);
});

test('an error becomes ours, one of ours stays', async () => {
  await expect(send(contextOf('sqs:DeleteQueue'), failing('AccessDenied'))).rejects.toThrow(AccessDenied);
  const own = new NotFound('it');
  await expect(send(contextOf('sqs:DeleteQueue'), Promise.reject(own))).rejects.toBe(own);
});

describe('each service has its own code', () => {
  test.each<[Condition, string, string, string?]>([
    ['not-found', 'autoscaling:DescribeScalingActivities', 'ValidationError'],
    ['not-found', 'cloudformation:DescribeStacks', 'ValidationError', 'Stack with id a does not exist'],
    ['not-found', 'ec2:DescribeKeyPairs', 'InvalidKeyPair.NotFound'],
    ['not-found', 'ec2:TerminateInstances', 'InvalidInstanceID.NotFound'],
    ['not-found', 'ec2:DescribeLaunchTemplates', 'InvalidLaunchTemplateName.NotFoundException'],
    ['not-found', 'ec2:CreateTags', 'InvalidSecurityGroupRuleId.NotFound'],
    ['not-found', 'ec2:RevokeSecurityGroupIngress', 'InvalidPermission.NotFound'],
    ['not-found', 'ec2:DeleteSecurityGroup', 'InvalidGroup.NotFound'],
    ['not-found', 'ec2:DeleteNetworkInterface', 'InvalidNetworkInterfaceID.NotFound'],
    ['not-found', 'ecr:DescribeImages', 'ImageNotFoundException'],
    ['not-found', 'eks:DescribeCluster', 'ResourceNotFoundException'],
    ['not-found', 'iam:GetRole', 'NoSuchEntityException'],
    ['not-found', 'logs:DeleteLogGroup', 'ResourceNotFoundException'],
    ['not-found', 's3:GetObject', 'NoSuchKey'],
    ['not-found', 's3:GetObject', 'NotFound'],
    ['not-found', 'scheduler:GetSchedule', 'ResourceNotFoundException'],
    ['not-found', 'servicequotas:GetServiceQuota', 'NoSuchResourceException'],
    ['not-found', 'sqs:GetQueueUrl', 'AWS.SimpleQueueService.NonExistentQueue'],
    ['not-found', 'sqs:GetQueueUrl', 'QueueDoesNotExist'],
    ['not-found', 'ssm:SendCommand', 'InvalidInstanceId'],
    ['not-found', 'ssm:GetCommandInvocation', 'InvocationDoesNotExist'],
    ['not-found', 'states:StopExecution', 'ExecutionDoesNotExist'],
    ['not-found', 'states:DescribeMapRun', 'ResourceNotFound'],
    ['parent-not-found', 'ecr:ListImages', 'RepositoryNotFoundException'],
    ['parent-not-found', 's3:ListBucket', 'NoSuchBucket'],
    ['exists', 'ec2:CreateLaunchTemplate', 'InvalidLaunchTemplateName.AlreadyExistsException'],
    ['exists', 'ec2:AuthorizeSecurityGroupIngress', 'InvalidPermission.Duplicate'],
    ['exists', 'eks:CreateAccessEntry', 'ResourceInUseException'],
    ['exists', 'scheduler:CreateSchedule', 'ConflictException'],
    ['exists', 'sqs:CreateQueue', 'QueueNameExists'],
    ['exists', 'states:StartExecution', 'ExecutionAlreadyExists'],
    ['in-use', 'autoscaling:TerminateInstanceInAutoScalingGroup', 'ScalingActivityInProgressFault'],
    ['in-use', 'ec2:DeleteSecurityGroup', 'DependencyViolation'],
    ['in-use', 'ec2:DeleteNetworkInterface', 'InvalidNetworkInterface.InUse'],
    ['in-use', 'eks:DeleteNodegroup', 'ResourceInUseException'],
    ['in-use', 'logs:DeleteLogGroup', 'OperationAbortedException'],
    ['in-use', 'sqs:CreateQueue', 'AWS.SimpleQueueService.QueueDeletedRecently'],
  ])('%s: %s, %s', async (condition, action, name, ...[message]) => {
    expect(await sendOptional(contextOf(action), failing(name, message), condition)).toBeUndefined();
    await expect(send(contextOf(action), failing(name, message))).rejects.toThrow(GcdError);
    const other = condition === 'parent-not-found' ? 'not-found' : 'parent-not-found';
    await expect(sendOptional(contextOf(action), failing(name, message), other)).rejects.toThrow(GcdError);
  });
});

test('without conditions, only what does not exist is no error', async () => {
  expect(
    await sendOptional(contextOf('eks:DescribeCluster'), failing('ResourceNotFoundException')),
  ).toBeUndefined();
  await expect(
    sendOptional(contextOf('eks:DeleteCluster'), failing('ResourceInUseException')),
  ).rejects.toThrow(GcdError);
});

test("another service's code, and another message of CloudFormation's, are errors", async () => {
  await expect(sendOptional(contextOf('sqs:DeleteQueue'), failing('NoSuchKey'))).rejects.toThrow(GcdError);
  await expect(
    sendOptional(contextOf('cloudformation:DescribeStacks'), failing('ValidationError', 'wrong name')),
  ).rejects.toThrow(GcdError);
});

test('what is no error object is an error all the same', async () => {
  await expect(sendOptional(contextOf('s3:GetObject'), Promise.reject(undefined))).rejects.toThrow(GcdError);
});

test('all pages are gathered, also those without items', async () => {
  async function* pages() {
    yield { items: [1, 2] };
    yield {};
    yield { items: [3] };
  }
  expect(await collect<{ items?: number[] }, number>(pages(), ({ items }) => items)).toEqual([1, 2, 3]);
});
