/** Runs through the whole of AWS, imitated on this machine, with every role judged by what it may do. */
import { randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EKSClient, ListClustersCommand } from '@aws-sdk/client-eks';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { command, until } from '../support/cli/project.ts';
import { judge } from '../support/moto/iam-users.ts';
import { Account, administrator, type Keys } from './setup/account.ts';
import { Box } from './setup/box.ts';
import { commandAs } from './setup/command-as.ts';
import { Gates } from './setup/gated-project.ts';
import { everythingLeft } from './setup/leftovers.ts';
import { bringSleepData, copyOfSleep, sleepOnAws } from './setup/sleep-example.ts';

/** What folders are called: tags, keys and names must bear it. */
const oddName = 'Müller & Co (final)';
/** What must be nowhere but where it is meant to be. */
const licence = 'canary-of-a-licence-5f0c1f5e';
const dotenv = 'canary-of-a-dotenv-91d2c3aa';
const nothing = { machines: [], wanted: 0, queues: [] };
let box: Box;
let keys: Keys;
let account: Account;
let bucket: string;
/** For copies of the project. */
let folder: string;

/** All that commands have printed. */
let printed = '';

const run = async (...args: string[]) => {
  const finished = await commandAs(box, keys, args);
  printed += finished.stdout + finished.stderr;
  return finished;
};

/** Runs a command that has to succeed. @returns what it printed */
async function done(...args: string[]): Promise<{ stdout: string; stderr: string }> {
  const { code, stdout, stderr } = await run(...args);
  if (code !== 0) throw new Error(`gcd-sfn ${args[0]} ended with ${code}: ${stderr}`);
  return { stdout, stderr };
}

/** A copy of examples/sleep whose data is in S3. @param change of the file that is named */
const project = (name: string, change: Record<string, (text: string) => string> = {}): string =>
  sleepOnAws(join(folder, name), change);

/** A project whose solver has a licence, that has secrets of its own in .env, and that reaches a module by a link. */
function licensed(name: string): string {
  const copy = project(name, {
    'entrypoint.py': (text) => `from linked import module\n${text}`,
    'config.yaml': (text) =>
      `${text}solver_lic_file_local_source: solver.lic\nsolver_lic_target_path_in_images_dest: /licence\n`,
  });
  writeFileSync(join(copy, 'solver.lic'), licence);
  writeFileSync(join(copy, '.env'), `SOME_PASSWORD=${dotenv}\n`);
  mkdirSync(join(copy, 'shared'), { recursive: true });
  writeFileSync(join(copy, 'shared/module.py'), '');
  if (!existsSync(join(copy, 'linked'))) symlinkSync('shared', join(copy, 'linked'));
  return copy;
}

/** The table of the files that tasks have left, and what is in them. */
const filesOf = (of: string) => {
  const table = readFileSync(join(of, 'results/files.csv'), 'utf8');
  const paths = table
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((row) => row.split(',')[3] as string);
  return { table, texts: paths.map((path) => readFileSync(join(of, 'results', path), 'utf8')) };
};
const resultsOf = (of: string) => readFileSync(join(of, 'results/results.csv'), 'utf8');
/** What somebody who has taken over a worker of run `slow` would try, with the pod's own identity. */
async function attackFromPod(execution: string): Promise<void> {
  const asked = new URLSearchParams({ cluster: 'c', namespace: 'gcd', account: execution });
  const given = await fetch(`${box.moto.endpoint}/moto-api/box/credentials?${asked}`);
  const {
    AccessKeyId = '',
    SecretAccessKey = '',
    Token = '',
  } = (await given.json()) as Record<string, string>;
  const credentials = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: Token };
  const settings = { endpoint: box.moto.endpoint, region: 'us-east-1', credentials };
  const s3 = new S3Client({ ...settings, forcePathStyle: true });
  const eks = new EKSClient(settings);
  const read = (Key: string) => s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
  const write = (Key: string) => s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: 'x' }));
  const [source = ''] = await account.keys(bucket, 'sources/');
  await read('runs/slow/request.json');
  const attacks: Record<string, () => Promise<unknown>> = {
    ...{ "another's request": () => read('runs/whole/request.json') },
    ...{ "another's licence": () => read('licences/whole'), 'a source': () => read(source) },
    ...Object.fromEntries(
      ['request.json', 'claim.json', 'batches.jsonl', 'costs/slow-1.json', 'results/report.html'].map(
        (key) => [`its own ${key}`, () => write(`runs/slow/${key}`)],
      ),
    ),
    "another's record": () => write('runs/whole/parts/1/x.jsonl'),
    "a file of another's task": () => write('runs/whole/outputs/x-0/0'),
    clusters: () => eks.send(new ListClustersCommand({})),
  };
  const went: string[] = [];
  for (const [what, attack] of Object.entries(attacks))
    await attack().then(
      () => went.push(what),
      (error) => expect([what, error.name]).toEqual([what, expect.stringMatching(/^AccessDenied/)]),
    );
  expect(went).toEqual([]);
  s3.destroy();
  eks.destroy();
}

