/** Runs on AWS as a user drives them, on moto: its Step Functions executes a machine with some of the run's states. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CloudFormationClient, CreateStackCommand } from '@aws-sdk/client-cloudformation';
import { CreateClusterCommand, EKSClient } from '@aws-sdk/client-eks';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateStateMachineCommand, SFNClient } from '@aws-sdk/client-sfn';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { SfnEvents } from '../../adapters/aws/step-functions/execution-events.ts';
import { SfnExecutions } from '../../adapters/aws/step-functions/executions.ts';
import { version } from '../../adapters/local/version.ts';
import { MemoryStore } from '../../core/memory-store.ts';
import type { RunEvent } from '../../core/run-store/events/events.ts';
import { runEvents } from '../../core/run-store/events/events.ts';
import { keepEvents } from '../../functions/lambda/keep-events.ts';
import type { ExecutionEvent } from '../../ports/account/execution-events.ts';
import { command, newProject } from '../support/cli/project.ts';
import { key, startInTerminal } from '../support/cli/terminal.ts';
import { Moto } from '../support/moto/moto.ts';

const region = 'us-east-1';
const account = '123456789012';
const bucket = 'gcd-sfn-runs';
const machine = (name: string) => `arn:aws:states:${region}:${account}:stateMachine:${name}`;
const machines = { run: machine('gcd-sfn-run'), cleanup: machine('gcd-sfn-cleanup') };
const access = { accessKeyId: null, secretAccessKey: null, sessionToken: null, region };

let moto: Moto;
let s3: S3Client;
const before = { ...process.env };
const cleanUps: (() => Promise<void>)[] = [];
beforeAll(async () => {
  moto = await Moto.start();
  Object.assign(process.env, moto.env);
  s3 = new S3Client({ region, forcePathStyle: true });
  for (const name of ['data', bucket]) await s3.send(new CreateBucketCommand({ Bucket: name }));
  for (const name of ['a', 'b'])
    await s3.send(new PutObjectCommand({ Bucket: 'data', Key: `${name}.csv`, Body: 'Power\n1\n' }));
  await newMachine('gcd-sfn-run', 600);
  await newMachine('quick', 0);
  await newStack();
  await new EKSClient({ region }).send(
    new CreateClusterCommand({
      name: 'lab',
      roleArn: `arn:aws:iam::${account}:role/c`,
      resourcesVpcConfig: {},
    }),
  );
});
afterAll(async () => {
  process.env = before;
  await moto?.stop();
});
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

/** Waits in the middle of it. */
async function newMachine(name: string, seconds: number): Promise<void> {
  const pass = (Next: string, Result: unknown = {}) => ({ Type: 'Pass', Result, ResultPath: '$.step', Next });
  const definition = {
    StartAt: 'Validate',
    States: {
      Validate: pass('EnsureCluster'),
      EnsureCluster: { Type: 'Wait', Seconds: seconds, Next: 'Gather' },
      Gather: pass('Done', { state: 'ready' }),
      Done: { Type: 'Succeed' },
    },
  };
  await new SFNClient({ region }).send(
    new CreateStateMachineCommand({
      ...{ name, definition: JSON.stringify(definition), roleArn: `arn:aws:iam::${account}:role/m` },
    }),
  );
}

async function newStack(): Promise<void> {
  const names = [
    ...['ImageProjectName', 'TopicArn', 'ScheduleGroupName', 'SchedulerRoleArn', 'ClusterRoleArn', 'VpcId'],
    ...['NodeRoleArn', 'PodRoleArn', 'BastionProfileArn', 'SshOnlyGroupId', 'NodeTemplateId', 'SubnetIds'],
  ];
  const values: Record<string, string> = {
    ...Object.fromEntries(names.map((name) => [name, name])),
    ...{ BucketName: bucket, RepositoryUri: `${account}.dkr.ecr.${region}.amazonaws.com/images` },
    Version: version(),
    ...{ RunMachineArn: machine('gcd-sfn-run'), CleanUpMachineArn: machine('gcd-sfn-cleanup') },
  };
  const TemplateBody = JSON.stringify({
    Resources: { Topic: { Type: 'AWS::SNS::Topic' } },
    Outputs: Object.fromEntries(Object.entries(values).map(([key, Value]) => [key, { Value }])),
  });
  await new CloudFormationClient({ region }).send(
    new CreateStackCommand({
      ...{ StackName: 'gcd-sfn', TemplateBody, Tags: [{ Key: 'managedBy', Value: 'gcd-sfn' }] },
    }),
  );
}

async function project(config = 'data_bucket: s3://data\n') {
  const made = await newProject({
    'entrypoint.py': 'def entrypoint(**_):\n    return {}\n',
    'config.yaml': config,
  });
  cleanUps.push(made.remove);
  return made.folder;
}

const run = (...args: string[]) => command(args, { env: moto.env });

