/** `npm run test:account`, on the imitated account: so that it works when it meets a real one. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ListBucketsCommand, ListObjectVersionsCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { packageRoot, until } from '../support/cli/project.ts';
import { judge } from '../support/moto/iam-users.ts';
import { Account, administrator, type Keys } from './setup/account.ts';
import { Box } from './setup/box.ts';

let box: Box;
let keys: Keys;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gcd-box-account-'));
  box = await Box.start();
  keys = await administrator(box.moto.endpoint);
  await judge(box.moto, true);
}, 120_000);

afterAll(async () => {
  await box?.stop();
  rmSync(folder, { recursive: true, force: true });
  expect(box.leftOver()).toEqual([]);
}, 60_000);

afterEach(async () => expect(await box.unmodelled()).toEqual([]));

/** @param report name of the report's folder */
function begun(report: string, env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [join(packageRoot, 'test/account/main.ts')], {
    cwd: folder,
    env: {
      ...process.env,
      ...box.env,
      ...{ AWS_ACCESS_KEY_ID: keys.accessKeyId, AWS_SECRET_ACCESS_KEY: keys.secretAccessKey },
      ...{ GCD_TEST_ACCOUNT: '123456789012', GCD_TEST_REPORT: join(folder, report) },
      ...{ GCD_TEST_LONG_SECONDS: '15', GCD_TEST_PAUSE_MS: '200' },
      ...env,
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    said += text;
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  return { child, ended, said: () => said };
}

const reportOf = (name: string) => readFileSync(join(folder, name, 'report.json'), 'utf8');

/** Those that hold something, and the data's: moto's CloudFormation was seen to leave the bucket of the code, empty. */
async function buckets(): Promise<string[]> {
  const credentials = keys;
  const client = new S3Client({
    ...{ endpoint: box.moto.endpoint, region: 'us-east-1', credentials, forcePathStyle: true },
  });
  const { Buckets = [] } = await client.send(new ListBucketsCommand({}));
  const found: string[] = [];
  for (const { Name = '' } of Buckets) {
    const { Versions = [] } = await client.send(new ListObjectVersionsCommand({ Bucket: Name }));
    if (Versions.length > 0 || Name.endsWith('-data')) found.push(Name);
  }
  client.destroy();
  return found;
}

test.each([
  [{ GCD_TEST_ACCOUNT: '' }, 'Set GCD_TEST_ACCOUNT to the number of the AWS account'],
  [{ GCD_TEST_ACCOUNT: '999999999999' }, 'the credentials are of account 123456789012'],
  [{ GCD_TEST_BUDGET: 'much' }, 'GCD_TEST_BUDGET must be a number above 0'],
])(
  '%j does nothing',
  async (env, says) => {
    const { ended, said } = begun('nothing', env);
    expect(await ended).toBe(2);
    expect(said()).toContain(says);
    expect(await buckets()).toEqual([]);
  },
  60_000,
);

test('every step passes, and nothing is left', async () => {
  const { ended, said } = begun('whole');
  const code = await ended;
  const { steps, passed, inventory, dollars } = JSON.parse(reportOf('whole'));
  const failed = steps.filter(({ state }: { state: string }) => state !== 'passed');
  expect({ failed, inventory }).toEqual({ failed: [], inventory: [] });
  expect(code).toBe(0);
  expect(passed).toBe(true);
  expect(dollars).toBeGreaterThan(0);
  // What it may cost comes before anything is made.
  expect(said().indexOf('costs about $1')).toBeLessThan(said().indexOf('== a run on this machine'));
  expect(await buckets()).toEqual([]);
  // What is sent to us does not say whose account it was.
  expect(reportOf('whole')).not.toContain('123456789012');
  expect(readFileSync(join(folder, 'whole/report.md'), 'utf8')).toContain(
    '# gcd-sfn on an AWS account: passed',
  );
}, 600_000);

test('Ctrl-C in a run removes what was made', async () => {
  const { child, ended, said } = begun('cut');
  await until(() => said().includes('== a first run'), 'the first run', 240_000);
  await until(() => /execution first-1/.test(said()), 'its execution', 60_000);
  child.kill('SIGINT');
  expect(await ended).toBe(1);
  expect(said()).toContain('interrupted: what was made is removed now');
  const { steps, inventory } = JSON.parse(reportOf('cut'));
  const states = Object.fromEntries(steps.map(({ name, state }: Record<string, string>) => [name, state]));
  expect(states).toMatchObject({
    'a first run, which makes the cluster': 'failed',
    'a second run, on the cluster that is there': 'left out',
    ...{ 'cleanup --all': 'passed', destroy: 'passed' },
  });
  expect(inventory).toEqual([]);
  expect(await buckets()).toEqual([]);
  const account = new Account(box.moto.endpoint, keys, 'any');
  expect(await account.clusters()).toEqual([]);
  account.close();
}, 600_000);
