/** `start --cluster` over a folder with data: what is copied, when, and what a run then reads. */
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { RunsFolder } from '../../../../adapters/local/runs/runs-folder.ts';
import { FolderStore } from '../../../../adapters/local/store/folder-store.ts';
import type { Asking } from '../../../../cli/aws/confirm.ts';
import { schedule } from '../../../../cli/aws/schedules/schedule.ts';
import { resume } from '../../../../cli/commands/resume/resume.ts';
import type { StartOptions } from '../../../../cli/commands/start/options.ts';
import { start } from '../../../../cli/commands/start/start.ts';
import { copiedPlace } from '../../../../core/bucket/copied-data.ts';
import { MemoryStore } from '../../../../core/memory-store.ts';
import { layout } from '../../../../core/run-store/layout.ts';
import type { BatchTask } from '../../../../core/run-store/records/records.ts';
import { readAll, type Store } from '../../../../core/store.ts';
import { CopiedData } from '../../../../functions/plan/files/copied-data-store.ts';
import { planTasks } from '../../../../functions/plan/plan.ts';
import { options, parts, projectOf, scheduleParts } from '../../../support/cloud/begin.ts';
import { type MemoryCloud, memoryCloud } from '../../../support/cloud/client.ts';
import { newWorld } from '../../../support/cloud/run.ts';
import type { EksRequest } from '../../../support/cloud/tasks.ts';
import { err, out } from '../../../support/jest/captured-output.ts';

const config = 'data_bucket: ./data\nregion: us-west-2\nfile_pattern: "*.csv"\n';
const data = {
  'data/a.csv': 'Time,Power\n1,2\n',
  'data/b/ü 1.csv': 'Time,Power,Power 2\n1,2,3\n',
  'data/.hidden.csv': 'Power\n1\n',
  'data/notes.txt': 'no data\n',
};

async function begin() {
  const { folder } = await projectOf({ 'config.yaml': config, ...data });
  const world = await newWorld({}, []);
  // Executions wait: what they would read is looked at here.
  const account = memoryCloud(world, { begin: () => new Promise(() => {}) });
  let runs = 0;
  const startIt = (more: Partial<StartOptions> = {}, asking?: Asking) =>
    start(options(folder, { name: `run-${++runs}`, detach: true, ...more }), parts(account, asking));
  const request = async (run: string): Promise<EksRequest> =>
    JSON.parse((await readAll(world.store(run), layout.request)).toString());
  return { folder, world, account, start: startIt, request };
}

async function keysOf(store: Store, prefix = 'data/'): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of store.list(prefix)) keys.push(key);
  return keys;
}
const objectsOf = async ({ bucket }: MemoryCloud) =>
  (await keysOf(bucket)).filter((key) => key.includes('/objects/'));

/** As PlanTasks does it. */
async function planned(account: MemoryCloud, request: EksRequest) {
  const place = copiedPlace(request.config.dataBucket, 'stack-bucket');
  if (!place) throw new Error('no copied data');
  const copied = await CopiedData.open(account.bucket, place);
  const store = new MemoryStore();
  await planTasks({ data: copied, keys: copied.keys, store, project: new MemoryStore() })(request);
  return { copied, store };
}
const text = async (store: Store, key: string) => (await readAll(store, key)).toString();