/** Of the run on this machine. */
let expected: string;
let expectedFiles: ReturnType<typeof filesOf>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gcd-box-projects-'));
  box = await Box.start();
  keys = await administrator(box.moto.endpoint);
  await judge(box.moto, true);
  account = new Account(box.moto.endpoint, keys, 'gcd-sfn');
  await bringSleepData(account);
  const here = copyOfSleep(join(folder, 'here'));
  expect((await command(['start', '-p', here])).code).toBe(0);
  expected = resultsOf(here);
  expectedFiles = filesOf(here);
  expect(expectedFiles.texts).toHaveLength(5);
}, 120_000);

afterAll(async () => {
  account?.close();
  await box?.stop();
  rmSync(folder, { recursive: true, force: true });
  expect(box.leftOver()).toEqual([]);
}, 60_000);

// Whatever is not imitated must not be taken for something that works.
afterEach(async () => expect(await box.unmodelled()).toEqual([]));

test('the stack is deployed from its package', async () => {
  await done('deploy', '--yes');
  bucket = (await account.outputs()).BucketName ?? '';
}, 300_000);

test('a run on a cluster that it makes gives the results of the run on this machine', async () => {
  const here = licensed(oddName);
  await done('start', '-p', here, '--cluster', 'c', '--create', '--yes', '--name', 'whole');
  expect(resultsOf(here)).toBe(expected);
  expect(filesOf(here)).toEqual(expectedFiles);
  expect((await account.execution('run', 'whole-1'))?.status).toBe('SUCCEEDED');
  expect(await account.working()).toEqual(nothing);
}, 180_000);

test('a second run goes to the cluster that is there, with the image that is there', async () => {
  const here = licensed(oddName);
  await done('start', '-p', here, '--cluster', 'c', '--yes', '--name', 'again');
  expect(resultsOf(here)).toBe(expected);
  expect(await account.clusters()).toEqual(['c']);
  expect(await account.builds('gcd-sfn-image')).toBe(1);
  expect(await account.working()).toEqual(nothing);
}, 120_000);

test('a project of 50 MB goes there in parts, several at once', async () => {
  const here = project('large');
  writeFileSync(join(here, 'model.bin'), randomBytes(50 * 1024 * 1024));
  await done('start', '-p', here, '--cluster', 'c', '--yes', '--name', 'large');
  expect(resultsOf(here)).toBe(expected);
  expect(Math.max(...(await account.sizes(bucket, 'sources/')))).toBeGreaterThan(50 * 1024 * 1024);
}, 300_000);

test("data under a customer's key is read by whoever the stack has read data", async () => {
  const key = 'arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab';
  await bringSleepData(account, 'sealed-data', key);
  const sealed = (text: string) => text.replace('sleep-data', 'sealed-data');
  const here = project('sealed', { 'config.yaml': sealed });
  await done('start', '-p', here, '--cluster', 'c', '--yes', '--name', 'sealed');
  expect(resultsOf(here)).toBe(expected);
}, 180_000);

describe('a run that fails', () => {
  test('because its project cannot be imported, says so in a sentence, and leaves nothing that works', async () => {
    const broken = (text: string) => `import nothing_like_this\n${text}`;
    const here = project('broken', { 'entrypoint.py': broken });
    const { code, stderr } = await run('start', '-p', here, '--cluster', 'c', '--yes', '--name', 'broken');
    expect(code).toBe(3);
    const says = 'The project imports `nothing_like_this`, which is not installed.';
    expect(stderr).toContain(`error: WorkersFailed: ${says}\n  `);
    expect(stderr).not.toContain('\\n');
    const { status, error, cause } = (await account.execution('run', 'broken-1')) ?? {};
    expect([status, error, cause?.split('\n')[0]]).toEqual(['FAILED', 'WorkersFailed', says]);
    expect(await account.working()).toEqual(nothing);
    // What is done is gathered: here it is nothing, so a table without a row.
    expect(await account.keys(bucket, 'runs/broken/results/')).toContain('runs/broken/results/results.csv');
  }, 120_000);

  test('because its image cannot be built, says so, and begins no worker', async () => {
    const here = project('unbuilt', { Dockerfile: (text) => `${text}\nRUN false\n` });
    const { code, stderr } = await run('start', '-p', here, '--cluster', 'c', '--yes', '--name', 'unbuilt');
    expect(code).toBe(3);
    const [error] = /^.*error: ImageFailed: .*$/m.exec(stderr) ?? [];
    expect(error).toMatch(/could not be built: (process|a command of the build failed: exit status 1)/);
    expect(error).not.toContain('docker push');
    expect((await account.execution('run', 'unbuilt-1'))?.error).toBe('ImageFailed');
    expect(await account.keys(bucket, 'runs/unbuilt/workers/')).toEqual([]);
    expect(await account.working()).toEqual(nothing);
  }, 120_000);
});

