/** State machines in the imitated AWS do what Step Functions does, where moto alone does not. */
import { readdirSync, readFileSync } from 'node:fs';
import { CodeBuildClient, CreateProjectCommand } from '@aws-sdk/client-codebuild';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  type DescribeExecutionCommandOutput,
  DescribeMapRunCommand,
  GetExecutionHistoryCommand,
  ListMapRunsCommand,
  SendTaskFailureCommand,
  SendTaskHeartbeatCommand,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { histories, type Step } from '../support/aws/recorded-answers.ts';
import { until } from '../support/cli/project.ts';
import { Moto } from '../support/moto/moto.ts';

let moto: Moto;
let sfn: SFNClient;
let sqs: SQSClient;
let settings: {
  endpoint: string;
  region: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
};
beforeAll(async () => {
  moto = await Moto.start();
  const credentials = { accessKeyId: 'testing', secretAccessKey: 'testing' };
  settings = { endpoint: moto.endpoint, region: 'us-east-1', credentials };
  sfn = new SFNClient(settings);
  sqs = new SQSClient(settings);
});
afterAll(async () => {
  for (const client of [sfn, sqs]) client.destroy();
  await moto.stop();
});

let made = 0;
/** Starts a machine whose first state is A. */
async function start(States: Record<string, unknown>, input: unknown = {}, name?: string): Promise<string> {
  const { stateMachineArn } = await sfn.send(
    new CreateStateMachineCommand({
      name: `machine-${++made}`,
      roleArn: 'arn:aws:iam::123456789012:role/machine',
      definition: JSON.stringify({ StartAt: 'A', States }),
    }),
  );
  const { executionArn } = await sfn.send(
    new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input), name }),
  );
  return executionArn as string;
}

async function ended(executionArn: string): Promise<DescribeExecutionCommandOutput> {
  let found: DescribeExecutionCommandOutput | undefined;
  await until(async () => {
    found = await sfn.send(new DescribeExecutionCommand({ executionArn }));
    return found.status !== 'RUNNING';
  }, 'the end of the execution');
  return found as DescribeExecutionCommandOutput;
}

async function queue(): Promise<string> {
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: `queue-${++made}` }));
  return QueueUrl as string;
}

async function receive(QueueUrl: string): Promise<{ token: string } & Record<string, unknown>> {
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }));
  return JSON.parse(Messages[0]?.Body as string);
}

const asking = (QueueUrl: string, more: Record<string, unknown> = {}) => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
  Parameters: { QueueUrl, MessageBody: { 'token.$': '$$.Task.Token', 'input.$': '$' } },
  End: true,
  ...more,
});

describe('a Distributed Map', () => {
  const over = (Bucket: string, ItemProcessor: unknown) => ({
    A: {
      Type: 'Map',
      ItemReader: {
        Resource: 'arn:aws:states:::s3:getObject',
        ReaderConfig: { InputType: 'JSONL' },
        Parameters: { Bucket, Key: 'items.jsonl' },
      },
      ItemProcessor,
      ResultWriter: {
        Resource: 'arn:aws:states:::s3:putObject',
        Parameters: { 'Bucket.$': '$.to', Prefix: 'out' },
      },
      MaxConcurrency: 2,
      End: true,
    },
  });
  const passing = {
    ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
    StartAt: 'Pass',
    States: { Pass: { Type: 'Pass', End: true } },
  };

  test('reads lines of JSON, as many as there are, and writes what became of them', async () => {
    const items = Array.from({ length: 1500 }, (_, n) => `{"n": ${n}}\n`).join('');
    await moto.bucket('lines', { 'items.jsonl': `${items}\n` });
    const { status, output } = await ended(await start(over('lines', passing), { to: 'lines' }));
    expect(status).toBe('SUCCEEDED');
    const { Bucket, Key } = JSON.parse(output as string).ResultWriterDetails;
    const s3 = new S3Client({ ...settings, forcePathStyle: true });
    const read = async (key: string) =>
      JSON.parse(
        (await (
          await s3.send(new GetObjectCommand({ Bucket, Key: key }))
        ).Body?.transformToString()) as string,
      );
    const manifest = (await read(Key)) as { ResultFiles: { SUCCEEDED: { Key: string }[] } };
    const results = (await read(manifest.ResultFiles.SUCCEEDED[0]?.Key as string)) as { Output: string }[];
    s3.destroy();
    expect(results).toHaveLength(1500);
    expect(results.map(({ Output }) => JSON.parse(Output).n).sort((a, b) => a - b)[1499]).toBe(1499);
  });
});

