/** A folder with data, through the whole of AWS: copied once it may be, read by a run, copied again where it was edited. */
import { mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { command } from '../support/cli/project.ts';
import { judge } from '../support/moto/iam-users.ts';
import { Account, administrator, type Keys } from './setup/account.ts';
import { Box } from './setup/box.ts';
import { commandAs } from './setup/command-as.ts';
import { copyOfSleep } from './setup/sleep-example.ts';

let box: Box;
let keys: Keys;
let account: Account;
let folder: string;
let bucket: string;
let here: string;
let there: string;

const run = (...args: string[]) => commandAs(box, keys, args);
async function done(...args: string[]): Promise<string> {
  const { code, stderr } = await run(...args);
  if (code !== 0) throw new Error(`gcd-sfn ${args[0]} ended with ${code}: ${stderr}`);
  return stderr;
}
const resultsOf = (of: string) => readFileSync(join(of, 'results/results.csv'), 'utf8');
const copied = async () =>
  (await account.keys(bucket, 'data/')).filter((key) => key.includes('/objects/')).sort();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gcd-box-projects-'));
  box = await Box.start();
  keys = await administrator(box.moto.endpoint);
  await judge(box.moto, true);
  account = new Account(box.moto.endpoint, keys, 'gcd-sfn');
  here = copyOfSleep(join(folder, 'here'));
  there = copyOfSleep(join(folder, 'there'));
  expect((await command(['start', '-p', here])).code).toBe(0);
}, 120_000);

afterAll(async () => {
  account?.close();
  await box?.stop();
  rmSync(folder, { recursive: true, force: true });
  expect(box.leftOver()).toEqual([]);
}, 60_000);

const start = (name: string, ...more: string[]) =>
  run('start', '-p', there, '--cluster', 'c', '--create', '--yes', '--name', name, ...more);

test('nothing is copied, nor begun, before it may be', async () => {
  await done('deploy', '--yes');
  bucket = (await account.outputs()).BucketName ?? '';
  const { code, stderr } = await start('unasked');
  expect(stderr).toContain('--copy-data');
  expect(code).toBe(2);
  expect(await account.keys(bucket, '')).toEqual([]);
}, 300_000);

test('a run over the copy has the results of one over the folder', async () => {
  const { code, stderr } = await start('first', '--copy-data');
  expect([code, code === 0 ? '' : stderr]).toEqual([0, '']);
  expect(resultsOf(there)).toBe(resultsOf(here));
  expect(await box.unmodelled()).toEqual([]);
}, 600_000);

test('the next start copies only what was edited, though its size and time are as before', async () => {
  const before = await copied();
  const [name = ''] = before.map((key) => key.split('/').at(-1));
  const path = join(there, 'data', name);
  const { atime, mtime } = statSync(path);
  const text = readFileSync(path, 'utf8');
  writeFileSync(path, text.replace(/.(\r?\n?)$/, '7$1'));
  utimesSync(path, atime, mtime);
  expect(readFileSync(path, 'utf8')).not.toBe(text);
  expect((await start('unasked')).stderr).toMatch(/1 file, .* are not in the stack's bucket/);
  const { code, stderr } = await start('second', '--copy-data');
  expect([code, stderr]).toEqual([0, expect.stringMatching(/^1 file copied/m)]);
  const after = await copied();
  expect(after.filter((key) => !before.includes(key)).map((key) => key.split('/').at(-1))).toEqual([name]);
  expect(after).toHaveLength(before.length + 1);
}, 600_000);

test('cleanup removes the copies, and says before what they are', async () => {
  const { stdout, stderr } = await run('resources');
  expect(`${stdout}${stderr}`).toMatch(/copied data of there-[0-9a-f]{12}/);
  expect(await done('cleanup', '--all', '--yes')).toMatch(/copied data of there-[0-9a-f]{12}, .*\d (B|KiB)/);
  expect(await account.keys(bucket, 'data/')).toEqual([]);
}, 600_000);