describe('a run that is stopped in the middle', () => {
  /** One of the tasks ends only when there is such a file. */
  const gated = (text: string) => `${text}
_ungated = entrypoint
def entrypoint(**arguments):
    import inspect, os, time
    while arguments['curr_process_column'].startswith('Inverter 2 DC') and not os.path.exists(os.environ['GATE']):
        time.sleep(0.05)
    names = inspect.signature(_ungated).parameters
    return _ungated(**{name: value for name, value in arguments.items() if name in names})
`;
  let here: string;
  let gate: string;

  /** All that workers have written down, a record a task. */
  async function records(): Promise<{ index: number }[]> {
    const parts = await account.keys(bucket, 'runs/slow/parts/');
    const texts = await Promise.all(parts.map((key) => account.read(bucket, key)));
    const lines = texts.flatMap((text) => text.trimEnd().split('\n'));
    return lines.map((line) => JSON.parse(line)).filter(({ index }) => index !== undefined);
  }

  test('is cleaned up by the janitor, which gathers what was done', async () => {
    gate = join(folder, 'gate');
    const env = (text: string) => `${text}  GATE: ${gate}\n`;
    here = project('slow', { 'entrypoint.py': gated, 'config.yaml': env });
    await done('start', '-p', here, '--cluster', 'c', '--yes', '--name', 'slow', '--detach');
    await until(async () => (await records()).length === 4, 'all tasks but one', 90_000);
    await attackFromPod('slow-1');
    await account.stop('slow-1');
    expect((await account.ended('cleanup', 'slow-1-cleanup')).status).toBe('SUCCEEDED');
    expect((await account.execution('run', 'slow-1'))?.status).toBe('ABORTED');
    expect(await account.working()).toEqual(nothing);
    const salvaged = await account.read(bucket, 'runs/slow/results/results.csv');
    expect(salvaged).toBe(expected.replace(/^.*Inverter 2 DC.*\n/m, ''));
  }, 180_000);

  test('goes on where it was, on the same cluster', async () => {
    writeFileSync(gate, '');
    await done('resume', 'slow', '-p', here);
    expect(resultsOf(here)).toBe(expected);
    expect((await account.execution('run', 'slow-2'))?.status).toBe('SUCCEEDED');
    // What was done was not done again.
    expect((await records()).map(({ index }) => index).sort()).toEqual([0, 1, 2, 3, 4]);
    expect(await account.working()).toEqual(nothing);
  }, 120_000);
});

