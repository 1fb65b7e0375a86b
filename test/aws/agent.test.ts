/** The agent with the boto3 of its image, against moto's S3, SQS and Step Functions: real tokens, real errors. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { CreateQueueCommand, DeleteQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { newS3Client, S3Store } from '../../adapters/aws/s3/index.ts';
import { layout } from '../../core/run-store/layout.ts';
import { outputsOf } from '../../core/run-store/records/output-files.ts';
import { readDone } from '../../core/run-store/records/parts.ts';
import type { OutputFiles } from '../../core/run-store/records/records.ts';
import { Ids } from '../../core/run-store/records/task-ids.ts';
import { exists, readAll, sizeOf } from '../../core/store.ts';
import { indexParts, Status } from '../../functions/gather/index-parts.ts';
import { linesOfParts } from '../../functions/gather/part-lines.ts';
import { motoPython } from '../../scripts/moto.ts';
import { packageRoot, until } from '../support/cli/project.ts';

const bucket = 'stack-bucket';
const settings = {
  region: 'us-east-1',
  credentials: { accessKeyId: 'testing', secretAccessKey: 'testing' },
};
const folder = mkdtempSync(join(tmpdir(), 'gcd-agent-'));
const packages = join(folder, 'packages');
const machineArn = 'arn:aws:states:us-east-1:123456789012:stateMachine:';

let moto: ChildProcess;
let endpoint = '';
let sqs: SQSClient;
let sfn: SFNClient;
let store: S3Store;
let data: S3Store;
let pods: ChildProcess[] = [];

beforeAll(async () => {
  // As worker/image/Dockerfile does.
  const list = join(packageRoot, 'worker/image/requirements.txt');
  const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-deps'];
  const exactly = ['--only-binary=:all:', '--require-hashes', '--target', packages, '-r', list];
  execFileSync('python3', [...install, ...exactly], { stdio: 'pipe' });
  const port = await freePort();
  endpoint = `http://127.0.0.1:${port}`;
  // Its Step Functions look for its other services at MOTO_PORT.
  moto = spawn(motoPython, ['-m', 'moto.server', '-H', '127.0.0.1', '-p', `${port}`], {
    stdio: 'ignore',
    env: { ...process.env, MOTO_PORT: `${port}` },
  });
  await until(async () => (await fetch(`${endpoint}/moto-api/`).catch(() => undefined))?.ok === true, 'moto');
  await fetch(`${endpoint}/moto-api/config`, {
    method: 'POST',
    body: JSON.stringify({ stepfunctions: { execute_state_machine: true } }),
  });
  process.env.AWS_ENDPOINT_URL = endpoint;
  sqs = new SQSClient(settings);
  sfn = new SFNClient(settings);
  const client = await newS3Client({
    accessKeyId: 'testing',
    secretAccessKey: 'testing',
    sessionToken: null,
    region: 'us-east-1',
  });
  for (const name of [bucket, 'data']) await fetch(`${endpoint}/${name}`, { method: 'PUT' });
  store = new S3Store({ client, bucket, prefix: 'runs/r/' });
  data = new S3Store({ client, bucket: 'data', prefix: '' });
  for (const name of ['a', 'b', 'c']) await data.write(`in/${name}.csv`, `${name}\n`);
}, 180_000);

afterEach(() => {
  for (const pod of pods) pod.kill('SIGKILL');
  pods = [];
});

afterAll(() => {
  moto.kill('SIGKILL');
  delete process.env.AWS_ENDPOINT_URL;
  rmSync(folder, { recursive: true, force: true });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  return port;
}

/** A request and one batch of these files. */
async function plan(files: string[]) {
  const config = {
    dataBucket: { kind: 's3', bucket: 'data', prefix: 'in/' },
    env: {},
    region: null,
    solverName: null,
    solverLicenceFile: null,
    taskTimeoutSeconds: null,
    maxAttempts: 3,
    exceptionAttempts: 1,
    keepOutput: false,
    dataCacheBytes: null,
  };
  await store.write(layout.request, JSON.stringify({ run: 'r', config, target: {} }));
  const line = JSON.stringify(files.map((file, index) => [index, `id-${index}`, `in/${file}`, null]));
  await store.write(layout.batchTasks, `${line}\n`);
  return { batch: 0, tasks: files.length, offset: 0, bytes: Buffer.byteLength(line) };
}

