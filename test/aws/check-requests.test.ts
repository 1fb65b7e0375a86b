/** test/moto/check_requests.py: what AWS would not take does not pass, in each of its protocols. */
import { CloudWatchClient, ListMetricsCommand } from '@aws-sdk/client-cloudwatch';
import { DescribeInstancesCommand, EC2Client } from '@aws-sdk/client-ec2';
import { EKSClient, ListClustersCommand } from '@aws-sdk/client-eks';
import { CreateBucketCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { ListTopicsCommand, SNSClient } from '@aws-sdk/client-sns';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { ownRole } from '../../adapters/aws/client/settings.ts';
import { newS3Client } from '../../adapters/aws/s3/client.ts';
import { checkedRequests, forgetRequests, violations } from '../support/moto/checked-requests.ts';
import { Moto } from '../support/moto/moto.ts';

let moto: Moto;
beforeAll(async () => {
  moto = await Moto.start();
  Object.assign(process.env, moto.env);
});
afterEach(() => forgetRequests(moto));
afterAll(() => moto?.stop());

interface Sent {
  target?: string;
  form?: Record<string, string>;
  json?: unknown;
  path?: string;
  method?: string;
}

async function send(service: string, { target, form, json, path = '/', method = 'POST' }: Sent) {
  const answer = await fetch(`${moto.endpoint}${path}`, {
    method,
    headers: {
      authorization: `AWS4-HMAC-SHA256 Credential=t/20260101/us-east-1/${service}/aws4_request, Signature=0`,
      ...(target && { 'x-amz-target': target, 'content-type': 'application/x-amz-json-1.1' }),
    },
    ...(form && { body: new URLSearchParams(form) }),
    ...(json !== undefined && { body: JSON.stringify(json) }),
  });
  await answer.text();
  return { status: answer.status, said: await violations(moto) };
}

const tagged = (tags: unknown) => ({ target: 'AmazonSQS.CreateQueue', json: { QueueName: 'a', tags } });
const schedule = {
  FlexibleTimeWindow: { Mode: 'OFF' },
  ScheduleExpression: 'rate(1 day)',
  Target: { Arn: 'arn:aws:states:us-east-1:1:stateMachine:m', RoleArn: 'arn:aws:iam::123456789012:role/r' },
};
const starts = 'AWSStepFunctions.StartExecution';
const builds = 'CodeBuild_20161006.StartBuild';

test.each<[what: string, service: string, sent: Sent, said: string]>([
  ['a tag has other characters', 'sqs', tagged({ project: 'Müller & Co' }), 'that sqs does not take'],
  ['a tag is too long', 'sqs', tagged({ project: 'x'.repeat(257) }), 'has more than 256 characters'],
  ["a tag is AWS's own", 'sqs', tagged({ 'aws:mine': '' }), 'begins with aws:'],
  ['what is required is absent', 'sqs', { target: 'AmazonSQS.CreateQueue', json: {} }, 'lacks QueueName'],
  [
    'a member is unknown',
    'sqs',
    { target: 'AmazonSQS.CreateQueue', json: { QueueName: 'a', Tags: {} } },
    'has Tags, which is unknown',
  ],
  [
    'a type is wrong',
    'sqs',
    { target: 'AmazonSQS.CreateQueue', json: { QueueName: 1 } },
    'QueueName is 1, not text',
  ],
  ['an operation is unknown', 'sqs', { target: 'AmazonSQS.MakeQueue', json: {} }, 'no operation'],
  ['a target is wrong', 'states', { target: 'StepFunctions.StartExecution', json: {} }, 'the target is'],
  ['a service is unknown', 'queues', { json: {} }, 'there is no service queues'],
  [
    'a text is too long',
    'states',
    { target: starts, json: { stateMachineArn: 'arn', name: 'n'.repeat(81) } },
    'name has 81 characters, at most 80',
  ],
  [
    'a word is none of the known',
    'codebuild',
    { target: builds, json: { projectName: 'p', environmentTypeOverride: 'LINUX' } },
    "environmentTypeOverride is 'LINUX', not one of",
  ],
  [
    'a deep member is absent',
    'codebuild',
    { target: builds, json: { projectName: 'p', environmentVariablesOverride: [{ name: 'A' }] } },
    'environmentVariablesOverride[0] lacks value',
  ],
  [
    'a form has an unknown key',
    'sns',
    { form: { Action: 'Subscribe', Version: '2010-03-31', TopicArn: 'a', Protocol: 'email', Address: 'b' } },
    'has Address, which is unknown',
  ],
  ['a form lacks a key', 'sns', { form: { Action: 'Subscribe', Version: '2010-03-31' } }, 'lacks TopicArn'],
  ['a version is wrong', 'sns', { form: { Action: 'ListTopics', Version: '2020-01-01' } }, 'not 2010-03-31'],
  [
    'a deep key of EC2 is unknown',
    'ec2',
    { form: { Action: 'DescribeInstances', Version: '2016-11-15', 'Filter.1.Named': 'a' } },
    'Filters[0] has Named, which is unknown',
  ],
  [
    'a number of EC2 is none',
    'ec2',
    { form: { Action: 'DescribeInstances', Version: '2016-11-15', MaxResults: 'many' } },
    "MaxResults is 'many', no number",
  ],
  [
    'a REST body lacks a member',
    'scheduler',
    { path: '/schedules/s', json: { ...schedule, FlexibleTimeWindow: undefined } },
    'lacks FlexibleTimeWindow',
  ],
  [
    'a name in a path is not like its pattern',
    'scheduler',
    { path: `/schedules/${encodeURIComponent('a b')}`, json: schedule },
    "Name is 'a b', which is not like",
  ],
  [
    'a number is too large',
    'scheduler',
    {
      path: '/schedules/s',
      json: { ...schedule, Target: { ...schedule.Target, RetryPolicy: { MaximumRetryAttempts: 999 } } },
    },
    'MaximumRetryAttempts has 999, at most 185',
  ],
  [
    'a path is unknown',
    'scheduler',
    { path: '/schedule/s', json: schedule },
    'no operation is POST /schedule/s',
  ],
  [
    'a query has an unknown key',
    'eks',
    { path: '/clusters?most=1', method: 'GET' },
    'has ?most, which is unknown',
  ],
  ['a query of S3 has an unknown key', 's3', { path: '/b/k?x-id=GetObject&v=1', method: 'GET' }, 'has ?v'],
])('%s: %s', async (_, service, sent, said) => {
  const seen = await send(service, sent);
  expect(seen.said.join()).toContain(said);
  expect(seen).toMatchObject({ status: 400, said: [expect.any(String)] });
});

test('what AWS takes passes, and is counted', async () => {
  const s3 = await newS3Client(ownRole);
  await s3.send(new CreateBucketCommand({ Bucket: 'some-bucket' }));
  await s3.send(
    new PutObjectCommand({
      Bucket: 'some-bucket',
      Key: 'a b/%2F',
      Body: 'c',
      ServerSideEncryption: 'AES256',
    }),
  );
  await s3.send(new ListObjectsV2Command({ Bucket: 'some-bucket', Prefix: 'a b/' }));
  const Filters = [{ Name: 'tag:a', Values: ['b', 'c'] }];
  await new EC2Client({}).send(new DescribeInstancesCommand({ Filters, MaxResults: 5 }));
  await new EKSClient({}).send(new ListClustersCommand({ maxResults: 5 }));
  await new SNSClient({}).send(new ListTopicsCommand({}));
  await new CloudWatchClient({}).send(new ListMetricsCommand({ Namespace: 'n' }));
  expect(await violations(moto)).toEqual([]);
  expect(await checkedRequests(moto)).toEqual({
    's3:CreateBucket': 1,
    's3:PutObject': 1,
    's3:ListObjectsV2': 1,
    'ec2:DescribeInstances': 1,
    'eks:ListClusters': 1,
    'sns:ListTopics': 1,
    'monitoring:ListMetrics': 1,
  });
});

test('CBOR is read, too', async () => {
  const text = (value: string) => Buffer.from([0x60 + value.length, ...Buffer.from(value)]);
  const body = Buffer.concat([Buffer.from([0xa1]), text('projectNames'), text('p')]);
  const answer = await fetch(`${moto.endpoint}/service/CodeBuild_20161006/operation/StartBuild`, {
    method: 'POST',
    headers: {
      authorization: 'AWS4-HMAC-SHA256 Credential=t/20260101/us-east-1/codebuild/aws4_request, Signature=0',
      'smithy-protocol': 'rpc-v2-cbor',
    },
    body,
  });
  expect(answer.status).toBe(400);
  expect(await violations(moto)).toEqual([
    'codebuild:StartBuild: the request lacks projectName; the request has projectNames, which is unknown',
  ]);
});

test('what nobody signed is no request to AWS', async () => {
  await moto.bucket('of-tests', { a: 'b' });
  expect(await checkedRequests(moto)).toEqual({});
});
