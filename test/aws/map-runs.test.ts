/** How many batches are on their way, in the Map of an execution that goes on. */
import {
  CreateStateMachineCommand,
  DescribeMapRunCommand,
  ListMapRunsCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { SfnMapRuns } from '../../adapters/aws/step-functions/map-runs.ts';
import { until } from '../support/cli/project.ts';
import { Moto } from '../support/moto/moto.ts';

const region = 'us-east-1';
const before = { ...process.env };
let moto: Moto;
let sfn: SFNClient;
let sqs: SQSClient;
let maps: SfnMapRuns;
beforeAll(async () => {
  moto = await Moto.start();
  Object.assign(process.env, moto.env);
  sfn = new SFNClient({ region });
  sqs = new SQSClient({ region });
});
afterAll(async () => {
  for (const client of [sfn, sqs]) client.destroy();
  maps?.close();
  process.env = before;
  await moto.stop();
});

test('is raised while batches are handed out, and never lowered', async () => {
  await moto.bucket('lines', { 'batches.jsonl': '{"n": 1}\n' });
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'batches' }));
  const ask = {
    Type: 'Task',
    Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
    Parameters: { QueueUrl, MessageBody: { 'token.$': '$$.Task.Token' } },
    End: true,
  };
  const map = {
    Type: 'Map',
    ItemReader: {
      Resource: 'arn:aws:states:::s3:getObject',
      ReaderConfig: { InputType: 'JSONL' },
      Parameters: { Bucket: 'lines', Key: 'batches.jsonl' },
    },
    ItemProcessor: {
      ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
      StartAt: 'Ask',
      States: { Ask: ask },
    },
    MaxConcurrency: 5,
    End: true,
  };
  const { stateMachineArn } = await sfn.send(
    new CreateStateMachineCommand({
      name: 'run',
      roleArn: 'arn:aws:iam::123456789012:role/machine',
      definition: JSON.stringify({ StartAt: 'Map', States: { Map: map } }),
    }),
  );
  const machine = stateMachineArn as string;
  maps = new SfnMapRuns({
    access: { accessKeyId: null, secretAccessKey: null, sessionToken: null, region },
    machine,
  });
  expect(await maps.widen('r-1', 8)).toBe(false);
  const { executionArn } = await sfn.send(new StartExecutionCommand({ stateMachineArn, name: 'r-1' }));
  const found = async () => (await sfn.send(new ListMapRunsCommand({ executionArn }))).mapRuns ?? [];
  await until(async () => (await found()).length > 0, 'the Map');
  const concurrency = async () => {
    const [{ mapRunArn } = {}] = await found();
    return (await sfn.send(new DescribeMapRunCommand({ mapRunArn }))).maxConcurrency;
  };
  expect([await maps.widen('r-1', 8), await concurrency()]).toEqual([true, 8]);
  expect([await maps.widen('r-1', 6), await maps.widen('r-1', 8), await concurrency()]).toEqual([
    false,
    false,
    8,
  ]);
});