describe('a run that was begun from here', () => {
  test('its state is told, and it can be stopped', async () => {
    const folder = await project();
    const where = ['--project', folder];
    const begun = await run('start', ...where, '-n', '0', '--cluster', 'lab', '--name', 'owls', '--detach');
    expect(begun.stderr).toMatch(/2 files, 2 tasks, in 2 batches for 2 workers/);
    expect(begun.stderr).toMatch(/cluster +lab in us-east-1\n/);
    expect(begun.stderr).toMatch(/cost +\$.* an hour/);
    expect(begun.stderr).toContain('run owls goes on on AWS, execution owls-1');
    expect(begun.code).toBe(0);
    expect(existsSync(join(folder, '.gcd/runs/owls/remote.json'))).toBe(true);

    const status = await run('status', 'owls', ...where, '--json');
    expect(JSON.parse(status.stdout)).toMatchObject({
      ...{ state: 'running', tasks: { total: null, succeeded: 0 } },
      live: { state: 'EnsureCluster' },
      aws: { stack: 'gcd-sfn', region, bucket, execution: 'owls-1' },
    });
    const all = await run('status', '--stack', '--json');
    expect(JSON.parse(all.stdout).runs).toMatchObject([{ run: 'owls', state: 'running', cluster: 'lab' }]);

    const refused = await run('resume', 'owls', ...where);
    expect(refused.stderr).toContain('run owls is running: execution owls-1');
    expect(refused.code).toBe(2);

    const stopped = await run('stop', 'owls', ...where, '--now', '--json');
    expect(JSON.parse(stopped.stdout)).toMatchObject({ state: 'stopped', exitCode: 130 });
    expect(stopped.code).toBe(0);
    expect((await run('status', ...where)).stdout).toMatch(/owls +stopped \(AWS\)/);
  });

  test('on a terminal it asks, shows what the run does, and Ctrl-C twice stops it', async () => {
    const folder = await project();
    const start = ['start', '-p', folder, '-n', '0', '-c', 'lab', '--name', 'hoots'];
    const terminal = startInTerminal(start, { env: moto.env, columns: 100, rows: 40 });
    await terminal.waitFor('Go on?');
    expect(terminal.screen().join('\n')).toMatch(/nodes +1 × \S+, 2 workers each/);
    terminal.press(key.enter);
    await terminal.waitFor('making the cluster …');
    terminal.press(key.ctrlC);
    await terminal.waitFor('stopping hoots: running tasks end first');
    terminal.press(key.ctrlC);
    const { code } = await terminal.ended;
    expect(terminal.screen().join('\n')).toContain('resume with: gcd-sfn resume hoots');
    expect(code).toBe(130);
    expect(await new SfnExecutions({ access, machines }).find('hoots-1')).toMatchObject({ state: 'aborted' });
    const control = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: 'runs/hoots/control.json' }));
    expect(await control.Body?.transformToString()).toBe('{"stop":"now"}');
  });

  test('the menu leads to it, and tells the command that does the same', async () => {
    const folder = await project();
    const terminal = startInTerminal(['menu'], { env: moto.env, cwd: folder, columns: 100, rows: 40 });
    await terminal.waitFor('What should be done?');
    terminal.press(key.up.repeat(2) + key.enter);
    await terminal.waitFor('Path of the project folder');
    terminal.press(key.enter);
    await terminal.waitFor('Which cluster?');
    terminal.press(key.enter);
    await terminal.waitFor('Which files?');
    terminal.press(key.enter);
    await terminal.waitFor('How many instances');
    terminal.press(`3${key.enter}`);
    await terminal.waitFor(/Remove the cluster after completion\? It costs \$0.10 an hour/);
    terminal.press(key.enter);
    await terminal.waitFor('Go on?');
    const screen = terminal.screen().join('\n');
    expect(screen).toContain('gcd-sfn start --project . --number 0 --scalenodes 3 --cluster lab');
    terminal.press(`n${key.enter}`);
    expect((await terminal.ended).code).toBe(130);
    expect(existsSync(join(folder, '.gcd'))).toBe(false);
  });

  test('an unknown cluster is an error that says what there is', async () => {
    const { stderr, code } = await run('start', '-p', await project(), '-n', '0', '-c', 'other');
    expect(stderr).toContain('there is no cluster other in us-east-1');
    expect(stderr).toContain('--create creates it. Existing clusters: lab');
    expect(code).toBe(2);
  });

  test('another region has no stack', async () => {
    const folder = await project('data_bucket: s3://data\nregion: eu-west-1\n');
    const { stderr, code } = await run('start', '-p', folder, '-n', '0', '-c', 'lab');
    expect(stderr).toContain('there is no stack gcd-sfn in eu-west-1');
    expect(stderr).toContain('gcd-sfn deploy');
    expect(code).toBe(3);
  });
});

describe('what happens in an execution', () => {
  test('is told in its order, and each time only what is new', async () => {
    const quick = machine('quick');
    const executions = new SfnExecutions({ access, machines: { run: quick, cleanup: quick } });
    const events = new SfnEvents({ access, machine: quick });
    await executions.start('run', 'r-1', { run: 'r' });
    while ((await executions.find('r-1'))?.state === 'running') await sleep(50);
    const { last, events: all } = await events.since('r-1', 0);
    const names = (some: ExecutionEvent[]) =>
      some.map((event) => ('state' in event ? `${event.event} ${event.state}` : event.event));
    expect(names(all)).toEqual([
      'execution-started',
      ...['Validate', 'EnsureCluster', 'Gather', 'Done'].flatMap((state) => [
        `state-entered ${state}`,
        `state-exited ${state}`,
      ]),
      'execution-ended',
    ]);
    const gathered = all.find((event) => event.event === 'state-exited' && event.state === 'Gather');
    expect(JSON.parse(gathered?.output ?? '')).toMatchObject({ run: 'r', step: { state: 'ready' } });
    expect(all.at(-1)).toMatchObject({ outcome: 'succeeded' });
    expect(await events.since('r-1', last)).toEqual({ last, events: [] });
    expect(names((await events.since('r-1', last - 1)).events)).toEqual(['execution-ended']);

    const store = new MemoryStore();
    expect(await keepEvents({ store, events }, { run: 'r', execution: 'r-2' })).toEqual([]);
    const kept: RunEvent[] = [];
    for await (const event of runEvents(store)) kept.push(event);
    expect(kept).toEqual(all.map(({ output, ...event }) => event));
  });

  test('there is nothing of an execution that is not there', async () => {
    const events = new SfnEvents({ access, machine: machine('quick') });
    expect(await events.since('no-such', 0)).toEqual({ last: 0, events: [] });
  });
});