/** Has the state machine send the batch, as run.asl.yaml does. @returns a look at the execution */
async function dispatch(name: string, queueUrl: string, repetition: number, batch: unknown) {
  const definition = {
    StartAt: 'RunBatch',
    States: {
      RunBatch: {
        Type: 'Task',
        Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
        Parameters: {
          QueueUrl: queueUrl,
          MessageBody: {
            run: 'r',
            execution: 'r-1',
            repetition,
            batch,
            'taskToken.$': '$$.Task.Token',
          },
        },
        TimeoutSeconds: 300,
        HeartbeatSeconds: 200,
        End: true,
      },
    },
  };
  await sfn.send(
    new CreateStateMachineCommand({
      name,
      definition: JSON.stringify(definition),
      roleArn: 'arn:aws:iam::123456789012:role/any',
    }),
  );
  const started = await sfn.send(
    new StartExecutionCommand({ stateMachineArn: `${machineArn}${name}`, input: '{}' }),
  );
  const look = () => sfn.send(new DescribeExecutionCommand({ executionArn: started.executionArn }));
  return {
    async output() {
      await until(async () => (await look()).status !== 'RUNNING', `the end of ${name}`);
      const { status, output, cause } = await look();
      expect({ status, cause }).toEqual({ status: 'SUCCEEDED', cause: undefined });
      return JSON.parse(output ?? '');
    },
  };
}

function newPod(name: string, project: string, queueUrl: string, more: Record<string, string> = {}) {
  const scratch = join(folder, name);
  mkdirSync(scratch, { recursive: true });
  const pod = spawn('python3', [join(packageRoot, 'worker/gcd_worker/__main__.py'), 'agent'], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      PATH: process.env.PATH,
      HOME: scratch,
      AWS_ENDPOINT_URL: endpoint,
      GCD_CREDENTIALS: 'environment',
      AWS_ACCESS_KEY_ID: 'testing',
      AWS_SECRET_ACCESS_KEY: 'testing',
      AWS_REGION: 'us-east-1',
      GCD_BUCKET: bucket,
      GCD_RUN: 'r',
      GCD_EXECUTION: 'r-1',
      GCD_QUEUE_URL: queueUrl,
      GCD_POD: name,
      GCD_NODE: 'node',
      GCD_SCRATCH: scratch,
      GCD_PACKAGES: packages,
      GCD_PROJECT: project,
      GCD_TERMINATION_LOG: join(scratch, 'termination-log'),
      GCD_PACE: JSON.stringify({
        renew: 1,
        heartbeat: 1,
        poll: 1,
        flush: 1,
        state: 1,
        control: 1,
        patience: 2,
      }),
      ...more,
    },
  });
  pods.push(pod);
  let text = '';
  pod.stderr?.setEncoding('utf8').on('data', (more) => (text += more));
  return { pod, scratch, said: () => text };
}

function newProject(name: string, entrypoint: string): string {
  const project = join(folder, name);
  mkdirSync(project);
  writeFileSync(join(project, 'entrypoint.py'), entrypoint);
  return project;
}

async function newQueue(name: string): Promise<string> {
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: name }));
  return QueueUrl as string;
}