describe('a folder as data, on a cluster', () => {
  test('is not copied without a word that says so', async () => {
    const { start, account, request } = await begin();
    for (const more of [{}, { yes: true }, { yes: true, create: true }])
      await expect(start(more)).rejects.toMatchObject({
        name: 'UsageError',
        message: expect.stringMatching(/2 files, \d+ B of .*data are not in the stack's bucket/),
        hint: expect.stringContaining('--copy-data'),
      });
    const no: Asking = { interactive: true, ask: async (question) => !question.startsWith('Copy 2 files') };
    await expect(start({}, no)).rejects.toMatchObject({ name: 'RunInterrupted' });
    await start({ dryRun: true, json: true });
    expect(JSON.parse(out()).copy).toMatchObject({
      toCopy: { files: 2, bytes: 40 },
      there: { files: 0, bytes: 0 },
      cost: { once: expect.any(Number), perMonth: expect.any(Number) },
    });
    expect(await keysOf(account.bucket, '')).toEqual([]);
    await expect(request('run-1')).rejects.toThrow();
  });

  test('is copied before the run begins, which plans what a run here would, and reads the same bytes', async () => {
    const { start, account, folder, request } = await begin();
    expect(await start({ copyData: true })).toBe(0);
    expect(err()).toMatch(/data +2 files, 40 B, to be copied from .* to the stack's bucket/);
    expect(err()).toMatch(/\$0\.00 at most to copy it, and \$0\.00 a month .* gcd-sfn cleanup --all/);
    const first = await request('run-1');
    expect(first.config.dataBucket).toMatchObject({ bucket: 'stack-bucket', folder: join(folder, 'data') });
    expect(await objectsOf(account)).toHaveLength(2);

    const { copied, store } = await planned(account, first);
    const local = new MemoryStore();
    const here = {
      ...first,
      config: { ...first.config, dataBucket: { kind: 'folder' as const, path: 'x' } },
    };
    const files = new FolderStore(join(folder, 'data'), { includeUnreadable: true });
    await planTasks({ data: files, store: local, project: new MemoryStore() })(here);
    expect(await text(store, layout.manifest)).toBe(await text(local, layout.manifest));
    const lines = (await text(store, layout.batchTasks)).trimEnd().split('\n');
    const tasks = lines.filter((line) => line.startsWith('['));
    const keys = tasks.flatMap((line) => (JSON.parse(line) as BatchTask[]).map(([, , file]) => file));
    const tables = lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line).of);
    for (const one of tables.flatMap(Object.keys)) expect(keys).toContain(one);
    const key = keys.find((one) => one.endsWith('ü 1.csv')) ?? '';
    expect(key).toMatch(/^data\/.+-[0-9a-f]{12}\/objects\/[0-9a-f]{64}\/b\/ü 1\.csv$/);
    expect(await text(account.bucket, key)).toBe(data['data/b/ü 1.csv']);
    expect(await text(copied, 'a.csv')).toBe(data['data/a.csv']);
    // No data is code: nor is it when the run is taken up again.
    expect(err()).toMatch(/image +takes 2 files of the project/);
    const [code = ''] = readdirSync(join(folder, '.gcd/runs/run-1/code'));
    expect(lstatSync(join(folder, '.gcd/runs/run-1/code', code, 'data')).isSymbolicLink()).toBe(true);
  });

  test('is asked about at a terminal', async () => {
    const { start, account } = await begin();
    const questions: string[] = [];
    const yes: Asking = { interactive: true, ask: async (question) => questions.push(question) > 0 };
    expect(await start({}, yes)).toBe(0);
    expect(questions).toEqual(["Copy 2 files, 40 B to the stack's bucket?", 'Go on?']);
    expect(await objectsOf(account)).toHaveLength(2);
    // Nothing is new: nothing to ask, nor to allow.
    expect(await start({ yes: true })).toBe(0);
    expect(err()).toMatch(/data +2 files, 40 B of .*, in the stack's bucket already/);
  });

  test('is copied again where it was edited, also in the same size with its time set back; an earlier run keeps its own', async () => {
    const { start, account, folder, request } = await begin();
    await start({ copyData: true });
    const path = join(folder, 'data/a.csv');
    const { atime, mtime } = statSync(path);
    writeFileSync(path, 'Time,Power\n1,3\n');
    utimesSync(path, atime, mtime);
    await expect(start({ yes: true })).rejects.toThrow(/1 file, /);
    await start({ copyData: true });
    expect(await objectsOf(account)).toHaveLength(3);
    const { copied: before } = await planned(account, await request('run-1'));
    const { copied: after } = await planned(account, await request('run-3'));
    expect(await text(before, 'a.csv')).toBe('Time,Power\n1,2\n');
    expect(await text(after, 'a.csv')).toBe('Time,Power\n1,3\n');
  });

  test('what was copied before it was ended is not copied again', async () => {
    const { start, account, folder } = await begin();
    const { bucket } = account;
    const write = bucket.write.bind(bucket);
    let written: string[] = [];
    bucket.write = async (key, body, more) => {
      if (key.includes('ü')) throw new Error('the network is down');
      await write(key, body, more);
    };
    await expect(start({ copyData: true })).rejects.toThrow('the network is down');
    expect(await objectsOf(account)).toHaveLength(1);
    bucket.write = async (key, body, more) => {
      written.push(key.split('/').at(-1) ?? '');
      await write(key, body, more);
    };
    written = [];
    await start({ copyData: true });
    expect(written.filter((name) => name.endsWith('.csv'))).toEqual(['ü 1.csv']);
    expect(existsSync(join(folder, '.gcd/runs/run-1'))).toBe(false);
  });

  test('-f copies that file alone', async () => {
    const { start, account } = await begin();
    await start({ copyData: true, number: undefined as never, file: ['a.csv'] });
    expect((await objectsOf(account)).map((key) => key.split('/').at(-1))).toEqual(['a.csv']);
  });

  test('what cannot be read is left out with its reason, here and in the plan there', async () => {
    const { start, account, folder, request } = await begin();
    mkdirSync(join(folder, 'data/c'));
    writeFileSync(Buffer.from(`${folder}/data/M\xfcnchen.csv`, 'latin1'), 'Power\n');
    writeFileSync(join(folder, 'data/closed.csv'), 'Power\n');
    chmodSync(join(folder, 'data/closed.csv'), 0);
    await start({ copyData: true });
    const { store } = await planned(account, await request('run-1'));
    const { skipped } = JSON.parse(await text(store, layout.plan));
    expect(err()).toContain('not M\\xfcnchen.csv: its name is not in UTF-8');
    expect(skipped.first).toContainEqual({
      file: 'M\\xfcnchen.csv',
      why: expect.stringContaining('its name is not in UTF-8'),
    });
    // Root may read everything.
    if (process.getuid?.() !== 0) expect(err()).toContain('not closed.csv: no permission to read it');
  });

  test('a file that is written while it is copied is read again, and refused when that does not end', async () => {
    const { start, account, folder, request } = await begin();
    const { bucket } = account;
    const write = bucket.write.bind(bucket);
    const large = join(folder, 'data/large.csv');
    const body = (first: string) => `${first}\n${'1\n'.repeat(5 * 1024 * 1024)}`;
    writeFileSync(large, body('Power'));
    let times = 0;
    let most = 1;
    bucket.write = async (key, given, more) => {
      if (key.endsWith('/large.csv') && times++ < most) writeFileSync(large, body(`Power${times % 10}`));
      await write(key, given, more);
    };
    await start({ copyData: true });
    const { copied } = await planned(account, await request('run-1'));
    expect(await text(copied, 'large.csv')).toBe(body('Power1'));
    most = 100;
    writeFileSync(large, body('Watts'));
    await expect(start({ copyData: true })).rejects.toMatchObject({
      name: 'UsageError',
      message: expect.stringMatching(/large\.csv changes while it is copied/),
    });
    // Neither is what has a wrong digest there.
    expect((await objectsOf(account)).filter((key) => key.endsWith('/large.csv'))).toHaveLength(1);
  });

  test('a file that goes away between the question and its turn is left out', async () => {
    const { start, account, folder, request } = await begin();
    const gone: Asking = {
      interactive: true,
      ask: async () => {
        if (existsSync(join(folder, 'data/a.csv'))) unlinkSync(join(folder, 'data/a.csv'));
        return true;
      },
    };
    await start({}, gone);
    expect(err()).toContain('not copied: a.csv: it went away while the folder was looked at');
    const { copied } = await planned(account, await request('run-1'));
    await expect(text(copied, 'a.csv')).rejects.toThrow('there is no a.csv');
  });

  test('of a schedule is copied when it is made', async () => {
    const { account, folder } = await begin();
    const wanted = {
      ...{ project: folder, number: 0, file: [], repeat: 1, cluster: 'lab' },
      expression: 'rate(1 day)',
    };
    await expect(schedule('create', 'nightly', wanted, scheduleParts(account))).rejects.toThrow(
      /not in the stack's bucket/,
    );
    await schedule('create', 'nightly', { ...wanted, copyData: true }, scheduleParts(account));
    const request: EksRequest = JSON.parse(await text(account.bucket, 'requests/nightly.json'));
    const { copied } = await planned(account, request);
    expect(await text(copied, 'a.csv')).toBe(data['data/a.csv']);
    expect(readFileSync(join(folder, 'data/a.csv'), 'utf8')).toBe(data['data/a.csv']);
  });
});

describe('resume', () => {
  async function stopped() {
    const { folder } = await projectOf({ 'config.yaml': config, ...data });
    const account = memoryCloud(await newWorld({}, []), { begin: () => new Promise(() => {}) });
    await start(options(folder, { copyData: true, detach: true }), parts(account));
    await account.cloud.executions.stop('calm-owls-1', 'a test');
    const runs = new RunsFolder(folder);
    const resumeIt = () =>
      resume('calm-owls', { project: runs.project, retryFailed: true, detach: true }, parts(account));
    return { folder, account, resume: resumeIt, runs };
  }

  test('goes on with the data that was copied, and takes neither it nor edits of it for code', async () => {
    const { folder, account, resume, runs } = await stopped();
    writeFileSync(join(folder, 'data/a.csv'), 'Time,Power\n5,6\n');
    const before = await keysOf(account.bucket);
    await resume();
    expect(err()).not.toContain('was edited');
    expect(await keysOf(account.bucket)).toEqual(before);
    expect((await runs.request('calm-owls')).config.dataBucket).toMatchObject({ bucket: 'stack-bucket' });
  });

  test('says so when the copies are gone, before anything is begun', async () => {
    const { account, resume } = await stopped();
    for (const key of await keysOf(account.bucket)) await account.bucket.remove(key);
    await expect(resume()).rejects.toMatchObject({
      name: 'NotFound',
      message: expect.stringMatching(/^the copied data of project .* is no longer in the stack's bucket/),
      hint: expect.stringContaining('Start another run'),
    });
  });
});

test('a listing that is not what its name says is refused, and one that is gone says how to go on', async () => {
  const { start, account, request } = await begin();
  await start({ copyData: true });
  const first = await request('run-1');
  const [listing = ''] = (await keysOf(account.bucket)).filter((key) => key.endsWith('listing.jsonl'));
  await account.bucket.write(listing, '{"name":"a.csv","size":1,"digest":"x"}\n');
  await expect(planned(account, first)).rejects.toMatchObject({ name: 'Unreachable' });
  await account.bucket.remove(listing);
  await expect(planned(account, first)).rejects.toMatchObject({
    name: 'NotFound',
    hint: expect.stringContaining('Start another run'),
  });
});