/** Fails the child that asked, under a name of our own. */
const fail = (taskToken: string) => sfn.send(new SendTaskFailureCommand({ taskToken, error: 'Stopped' }));

/** What an answer is told that comes when nobody waits for it any more. */
const isLate = (taskToken: string) =>
  expect(sfn.send(new SendTaskSuccessCommand({ taskToken, output: '{}' }))).rejects.toThrow(
    expect.objectContaining({ name: 'TaskTimedOut' }),
  );

const waits = { HeartbeatSeconds: 1200, TimeoutSeconds: 43200 };
const caught = { Type: 'Succeed' };

describe('a child that fails', () => {
  const items = [0, 1, 2, 3, 4, 5];
  const map = (url: string, Mode: string, more: Record<string, unknown> = {}) => ({
    Type: 'Map',
    MaxConcurrency: 3,
    ItemProcessor: {
      ProcessorConfig: { Mode, ...(Mode === 'DISTRIBUTED' && { ExecutionType: 'STANDARD' }) },
      StartAt: 'Ask',
      States: { Ask: asking(url, waits) },
    },
    ...more,
  });
  const mapRun = async (executionArn: string) => {
    const { mapRuns = [] } = await sfn.send(new ListMapRunsCommand({ executionArn }));
    return sfn.send(new DescribeMapRunCommand({ mapRunArn: mapRuns[0]?.mapRunArn }));
  };
  /** That nothing is sent any more, once what was sent is received. */
  const silent = async (QueueUrl: string) =>
    expect((await sqs.send(new ReceiveMessageCommand({ QueueUrl }))).Messages ?? []).toEqual([]);

  test.each([
    ['DISTRIBUTED', 'States.ExceedToleratedFailureThreshold'],
    ['INLINE', 'Stopped'],
  ])('ends its Map (%s) at once, with its siblings; no other begins', async (mode, error) => {
    const url = await queue();
    const Catch = [{ ErrorEquals: [error], ResultPath: '$', Next: 'Caught' }];
    const executionArn = await start(
      { A: map(url, mode, { Catch, End: true }), Caught: { Type: 'Wait', Seconds: 0, Next: 'B' }, B: caught },
      items,
    );
    const [first, ...siblings] = [await receive(url), await receive(url), await receive(url)];
    await fail(first?.token as string);
    const { status, output } = await ended(executionArn);
    expect([status, JSON.parse(output as string).Error]).toEqual(['SUCCEEDED', error]);
    for (const { token } of siblings) await isLate(token);
    await silent(url);
    if (mode !== 'DISTRIBUTED') return;
    await until(async () => (await mapRun(executionArn)).itemCounts?.aborted === 2, 'the end of the others');
    const { status: end, itemCounts } = await mapRun(executionArn);
    expect({ end, failed: itemCounts?.failed, succeeded: itemCounts?.succeeded }).toEqual({
      ...{ end: 'FAILED', failed: 1, succeeded: 0 },
    });
  });

  test('leaves an inline Map under its own name, also when Step Functions gave it', async () => {
    const states = { Ask: asking(await queue(), { TimeoutSeconds: 1 }) };
    const ItemProcessor = { ProcessorConfig: { Mode: 'INLINE' }, StartAt: 'Ask', States: states };
    const Catch = [{ ErrorEquals: ['States.Timeout'], Next: 'Caught' }];
    const A = { Type: 'Map', ItemProcessor, Catch, End: true };
    expect((await ended(await start({ A, Caught: caught }, [0, 1]))).status).toBe('SUCCEEDED');
  });

  test.each(['DISTRIBUTED', 'INLINE'])('its siblings are late at once (%s)', async (mode) => {
    const url = await queue();
    const Catch = [{ ErrorEquals: ['States.ALL'], Next: 'Ask' }];
    const States = { A: map(url, mode, { Catch, End: true }), Ask: asking(url, waits) };
    const executionArn = await start(States, [0, 1]);
    const [first, second] = [await receive(url), await receive(url)];
    await fail(first.token);
    const { token: taskToken } = await receive(url);
    await isLate(second.token);
    await sfn.send(new SendTaskSuccessCommand({ taskToken, output: '{}' }));
    expect((await ended(executionArn)).status).toBe('SUCCEEDED');
  });

  test.each([
    [{ ToleratedFailureCount: 1 }, 1, 'SUCCEEDED'],
    [{ ToleratedFailureCount: 1 }, 2, 'FAILED'],
    [{ ToleratedFailurePercentage: 33.4 }, 1, 'SUCCEEDED'],
    [{ ToleratedFailurePercentage: 33.3 }, 1, 'FAILED'],
    [{ ToleratedFailurePercentage: 99.9, ToleratedFailureCount: 1 }, 2, 'FAILED'],
  ])('is tolerated as the Map says: %j of 3, %d fail', async (tolerated, failing, end) => {
    const url = await queue();
    const executionArn = await start({ A: map(url, 'DISTRIBUTED', { ...tolerated, End: true }) }, [0, 1, 2]);
    const tokens = [await receive(url), await receive(url), await receive(url)].map(({ token }) => token);
    for (const token of tokens.slice(0, failing)) await fail(token);
    if (end === 'SUCCEEDED')
      for (const taskToken of tokens.slice(failing))
        await sfn.send(new SendTaskSuccessCommand({ taskToken, output: '{}' }));
    const { status, error } = await ended(executionArn);
    expect(status).toBe(end);
    if (end === 'FAILED') expect(error).toBe('States.ExceedToleratedFailureThreshold');
  });

  test('a branch that fails ends the others', async () => {
    const url = await queue();
    const branch = { StartAt: 'Ask', States: { Ask: asking(url, waits) } };
    const Catch = [{ ErrorEquals: ['Stopped'], Next: 'Ask' }];
    const A = { Type: 'Parallel', Branches: [branch, branch], Catch, End: true };
    const executionArn = await start({ A, Ask: asking(url, waits) });
    const [first, second] = [await receive(url), await receive(url)];
    await fail(first.token);
    const { token: taskToken } = await receive(url);
    await isLate(second.token);
    await sfn.send(new SendTaskSuccessCommand({ taskToken, output: '{}' }));
    expect((await ended(executionArn)).status).toBe('SUCCEEDED');
  });
});