test('a batch goes from the state machine to the worker and back, and its records are gathered', async () => {
  const queueUrl = await newQueue('q1');
  const batch = await plan(['a.csv', 'b.csv', 'gone.csv']);
  const project = newProject(
    'reads',
    'def entrypoint(data_file, curr_process_file, data_bucket):\n' +
      '    return {"text": open(data_file).read(), "key": curr_process_file, "bucket": data_bucket}\n',
  );
  const { pod, scratch } = newPod('pod-1', project, queueUrl);
  const outcome = await dispatch('m1', queueUrl, 1, batch);
  expect(await outcome.output()).toEqual({ batch: 0, succeeded: 2, failed: 1, notRun: 0 });

  using index = await indexParts(linesOfParts(store, 1), new Ids(3), 3);
  expect([...index.status]).toEqual([Status.succeeded, Status.succeeded, Status.failed]);
  expect(JSON.parse(index.record(0)).result).toEqual({ text: 'a\n', key: 'in/a.csv', bucket: 'data' });
  expect(JSON.parse(index.record(2)).error).toMatchObject({ class: 'no-data', type: 'NotFound' });
  expect(index.workers[0]).toMatchObject({ worker: 'pod-1', node: 'node' });
  await until(() => exists(store, `${layout.workers}pod-1.json`), 'the state of the worker');
  const state = JSON.parse(String(await readAll(store, `${layout.workers}pod-1.json`)));
  expect(state).toMatchObject({ worker: 'pod-1', node: 'node', execution: 'r-1' });

  // The same batch again: all is done, only the answer is given.
  const again = await dispatch('m2', queueUrl, 1, batch);
  expect(await again.output()).toEqual({ batch: 0, succeeded: 0, failed: 0, notRun: 0 });

  const ended = once(pod, 'exit');
  await sqs.send(new DeleteQueueCommand({ QueueUrl: queueUrl }));
  expect(await ended).toEqual([0, null]);
  expect(readFileSync(join(scratch, 'ready'), 'utf8')).toBe('');
});

test('files that tasks leave are in the bucket when their records are, one of several pieces, too', async () => {
  const queueUrl = await newQueue('q-files');
  const batch = await plan(['a.csv', 'b.csv']);
  const large = 65 * 2 ** 20;
  const project = newProject(
    'leaves',
    'def entrypoint(curr_process_file, output_dir):\n' +
      '    with open(output_dir + "/name.txt", "w") as file: file.write(curr_process_file)\n' +
      '    if curr_process_file == "in/b.csv":\n' +
      `        with open("large.bin", "wb") as file: file.truncate(${large}); file.seek(${large} - 3); file.write(b"end")\n` +
      '    return {}\n',
  );
  const { pod, scratch } = newPod('pod-files', project, queueUrl);
  const outcome = await dispatch('m-files', queueUrl, 7, batch);
  expect(await outcome.output()).toEqual({ batch: 0, succeeded: 2, failed: 0, notRun: 0 });
  using index = await indexParts(linesOfParts(store, 7), new Ids(2), 2);
  const [a, b] = [0, 1].map((task) => outputsOf(index.record(task)) as OutputFiles) as [
    OutputFiles,
    OutputFiles,
  ];
  expect(a.list).toEqual([['name.txt', 8]]);
  expect(b.list).toEqual([
    ['large.bin', large],
    ['name.txt', 8],
  ]);
  expect(String(await readAll(store, layout.output(b.at, 1)))).toBe('in/b.csv');
  expect(await sizeOf(store, layout.output(b.at, 0))).toBe(large);
  expect(String(await readAll(store, layout.output(b.at, 0), { start: large - 4 }))).toBe('\0end');
  await until(() => readdirSync(join(scratch, 'outputs')).length === 0, 'room on the disk');
  const ended = once(pod, 'exit');
  await sqs.send(new DeleteQueueCommand({ QueueUrl: queueUrl }));
  await ended;
});