describe('a run with more batches than workers that is told to stop', () => {
  let here: string;
  let gates: Gates;
  let whole: string;

  /** Where each worker is on this machine, by the log of its pod. */
  const logs = () =>
    readdirSync(join(box.folder, 'pods'), { recursive: true, encoding: 'utf8' })
      .filter((path) => /^drained-1-[^/]*\/log$/.test(path))
      .map((path) => readFileSync(join(box.folder, 'pods', path), 'utf8'));
  const table = (of: string) => resultsOf(of).trimEnd().split('\n');

  test('ends when its workers have ended their tasks; nothing else is begun, and what is done is gathered', async () => {
    whole = copyOfSleep(join(folder, 'whole'));
    expect((await command(['start', '-p', whole, '-n', '0'])).code).toBe(0);
    gates = new Gates(join(folder, 'gates'));
    here = project('drained', gates.changes);
    const asked = ['-n', '0', '--cluster', 'c', '--yes', '--name', 'drained', '--detach'];
    await done('start', '-p', here, ...asked);
    const workers = 2;
    await until(() => Object.keys(gates.begun()).length === workers, 'a task for each worker', 90_000);
    const batches = (await account.read(bucket, 'runs/drained/batches.jsonl')).trimEnd().split('\n');
    expect(batches.length).toBeGreaterThan(2 * workers);
    await done('stop', 'drained', '-p', here, '--no-wait');
    const heard = () => logs().filter((log) => log.includes('no other task starts')).length === workers;
    await until(heard, 'the workers to hear of the stop', 30_000);
    // One ends its task and says that the run is over: that ends the Map, while another is at its task.
    const [first = '', second = ''] = Object.keys(gates.begun());
    gates.open(first);
    const isOver = async () => (await account.entered('run', 'drained-1')).includes('StopWorkers');
    await until(isOver, 'the end of handing out', 60_000);
    gates.open(second);
    expect((await account.ended('run', 'drained-1')).status).toBe('SUCCEEDED');
    expect(gates.begun()).toEqual({ [first]: 1, [second]: 1 });
    expect(await account.working()).toEqual(nothing);
    await done('results', 'drained', '-p', here);
    const [head, ...rows] = table(here);
    const isDone = (row: string) => [first, second].some((task) => row.startsWith(task.replace(' ', ',')));
    const [wholeHead, ...wholeRows] = table(whole);
    expect([head, ...rows]).toEqual([wholeHead, ...wholeRows.filter(isDone)]);
    expect(rows).toHaveLength(workers);
  }, 240_000);

  test('is gone on with: the rest is done, nothing twice, with the results of a run on this machine', async () => {
    gates.open('all');
    await done('resume', 'drained', '-p', here);
    expect(resultsOf(here)).toBe(resultsOf(whole));
    expect((await account.execution('run', 'drained-2'))?.status).toBe('SUCCEEDED');
    const times = Object.values(gates.begun());
    expect(times).toEqual(
      table(whole)
        .slice(1)
        .map(() => 1),
    );
    expect(await account.working()).toEqual(nothing);
  }, 180_000);
});

test('the janitor, called by the clock, finds nothing to do', async () => {
  await box.fire(await account.part('EveryFiveMinutes'));
  expect(await account.working()).toEqual(nothing);
  expect(await account.clusters()).toEqual(['c']);
}, 60_000);

test('nothing that is left holds a licence, a secret of the project or keys of the account', async () => {
  const except = /\/licences\/|\/(solver\.lic|\.env)$/;
  const folders = [join(box.folder, 'images'), join(box.folder, 'home'), folder];
  const left = await everythingLeft({ box, keys, folders }, except);
  const holding = (text: string) => left.filter(({ content }) => content.includes(text));
  // Each kind of place is looked into: what has to be there is found.
  const kinds = (text: string) => [...new Set(holding(text).map(({ kind }) => kind))].sort();
  expect(kinds('entrypoint')).toEqual(expect.arrayContaining(['archive', 'bucket', 'folder']));
  expect(kinds('whole')).toEqual(expect.arrayContaining(['bucket', 'folder', 'history', 'log']));
  // The last is how moto begins the tokens of sessions.
  for (const secret of [licence, dotenv, keys.secretAccessKey, 'FQoGZXIvYXdz']) {
    expect([secret, holding(secret).map(({ where }) => where)]).toEqual([secret, []]);
    expect(printed).not.toContain(secret);
  }
}, 120_000);

test('a clean-up removes the cluster and everything but the stack', async () => {
  await done('cleanup', '--all', '--yes');
  expect(await account.clusters()).toEqual([]);
  const { stdout } = await done('resources', '--json');
  expect(JSON.parse(stdout).resources).toEqual([]);
}, 120_000);

test('what others have put into its network keeps the stack; it is named, and removing goes on without it', async () => {
  const { VpcId = '' } = await account.outputs();
  const group = await account.putIntoNetwork(VpcId);
  const { code, stderr } = await run('destroy', '--yes', '--delete-results');
  expect(code).toBe(3);
  expect(stderr).toMatch(
    /error: stack gcd-sfn could not be removed: \w+ \(AWS::EC2::\w+\): The \w+ '[\w-]+' has dependencies and cannot be deleted/,
  );
  const foreign = `security group ${group} (GuardDutyManagedSecurityGroup)`;
  expect(stderr).toContain(`In the stack's network there is what gcd-sfn did not make: ${foreign}.`);
  expect(stderr).toContain('run gcd-sfn destroy again: it goes on.');
  await account.removeGroup(group);
}, 180_000);

test('the stack goes as it came', async () => {
  await done('destroy', '--yes', '--delete-results');
  await expect(account.outputs()).rejects.toThrow('does not exist');
}, 120_000);
