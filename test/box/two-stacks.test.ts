/** Two stacks and their people in one account: with their names alike, nobody meets what is another stack's. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IAMClient } from '@aws-sdk/client-iam';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { command } from '../support/cli/project.ts';
import { judge } from '../support/moto/iam-users.ts';
import { Account, administrator, type Keys, userWith } from './setup/account.ts';
import { Box } from './setup/box.ts';
import { bringSleepData, copyOfSleep, sleepOnAws } from './setup/sleep-example.ts';

/** The one's name begins the other's, and so do those of its queues, functions and roles. */
const stacks = { one: 'gcd', other: 'gcd-b' } as const;
type Stack = keyof typeof stacks;
let box: Box;
let folder: string;
/** Of the run on this machine. */
let expected: string;
let keys: Record<'administrator' | 'reader' | Stack, Keys>;
const accounts = {} as Record<Stack, Account>;
const outputs = {} as Record<Stack, Record<string, string>>;
const projects = {} as Record<Stack, string>;

const as = (who: keyof typeof keys, ...args: string[]) => {
  const { accessKeyId, secretAccessKey } = keys[who];
  const credentials = { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey };
  return command(args, { env: { ...box.env, ...credentials } });
};
async function done(...of: Parameters<typeof as>): Promise<string> {
  const { code, stdout, stderr } = await as(...of);
  if (code !== 0) throw new Error(`gcd-sfn ${of[1]} of ${of[0]} ended with ${code}: ${stderr}`);
  return stdout;
}
const resultsOf = (project: string) => readFileSync(join(project, 'results/results.csv'), 'utf8');

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gcd-box-two-'));
  box = await Box.start();
  const { endpoint } = box.moto;
  keys = { administrator: await administrator(endpoint) } as typeof keys;
  await judge(box.moto, true);
  for (const stack of ['one', 'other'] as const)
    accounts[stack] = new Account(endpoint, keys.administrator, stacks[stack]);
  await bringSleepData(accounts.one);
  const here = copyOfSleep(join(folder, 'here'));
  expect((await command(['start', '-p', here])).code).toBe(0);
  expected = resultsOf(here);
}, 300_000);

afterAll(async () => {
  for (const account of Object.values(accounts)) account.close();
  await box?.stop();
  rmSync(folder, { recursive: true, force: true });
  expect(box.leftOver()).toEqual([]);
}, 60_000);

afterEach(async () => expect(await box.unmodelled()).toEqual([]));

test('two stacks are deployed, the one with the bucket that its runs may read', async () => {
  await done('administrator', 'deploy', '--yes', '--stack', stacks.one, '--data-bucket', 'sleep-data');
  await done('administrator', 'deploy', '--yes', '--stack', stacks.other);
  for (const stack of ['one', 'other'] as const) outputs[stack] = await accounts[stack].outputs();
  const iam = new IAMClient({
    ...{ endpoint: box.moto.endpoint, region: 'us-east-1', credentials: keys.administrator },
  });
  const policy = (stack: Stack, of: string) => outputs[stack][`${of}PolicyArn`] ?? '';
  // Of the second stack nothing says where its data is: its people may read it anyway.
  const data = { Effect: 'Allow', Action: ['s3:ListBucket', 's3:GetObject'] };
  const readsData = { ...data, Resource: ['arn:aws:s3:::sleep-data', 'arn:aws:s3:::sleep-data/*'] };
  keys.one = await userWith(iam, 'ada', { policy: policy('one', 'Researcher') });
  keys.other = await userWith(iam, 'bob', { policy: policy('other', 'Researcher'), statements: [readsData] });
  keys.reader = await userWith(iam, 'eve', { policy: policy('other', 'Reader') });
  iam.destroy();
}, 480_000);

test('their people start runs of one name at once, which give the results of the run on this machine', async () => {
  const begun = (['one', 'other'] as const).map((stack) => {
    projects[stack] = sleepOnAws(join(folder, stack, 'sleep'));
    const at = ['--stack', stacks[stack], '-c', stacks[stack], '--create', '--yes', '--name', 'same'];
    return done(stack, 'start', '-p', projects[stack], ...at);
  });
  await Promise.all(begun);
  for (const stack of ['one', 'other'] as const) {
    expect(resultsOf(projects[stack])).toBe(expected);
    const { status, input } = (await accounts[stack].execution('run', 'same-1')) ?? {};
    expect([status, JSON.parse(input ?? '{}').run]).toEqual(['SUCCEEDED', 'same']);
    expect(await accounts[stack].builds(`${stacks[stack]}-image`)).toBe(1);
  }
  expect((await accounts.one.clusters()).sort()).toEqual(['gcd', 'gcd-b']);
  expect(await accounts.one.working()).toEqual({ machines: [], wanted: 0, queues: [] });
}, 480_000);