describe('a task token', () => {
  test('is of one attempt: the next one has another, and answers to the first are late', async () => {
    const url = await queue();
    const Retry = [{ ErrorEquals: ['Stopped'], IntervalSeconds: 1, MaxAttempts: 3, BackoffRate: 1 }];
    const executionArn = await start({ A: asking(url, { ...waits, Retry }) });
    const { token: first } = await receive(url);
    await fail(first);
    const { token: taskToken } = await receive(url);
    expect(taskToken).not.toBe(first);
    await isLate(first);
    await sfn.send(new SendTaskSuccessCommand({ taskToken, output: '{"a":1}' }));
    const { status, output } = await ended(executionArn);
    expect([status, JSON.parse(output as string)]).toEqual(['SUCCEEDED', { a: 1 }]);
  });

  test('a heartbeat that is missed has its own name', async () => {
    const url = await queue();
    const Catch = [{ ErrorEquals: ['States.HeartbeatTimeout'], Next: 'Caught' }];
    const state = asking(url, { HeartbeatSeconds: 1, TimeoutSeconds: 60, Catch });
    const executionArn = await start({ A: state, Caught: { Type: 'Succeed' } });
    expect((await ended(executionArn)).status).toBe('SUCCEEDED');
    const { events = [] } = await sfn.send(new GetExecutionHistoryCommand({ executionArn }));
    const missed = events.find(({ type }) => type === 'TaskTimedOut')?.taskTimedOutEventDetails;
    const steps = histories.heartbeatMissed.value as unknown as Step[];
    const recorded = steps.find(([, , type]) => type === 'TaskTimedOut')?.[3];
    expect(missed).toEqual(recorded?.taskTimedOutEventDetails);
  });

  test('a heartbeat without a timeout, and a timeout by a path', async () => {
    const url = await queue();
    const B = asking(url, { HeartbeatSecondsPath: '$.heartbeat', TimeoutSecondsPath: '$.timeout' });
    const execution = await start(
      { A: asking(url, { HeartbeatSeconds: 100, ResultPath: null, Next: 'B', End: undefined }), B },
      { heartbeat: 100, timeout: 200 },
    );
    for (const output of ['{"a":1}', '{"b":2}']) {
      const { token: taskToken } = await receive(url);
      await sfn.send(new SendTaskHeartbeatCommand({ taskToken }));
      await sfn.send(new SendTaskSuccessCommand({ taskToken, output }));
    }
    const { status, output } = await ended(execution);
    expect([status, JSON.parse(output as string)]).toEqual(['SUCCEEDED', { b: 2 }]);
  });

  test('of an execution that was stopped it is known that it is late; who stopped it, and why, is kept', async () => {
    const url = await queue();
    const executionArn = await start({ A: asking(url, { HeartbeatSeconds: 1200, TimeoutSeconds: 43200 }) });
    const { token: taskToken } = await receive(url);
    await sfn.send(new StopExecutionCommand({ executionArn, error: 'Stopped', cause: 'by hand' }));
    const { status, error, cause, stopDate } = await sfn.send(new DescribeExecutionCommand({ executionArn }));
    expect({ status, error, cause }).toEqual({ status: 'ABORTED', error: 'Stopped', cause: 'by hand' });
    expect(stopDate).toBeInstanceOf(Date);
    await expect(sfn.send(new SendTaskSuccessCommand({ taskToken, output: '{}' }))).rejects.toThrow(
      expect.objectContaining({ name: 'TaskTimedOut' }),
    );
    await sfn.send(new StopExecutionCommand({ executionArn, cause: 'again' }));
    expect((await sfn.send(new DescribeExecutionCommand({ executionArn }))).cause).toBe('by hand');
  });
});