test('what a killed worker did is not done again by the one that takes over', async () => {
  const queueUrl = await newQueue('q2');
  const batch = await plan(['a.csv', 'b.csv', 'c.csv']);
  const project = newProject(
    'waits',
    'import os, time\n' +
      'def entrypoint(curr_process_file):\n' +
      `    while curr_process_file == 'in/b.csv' and not os.path.exists(${JSON.stringify(join(folder, 'gate'))}):\n` +
      '        time.sleep(0.01)\n' +
      '    return {"pid": os.getpid()}\n',
  );
  const { pod, said } = newPod('pod-2', project, queueUrl);
  const outcome = await dispatch('m3', queueUrl, 2, batch);
  await until(async () => (await readDone(store, 2)).succeeded === 1, 'the record of the first task');
  pod.kill('SIGTERM');
  const ended = once(pod, 'exit');
  await until(() => said().includes('SIGTERM'), 'the signal');
  writeFileSync(join(folder, 'gate'), '');
  expect(await ended).toEqual([143, null]);
  newPod('pod-3', project, queueUrl);
  // What is left after the task that ran.
  expect((await outcome.output()).failed).toBe(0);
  const done = await readDone(store, 2);
  expect([done.succeeded, done.failed]).toEqual([3, 0]);
});

test("whatever keys the user's code has, the agent works as its pod", async () => {
  let asked = 0;
  const identity = createHttpServer((_, response) => {
    asked++;
    const Expiration = new Date(Date.now() + 3_600_000).toISOString();
    response.end(JSON.stringify({ AccessKeyId: 'pod', SecretAccessKey: 'pod', Token: 'pod', Expiration }));
  }).listen(0, '127.0.0.1');
  identity.unref();
  await once(identity, 'listening');
  const { port } = identity.address() as { port: number };
  const queueUrl = await newQueue('q4');
  const batch = await plan(['a.csv']);
  const entrypoint =
    'import os\ndef entrypoint(aws_access_key):\n' +
    '    return {"given": aws_access_key, **{k: os.environ[k] for k in ("AWS_ACCESS_KEY_ID", "AWS_PROFILE")}}\n';
  newPod('pod-5', newProject('keys', entrypoint), queueUrl, {
    AWS_CONTAINER_CREDENTIALS_FULL_URI: `http://127.0.0.1:${port}/`,
    AWS_PROFILE: 'of-another-machine',
  });
  const outcome = await dispatch('m4', queueUrl, 4, batch);
  expect((await outcome.output()).succeeded).toBe(1);
  expect(asked).toBeGreaterThan(0);
  using index = await indexParts(linesOfParts(store, 4), new Ids(1), 1);
  expect(JSON.parse(index.record(0)).result).toEqual({
    given: null,
    AWS_ACCESS_KEY_ID: 'testing',
    AWS_PROFILE: 'of-another-machine',
  });
  identity.close();
});

test('data of a bucket in another region, of a payer, or read as nobody', () => {
  const script = join(packageRoot, 'test/aws/data_access.py');
  const asked = (access: object) =>
    execFileSync('python3', [script, packages, JSON.stringify(access)])
      .toString()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
  // S3 says where the bucket is, and later requests go there at once.
  const away = { method: 'HEAD', home: false, signed: true, payer: null };
  const at = (method: string, more: object = {}) => ({ ...away, method, home: true, ...more });
  expect(asked({})).toEqual([away, at('HEAD'), at('GET')]);
  const payer = { payer: 'requester' };
  expect(asked({ requester_pays: true }).slice(-2)).toEqual([at('HEAD', payer), at('GET', payer)]);
  const nobody = { signed: false };
  expect(asked({ unsigned: true }).slice(-2)).toEqual([at('HEAD', nobody), at('GET', nobody)]);
});

test('a token that was answered is dropped, with its message', async () => {
  const queueUrl = await newQueue('q3');
  await plan(['a.csv']);
  const { SendMessageCommand, GetQueueAttributesCommand } = await import('@aws-sdk/client-sqs');
  const MessageBody = JSON.stringify({
    run: 'r',
    execution: 'r-1',
    repetition: 3,
    batch: { batch: 0, tasks: 1, offset: 0, bytes: 10 },
    taskToken: 'never-given',
  });
  await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody }));
  newPod('pod-4', newProject('any', 'def entrypoint(): return {}\n'), queueUrl);
  const names = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
  await until(async () => {
    const asked = new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: [...names] });
    const { Attributes } = await sqs.send(asked);
    return names.every((name) => Attributes?.[name] === '0');
  }, 'an empty queue');
  expect((await readDone(store, 3)).succeeded).toBe(0);
});
