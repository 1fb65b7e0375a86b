/** State machines in the imitated AWS do what Step Functions does, where moto alone does not. */
import { readdirSync, readFileSync } from 'node:fs';
import { CodeBuildClient, CreateProjectCommand } from '@aws-sdk/client-codebuild';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  type DescribeExecutionCommandOutput,
  GetExecutionHistoryCommand,
  SendTaskHeartbeatCommand,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Moto } from '../support/moto.ts';
import { until } from '../support/project.ts';
import { histories, type Step } from '../support/recorded.ts';

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

  test('an error of Step Functions itself leaves an item under its own name', async () => {
    await moto.bucket('late', { 'items.jsonl': '{}\n' });
    const States = { Ask: asking(await queue(), { TimeoutSeconds: 1 }) };
    const { A } = over('late', { ...passing, StartAt: 'Ask', States });
    const Catch = [{ ErrorEquals: ['States.Timeout'], Next: 'Caught' }];
    const { status } = await ended(
      await start({ A: { ...A, Catch }, Caught: { Type: 'Succeed' } }, { to: 'late' }),
    );
    expect(status).toBe('SUCCEEDED');
  });
});

describe('a task token', () => {
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