test('a branch that times out is caught where the branches are', async () => {
  const States = { Ask: asking(await queue(), { TimeoutSeconds: 1 }) };
  const A = {
    Type: 'Parallel',
    Branches: [{ StartAt: 'Ask', States }],
    Catch: [{ ErrorEquals: ['States.Timeout'], Next: 'Caught' }],
    End: true,
  };
  const { status, error } = await ended(await start({ A, Caught: { Type: 'Succeed' } }));
  expect([status, error]).toEqual(['SUCCEEDED', undefined]);
});

test('a path behind an index leads to what is there', async () => {
  const branch = (of: string) => ({
    StartAt: of,
    States: { [of]: { Type: 'Pass', Parameters: { warnings: [of] }, End: true } },
  });
  const A = {
    Type: 'Parallel',
    Branches: [branch('B'), branch('C')],
    ResultSelector: { 'one.$': '$[1].warnings', 'all.$': '$[*].warnings' },
    End: true,
  };
  const { output } = await ended(await start({ A }));
  expect(JSON.parse(output as string)).toEqual({ one: ['C'], all: [['B'], ['C']] });
});

test('executions without a name have different ones', async () => {
  const States = { A: { Type: 'Succeed' } };
  const names = [await ended(await start(States)), await ended(await start(States))].map(({ name }) => name);
  expect(new Set(names).size).toBe(2);
  expect(names).not.toContain('None');
});

test('a task of the SDK takes and gives names in PascalCase', async () => {
  const A = {
    Type: 'Task',
    Resource: 'arn:aws:states:::aws-sdk:eks:createCluster',
    Parameters: {
      Name: 'cased',
      RoleArn: 'arn:aws:iam::123456789012:role/cluster',
      ResourcesVpcConfig: { SubnetIds: [] },
    },
    ResultSelector: { 'name.$': '$.Cluster.Name', 'at.$': '$.Cluster.CreatedAt' },
    End: true,
  };
  const { status, output } = await ended(await start({ A }));
  expect(status).toBe('SUCCEEDED');
  expect(JSON.parse(output as string)).toEqual({ name: 'cased', at: expect.stringMatching(/^\d{4}-/) });
});

test('a build is waited for', async () => {
  const client = new CodeBuildClient(settings);
  await client.send(
    new CreateProjectCommand({
      name: 'image',
      serviceRole: 'arn:aws:iam::123456789012:role/build',
      source: { type: 'S3', location: 'bucket/key' },
      artifacts: { type: 'NO_ARTIFACTS' },
      environment: { type: 'LINUX_CONTAINER', image: 'any', computeType: 'BUILD_GENERAL1_SMALL' },
    }),
  );
  client.destroy();
  const A = {
    Type: 'Task',
    Resource: 'arn:aws:states:::codebuild:startBuild.sync',
    Parameters: { ProjectName: 'image' },
    ResultSelector: { 'build.$': '$.Build.Id' },
    End: true,
  };
  const { status, output } = await ended(await start({ A }));
  expect(status).toBe('SUCCEEDED');
  expect(JSON.parse(output as string).build).toMatch(/^image:/);
});

test('every patch says which behaviour of AWS it restores', () => {
  for (const folder of ['test/moto/patches', 'test/box/aws'])
    for (const file of readdirSync(folder).filter((name) => name.endsWith('.py')))
      expect([file, readFileSync(`${folder}/${file}`, 'utf8').slice(0, 3)]).toEqual([file, '"""']);
});
