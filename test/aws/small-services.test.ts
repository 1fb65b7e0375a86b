/** The contracts of what speaks to AWS's smaller services; every request is checked against AWS's models. */
import { fileURLToPath } from 'node:url';
import { HeadObjectCommand } from '@aws-sdk/client-s3';
import { GetScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { ListSubscriptionsByTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { GetQueueAttributesCommand, ListQueueTagsCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ownRole } from '../../adapters/aws/client/settings.ts';
import { SnsNotifier } from '../../adapters/aws/sns/notifier.ts';
import { SqsQueues } from '../../adapters/aws/sqs/queues.ts';
import { SfnExecutions } from '../../adapters/aws/step-functions/executions.ts';
import { AlreadyThere, NotFound, NotOurs, Throttled } from '../../core/errors/errors.ts';
import { executionsSuite } from '../contract/suites/executions.ts';
import { imagesSuite } from '../contract/suites/images.ts';
import { schedulesSuite } from '../contract/suites/schedules.ts';
import {
  invitationsSuite,
  licencesSuite,
  notifierSuite,
  queuesSuite,
} from '../contract/suites/small-services.ts';
import { AwsAnswers } from '../support/aws/json-api-server.ts';
import { checkedRequests } from '../support/moto/checked-requests.ts';
import { Moto } from '../support/moto/moto.ts';
import {
  newExecutions,
  newImages,
  newLicences,
  newName,
  newSchedules,
  newTopic,
  role,
} from '../support/moto/small-services.ts';

const access = ownRole;
const patches = fileURLToPath(new URL('patches', import.meta.url));
let moto: Moto;
beforeAll(async () => {
  moto = await Moto.start({ folders: [patches] });
  Object.assign(process.env, moto.env);
});
afterAll(async () => {
  const checked = moto && (await checkedRequests(moto));
  await moto?.stop();
  // Each of the services was looked at.
  const services = new Set(Object.keys(checked ?? {}).map((name) => name.split(':')[0]));
  for (const service of ['codebuild', 'ecr', 'logs', 's3', 'scheduler', 'sns', 'sqs', 'states', 'sts'])
    expect(services).toContain(service);
});

queuesSuite('SQS', () => new SqsQueues({ access, prefix: newName('stack') }));
licencesSuite('S3', async () => (await newLicences()).licences);
schedulesSuite('EventBridge Scheduler', async () => (await newSchedules()).schedules);
executionsSuite('Step Functions', newExecutions);
imagesSuite('CodeBuild and ECR', newImages);

describe('SqsQueues', () => {
  test('a queue is encrypted, refuses requests without TLS, and says whose it is', async () => {
    const queues = new SqsQueues({ access, prefix: 'secure' });
    const QueueUrl = await queues.create('r-1', { project: 'p' });
    const client = new SQSClient({});
    const { Attributes = {} } = await client.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
    );
    expect(Attributes).toMatchObject({ VisibilityTimeout: '120', SqsManagedSseEnabled: 'true' });
    expect(Number(Attributes.MessageRetentionPeriod)).toBeGreaterThan(12 * 3600);
    const [denied] = JSON.parse(Attributes.Policy ?? '').Statement;
    expect(denied).toMatchObject({
      Effect: 'Deny',
      Resource: Attributes.QueueArn,
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    });
    const { Tags } = await client.send(new ListQueueTagsCommand({ QueueUrl }));
    expect(Tags).toEqual({
      project: 'p',
      managedBy: 'gcd-sfn',
      'gcd-sfn:stack': 'secure',
      'gcd-sfn:execution': 'r-1',
    });
  });

  test('leaves alone what a stack has made whose name begins alike', async () => {
    const [ours, others] = ['one', 'one-more'].map((prefix) => new SqsQueues({ access, prefix }));
    const theirs = await others?.create('r-1', {});
    expect(await ours?.list()).toEqual([]);
    expect(await ours?.find('more-r-1')).toBeUndefined();
    await expect(ours?.create('more-r-1', {})).rejects.toThrow(NotOurs);
    await ours?.remove('more-r-1');
    expect(await others?.find('r-1')).toBe(theirs);
  });

  test('takes names of any length', async () => {
    const queues = new SqsQueues({ access, prefix: 'l'.repeat(60) });
    const executions = ['a', 'b'].map((end) => `${'e'.repeat(40)}${end}`);
    for (const execution of executions) await queues.create(execution, {});
    expect((await queues.list()).sort()).toEqual(executions);
  });
});

test('S3Licences: a file is encrypted', async () => {
  const { bucket, client, licences } = await newLicences();
  await licences.put('r', Buffer.from('secret'));
  const head = await client.send(new HeadObjectCommand({ Bucket: bucket, Key: 'licences/r' }));
  expect(head.ServerSideEncryption).toBe('AES256');
});

test('EventBridgeSchedules: the input names the schedule, its time and its request', async () => {
  const { group, schedules } = await newSchedules();
  await schedules.create({
    name: 's',
    expression: 'rate(1 day)',
    timezone: null,
    request: 'requests/s.json',
  });
  const found = await new SchedulerClient({}).send(new GetScheduleCommand({ GroupName: group, Name: 's' }));
  expect(JSON.parse(found.Target?.Input ?? '')).toEqual({
    schedule: 's',
    time: '<aws.scheduler.scheduled-time>',
    request: 'requests/s.json',
  });
  expect(found).toMatchObject({
    FlexibleTimeWindow: { Mode: 'OFF' },
    Target: { RoleArn: role, RetryPolicy: { MaximumEventAgeInSeconds: 3600 } },
  });
});

describe('what moto does not do', () => {
  test('SqsQueues: a name that was just given back is asked for again later; lists go on to their end', async () => {
    const url = (name: string) => `${server.endpoint}/1/${name}`;
    const tagsOf = (address: unknown) => ({
      ...{ managedBy: 'gcd-sfn', 'gcd-sfn:stack': 's' },
      'gcd-sfn:execution': address === url('a') ? 'r-1' : 'r-2',
    });
    const server: AwsAnswers = await AwsAnswers.start(({ operation, input }) => {
      if (operation === 'CreateQueue') return { error: 'com.amazonaws.sqs#QueueDeletedRecently' };
      if (operation === 'GetQueueUrl') return { error: 'com.amazonaws.sqs#QueueDoesNotExist' };
      if (operation === 'ListQueueTags')
        return { Tags: input.QueueUrl === url('gone') ? {} : tagsOf(input.QueueUrl) };
      return input.NextToken
        ? { QueueUrls: [url('b'), url('gone')] }
        : { QueueUrls: [url('a')], NextToken: 'n' };
    });
    process.env.AWS_ENDPOINT_URL_SQS = server.endpoint;
    try {
      const queues = new SqsQueues({ access, prefix: 's' });
      await expect(queues.create('r-1', {})).rejects.toThrow(Throttled);
      expect(await queues.list()).toEqual(['r-1', 'r-2']);
    } finally {
      delete process.env.AWS_ENDPOINT_URL_SQS;
      await server.stop();
    }
  });

  test('SfnExecutions: children of a Map are no runs; a name of a start that was lost is taken', async () => {
    const machine = (name: string) => `arn:aws:states:us-east-1:1:stateMachine:${name}`;
    const server = await AwsAnswers.start(({ operation, input }) => {
      if (operation === 'StartExecution') return { error: 'ExecutionAlreadyExists' };
      if (operation === 'DescribeExecution')
        return String(input.executionArn).endsWith(':r-1')
          ? { status: 'RUNNING', input: '{"run": "r"}' }
          : { error: 'ExecutionDoesNotExist' };
      const child = { name: 'child', mapRunArn: 'arn:aws:states:us-east-1:1:mapRun:m' };
      return input.nextToken
        ? { executions: [{ name: 'r-1' }, { name: 'over' }] }
        : { executions: [child], nextToken: 'n' };
    });
    process.env.AWS_ENDPOINT_URL_SFN = server.endpoint;
    try {
      const machines = { run: machine('s-run'), cleanup: machine('s-cleanup') };
      const executions = new SfnExecutions({ access, machines });
      expect(await executions.running()).toEqual([{ name: 'r-1', run: 'r', state: 'running' }]);
      expect(await executions.find('q-1')).toBeUndefined();
      await expect(executions.start('run', 'q-1', {})).rejects.toThrow(AlreadyThere);
    } finally {
      delete process.env.AWS_ENDPOINT_URL_SFN;
      await server.stop();
    }
  });
});

describe('SnsNotifier', () => {
  test('a topic that is not there is named', async () => {
    const arn = 'arn:aws:sns:us-east-1:123456789012:none';
    const notifier = new SnsNotifier({ access, topicArn: arn });
    const sending = notifier.send({ kind: 'topic', arn }, { subject: 's', text: 't' });
    await expect(sending).rejects.toThrow(NotFound);
    await expect(sending).rejects.toThrow(arn);
  });

  test('an address gets what is for it, by a subscription of its own', async () => {
    const { TopicArn, sent } = await newTopic(newName('topic'));
    const notifier = new SnsNotifier({ access, topicArn: TopicArn });
    await notifier.send(
      { kind: 'email', address: 'me@example.org' },
      { subject: 'a'.repeat(150), text: 't' },
    );
    await notifier.send({ kind: 'email', address: 'me@example.org' }, { subject: 'über…\nb', text: 'u' });
    const messages = await sent();
    expect(messages.map(({ subject }) => subject).sort()).toEqual(['?ber...?b', 'a'.repeat(99)]);
    for (const { attributes } of messages) expect(attributes.recipient.Value).toBe('me@example.org');
    const { Subscriptions = [] } = await new SNSClient({}).send(
      new ListSubscriptionsByTopicCommand({ TopicArn }),
    );
    expect(Subscriptions.filter(({ Protocol }) => Protocol === 'email')).toHaveLength(1);
  });
});
notifierSuite('SNS', async () => {
  // Whichever it is sent to, it comes by one of these.
  const [own, users] = [await newTopic(newName('topic')), await newTopic('t', 'us-west-2')];
  const notifier = new SnsNotifier({ access, topicArn: own.TopicArn });
  return { notifier, sent: async () => [...(await own.sent()), ...(await users.sent())] };
});
invitationsSuite('SNS', async () => {
  const { TopicArn } = await newTopic(newName('topic'));
  return new SnsNotifier({ access, topicArn: TopicArn });
});