test('nobody reads or writes the bucket of the other stack, nor licence files and sources', async () => {
  const tried: string[] = [];
  for (const [who, stack] of [
    ['one', 'other'] as const,
    ['other', 'one'] as const,
    ['reader', 'one'] as const,
  ]) {
    const Bucket = outputs[stack].BucketName ?? '';
    const own = outputs[who === 'one' ? 'one' : 'other'].BucketName ?? '';
    const s3 = new S3Client({
      ...{ endpoint: box.moto.endpoint, region: 'us-east-1', credentials: keys[who], forcePathStyle: true },
    });
    const attacks: Record<string, () => Promise<unknown>> = {
      list: () => s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'runs/' })),
      read: () => s3.send(new GetObjectCommand({ Bucket, Key: 'runs/same/request.json' })),
      write: () => s3.send(new PutObjectCommand({ Bucket, Key: 'runs/same/request.json', Body: '{}' })),
      licence: () => s3.send(new GetObjectCommand({ Bucket: own, Key: 'licences/same' })),
      source: () => s3.send(new GetObjectCommand({ Bucket: own, Key: 'sources/one.zip' })),
    };
    for (const [what, attack] of Object.entries(attacks))
      await attack().then(
        () => tried.push(`${who}: ${what}`),
        (error) =>
          expect([who, what, error.name]).toEqual([who, what, expect.stringMatching(/^AccessDenied/)]),
      );
    // What is theirs they read.
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: own, Key: 'runs/same/request.json' }));
    expect(JSON.parse((await Body?.transformToString()) ?? '').run).toBe('same');
    s3.destroy();
  }
  expect(tried).toEqual([]);
}, 60_000);

test('a reader sees runs and brings their results, and can neither start nor stop one', async () => {
  const at = ['--stack', stacks.other];
  const here = sleepOnAws(join(folder, 'reader', 'sleep'));
  expect(await done('reader', 'status', ...at)).toContain('same');
  await done('reader', 'status', 'same', '-p', here, ...at);
  await done('reader', 'results', 'same', '-p', here);
  expect(resultsOf(here)).toBe(expected);
  await done('reader', 'cost', 'same', '-p', here);
  await done('reader', 'logs', 'same', '-p', here);
  expect(await done('reader', 'resources', ...at)).toContain(stacks.other);
  const cluster = ['-c', stacks.other, '--yes', '--name', 'mine'];
  const begun = await as('reader', 'start', '-p', here, ...at, ...cluster);
  expect([begun.code, begun.stderr]).toEqual([3, expect.stringContaining('AccessDenied')]);
  expect(await accounts.other.execution('run', 'mine-1')).toBeUndefined();
  const gone = await as('reader', 'cleanup', '--all', '--yes', ...at);
  expect([gone.code, gone.stderr]).toEqual([3, expect.stringContaining('states:StartExecution')]);
}, 300_000);

test('a clean-up of the one, by its researcher, leaves all of the other', async () => {
  const other = async () => JSON.parse(await done('other', 'resources', '--json', '--stack', stacks.other));
  const before = (await other()).resources;
  expect(before.length).toBeGreaterThan(3);
  await done('one', 'cleanup', '--all', '--yes', '--stack', stacks.one);
  expect(JSON.parse(await done('one', 'resources', '--json', '--stack', stacks.one)).resources).toEqual([]);
  expect(await accounts.other.clusters()).toEqual([stacks.other]);
  expect((await other()).resources.map(({ name }: { name: string }) => name)).toEqual(
    before.map(({ name }: { name: string }) => name),
  );
}, 300_000);

test('and so does its end: the other goes on to run on its cluster', async () => {
  await done('administrator', 'destroy', '--yes', '--delete-results', '--stack', stacks.one);
  await expect(accounts.one.outputs()).rejects.toThrow('does not exist');
  const at = ['--stack', stacks.other, '-c', stacks.other, '--yes', '--name', 'again'];
  await done('other', 'start', '-p', projects.other, ...at);
  expect(resultsOf(projects.other)).toBe(expected);
  expect(await accounts.other.clusters()).toEqual([stacks.other]);
  expect(await accounts.other.keys(outputs.other.BucketName ?? '', 'runs/same/results/')).not.toEqual([]);
}, 480_000);
