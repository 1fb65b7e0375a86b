/** Accounts that have little: what is said before anything is made, and what AWS itself says when something is refused. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { buildQuota, machineQuota } from '../../cli/aws/quotas/codes.ts';
import { judge } from '../support/moto/iam-users.ts';
import { giveQuota } from '../support/moto/set-quota.ts';
import { Account, administrator, type Keys } from './setup/account.ts';
import { Box } from './setup/box.ts';
import { commandAs } from './setup/command-as.ts';
import { bringSleepData, sleepOnAws } from './setup/sleep-example.ts';

const builds = buildQuota('m6i.large');
const vcpus = machineQuota('m6i.large', false)!;
let box: Box;
let keys: Keys;
let account: Account;
let folder: string;
let project: string;

const run = (...args: string[]) => commandAs(box, keys, args);
const start = (name: string, nodes: number, ...more: string[]) =>
  run('start', '-p', project, '-c', 'c', '-s', String(nodes), '--create', '--yes', '--name', name, ...more);
const resultsOf = () => readFileSync(join(project, 'results/results.csv'), 'utf8').trimEnd().split('\n');

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gcd-box-new-'));
  const wait = (text: string) => `${text}\nscale_eks_nodes_wait_time: 20\n`;
  project = sleepOnAws(join(folder, 'sleep'), { 'config.yaml': wait });
  box = await Box.start();
  keys = await administrator(box.moto.endpoint);
  await judge(box.moto, true);
  account = new Account(box.moto.endpoint, keys, 'gcd-sfn');
  await bringSleepData(account);
  const { code, stderr } = await run('deploy', '--yes');
  if (code !== 0) throw new Error(stderr);
}, 240_000);

afterAll(async () => {
  account?.close();
  await box?.stop();
  rmSync(folder, { recursive: true, force: true });
  expect(box.leftOver()).toEqual([]);
}, 60_000);

afterEach(async () => expect(await box.unmodelled()).toEqual([]));

test('an account that may have no builds: the run ends with what CodeBuild says, and leaves nothing that works', async () => {
  // As accounts have been seen: Service Quotas shows ten.
  await giveQuota(box.moto, builds, 10, 0);
  const { code, stderr } = await start('unbuilt', 1);
  expect(code).toBe(3);
  expect(stderr).toContain('Cannot have more than 0 builds in queue for the account');
  expect((await account.execution('run', 'unbuilt-1'))?.status).toBe('FAILED');
  expect(await account.working()).toEqual({ machines: [], wanted: 0, queues: [] });
  // Where it shows the truth, it is said beforehand.
  await giveQuota(box.moto, builds, 0);
  const told = await start('told', 1, '--dry-run');
  expect(told.stderr).toContain('the quota of concurrent builds is 0');
  expect(told.stderr).toContain('--service-code codebuild --quota-code L-2DC20C30 --desired-value 1');
  await giveQuota(box.moto, builds, 60);
}, 240_000);

test('an account with 5 vCPUs: more is said beforehand, and the run gets the nodes that there are', async () => {
  await giveQuota(box.moto, vcpus, 5);
  const { code, stderr } = await start('small', 3);
  expect(stderr).toMatch(
    /account +3 × m6i.large and the bastion need 8 vCPUs, and the quota is 5 .*: the run gets 2 nodes/,
  );
  expect(stderr).toContain('--service-code ec2 --quota-code L-1216C47A --desired-value 8');
  expect(code).toBe(0);
  expect(resultsOf()).toHaveLength(6);
  expect(await account.working()).toEqual({ machines: [], wanted: 0, queues: [] });
}, 240_000);

test('one vCPU: nothing is made for a run that could have no node', async () => {
  await giveQuota(box.moto, vcpus, 1);
  const { code, stderr } = await start('none', 1);
  expect(code).toBe(3);
  expect(stderr).toContain('not a single node could start');
  expect(await account.execution('run', 'none-1')).toBeUndefined();
}, 60_000);

test('less than Service Quotas shows: the run ends with what EC2 says', async () => {
  await giveQuota(box.moto, vcpus, 640, 1);
  const { code, stderr } = await start('less', 1);
  expect(code).toBe(3);
  expect(stderr).toContain('You have requested more vCPU capacity than your current vCPU limit of 1 allows');
  expect(await account.working()).toEqual({ machines: [], wanted: 0, queues: [] });
}, 240_000);
