import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { takeOwnerLock } from '../../../../../adapters/local/locks/owner-lock.ts';
import { changesSince, freeze } from '../../../../../adapters/local/project/frozen-project.ts';
import { claimExecution, RunsFolder } from '../../../../../adapters/local/runs/runs-folder.ts';
import { RunLocked, RunNotFound, UsageError } from '../../../../../core/errors/errors.ts';
import { layout } from '../../../../../core/run-store/layout.ts';
import { localRequest } from '../../../../support/memory/local-request.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gcd-runs-'));
});
afterEach(() => rm(folder, { recursive: true }));

const put = async (path: string, text: string) => {
  await mkdir(join(folder, path, '..'), { recursive: true });
  await writeFile(join(folder, path), text);
};

describe('the lock', () => {
  test('keeps others out while its owner lives', () => {
    const path = join(folder, 'lock');
    const release = takeOwnerLock(path);
    expect(release).toBeInstanceOf(Function);
    expect(takeOwnerLock(path)).toMatchObject({ pid: process.pid });
    (release as () => void)();
    expect(takeOwnerLock(path)).toBeInstanceOf(Function);
  });

  test('of a dead process is taken over', async () => {
    const path = join(folder, 'lock');
    const { pid } = spawnSync('true');
    const { hostname } = await import('node:os');
    await writeFile(path, JSON.stringify({ pid, host: hostname(), started: null }));
    expect(takeOwnerLock(path)).toBeInstanceOf(Function);
    // The pid lives, but is another process by now.
    await writeFile(path, JSON.stringify({ pid: process.pid, host: hostname(), started: '1' }));
    expect(takeOwnerLock(path)).toBeInstanceOf(Function);
    // Half a lock is no owner.
    await writeFile(path, '{"pid":');
    expect(takeOwnerLock(path)).toBeInstanceOf(Function);
  });

  test('of another host is respected', async () => {
    const path = join(folder, 'lock');
    await writeFile(path, JSON.stringify({ pid: 1, host: 'elsewhere', started: null }));
    expect(takeOwnerLock(path)).toMatchObject({ host: 'elsewhere' });
  });
});

describe('the runs of a project', () => {
  const request = (run: string, requestedAt: number) => JSON.stringify(localRequest(run, { requestedAt }));

  test('are found by name, or the newest', async () => {
    const runs = new RunsFolder(folder);
    for (const [run, at] of [
      ['one', 1],
      ['three', 3],
      ['two', 2],
    ] as const) {
      const held = await runs.create(run);
      await held.store.write(layout.request, request(run, at));
      held.release();
    }
    expect((await runs.find(undefined)).run).toBe('three');
    expect((await runs.find('one')).run).toBe('one');
    await expect(runs.find('four')).rejects.toMatchObject({ hint: 'The newest runs are: three, two, one' });
    await expect(runs.find('four')).rejects.toThrow(RunNotFound);
    await expect(runs.create('one')).rejects.toThrow(UsageError);
    await expect(runs.create('../x')).rejects.toThrow(UsageError);
  });

  test('are no part of a repository, and one held by somebody is not to be had', async () => {
    const runs = new RunsFolder(folder);
    const held = await runs.create('one');
    expect(await readFile(join(folder, '.gcd/.gitignore'), 'utf8')).toBe('*\n');
    expect(() => runs.hold('one')).toThrow(RunLocked);
    held.release();
    runs.hold('one').release();
  });

  test('one that was killed before it had a request is removed with the next', async () => {
    const runs = new RunsFolder(folder);
    await runs.create('half');
    await writeFile(join(folder, '.gcd/runs/half/lock'), '{}');
    const held = await runs.create('next');
    expect(existsSync(join(folder, '.gcd/runs/half'))).toBe(false);
    held.release();
    await runs.remove('next');
    expect(existsSync(join(folder, '.gcd'))).toBe(false);
  });

  test('one that was killed before it had a lock bars no name, and goes later', async () => {
    await put('.gcd/making-before/x', '');
    await utimes(join(folder, '.gcd/making-before'), 1, 1);
    await put('.gcd/making-now/x', '');
    await mkdir(join(folder, '.gcd/runs/one'), { recursive: true });
    await new RunsFolder(folder).create('one');
    expect(existsSync(join(folder, '.gcd/making-before'))).toBe(false);
    // It may be that of a process that is about to take its lock.
    expect(existsSync(join(folder, '.gcd/making-now'))).toBe(true);
    expect(readdirSync(join(folder, '.gcd/runs/one'))).toEqual(['lock']);
  });

  test('are for their owner alone, also when the folder was made with more rights', async () => {
    const modeOf = (path: string) => statSync(join(folder, path)).mode & 0o777;
    await mkdir(join(folder, '.gcd'));
    await chmod(join(folder, '.gcd'), 0o755);
    const held = await new RunsFolder(folder).create('one');
    expect(modeOf('.gcd')).toBe(0o700);
    await held.store.write(layout.request, request('one', 1));
    expect(modeOf('.gcd/runs/one/request.json')).toBe(0o600);
    held.release();
    await chmod(join(folder, '.gcd'), 0o755);
    new RunsFolder(folder).hold('one').release();
    expect(modeOf('.gcd')).toBe(0o700);
    await put('project/.env', 'KEY=x');
    await chmod(join(folder, 'project/.env'), 0o600);
    const project = { folder: join(folder, 'project'), data: null, isDataFile: () => false };
    const { path } = await freeze(project, join(folder, '.gcd/runs/one/code'));
    expect(statSync(join(path, '.env')).mode & 0o077).toBe(0);
  });

  test('what killed processes have left half written goes with the next run, what others are writing stays', async () => {
    const runs = new RunsFolder(folder);
    for (const run of ['one', 'two']) {
      const held = await runs.create(run);
      await held.store.write(layout.request, request(run, 1));
      held.release();
    }
    // The largest number of a process that Linux gives is 4194304.
    const dead = [
      'live.json.4194999',
      'control.json.writing-4194999',
      'code/0123456789abcdef.writing-4194999/a.py',
    ];
    const alive = [`live.json.${process.pid}`, 'results/live.json.x'];
    const halves = ['.gcd-writing-aaaa', 'results/.gcd-writing-bbbb'];
    for (const run of ['one', 'two'])
      for (const path of [...dead, ...alive, ...halves]) await put(`.gcd/runs/${run}/${path}`, '');
    for (const path of [
      '.gcd/runs/two/.gcd-writing-old',
      '.gcd/.gcd-writing-old',
      'results/.gcd-writing-old',
    ]) {
      await put(path, '');
      await utimes(join(folder, path), 1, 1);
    }
    runs.hold('one').release();
    const there = (run: string, paths: string[]) =>
      paths.filter((path) => existsSync(join(folder, '.gcd/runs', run, path)));
    expect(there('one', [...dead, ...alive, ...halves])).toEqual(alive);
    (await runs.create('three')).release();
    expect(there('two', [...dead, ...alive, ...halves, '.gcd-writing-old'])).toEqual([...alive, ...halves]);
    expect(existsSync(join(folder, '.gcd/.gcd-writing-old'))).toBe(false);
  });

  test('executions are numbered, each number given once', async () => {
    const { store } = await new RunsFolder(folder).create('one');
    const numbers = await Promise.all([1, 2, 3, 4].map(() => claimExecution(store)));
    expect(numbers.sort()).toEqual([1, 2, 3, 4]);
  });
});

describe('the frozen project', () => {
  beforeEach(async () => {
    await put('p/entrypoint.py', 'x = 1');
    await put('p/pkg/__init__.py', '');
    await put('p/data/a.csv', 'Power');
    await put('p/results/results.csv', 'old');
    await put('p/.gcd/runs/r/lock', '');
    await put('p/venv/pyvenv.cfg', '');
    await put('p/__pycache__/x.pyc', '');
  });
  const project = (data = 'p/data') => ({
    folder: join(folder, 'p'),
    data: join(folder, data),
    isDataFile: (key: string) => key.endsWith('.csv') || key.endsWith('.py'),
  });

  test('has the code, a link to the data, and nothing else', async () => {
    const { path } = await freeze(project(), join(folder, 'code'));
    expect(await readFile(join(path, 'entrypoint.py'), 'utf8')).toBe('x = 1');
    expect(existsSync(join(path, 'pkg/__init__.py'))).toBe(true);
    expect(await readFile(join(path, 'data/a.csv'), 'utf8')).toBe('Power');
    for (const absent of ['results', '.gcd', 'venv', '__pycache__'])
      expect(existsSync(join(path, absent))).toBe(false);
  });

  test('what was edited since is told file by file; data, results and times are not code', async () => {
    const { digest } = await freeze(project(), join(folder, 'code'));
    const changes = () => changesSince(project(), join(folder, 'code'), digest);
    await put('p/data/b.csv', 'Power');
    await put('p/results/error.csv', '');
    await utimes(join(folder, 'p', 'entrypoint.py'), 1, 1);
    expect(await changes()).toEqual([]);
    await put('p/entrypoint.py', 'x = 2');
    await symlink('entrypoint.py', join(folder, 'p', 'link.py'));
    await rm(join(folder, 'p/pkg/__init__.py'));
    expect(await changes()).toEqual([
      { path: 'entrypoint.py', what: 'changed' },
      { path: 'link.py', what: 'new' },
      { path: 'pkg/__init__.py', what: 'deleted' },
    ]);
  });

  test('data files beside the code are linked, and no part of the digest; code is copied', async () => {
    await put('p/beside.csv', 'Power');
    const first = await freeze(project('p'), join(folder, 'code'));
    await put('p/beside.csv', 'more');
    await put('p/another.csv', 'Power');
    expect(await changesSince(project('p'), join(folder, 'code'), first.digest)).toEqual([]);
    expect(await freeze(project('p'), join(folder, 'code'))).toEqual(first);
    expect(await readFile(join(first.path, 'beside.csv'), 'utf8')).toBe('more');
    await put('p/entrypoint.py', 'x = 2');
    expect(await readFile(join(first.path, 'entrypoint.py'), 'utf8')).toBe('x = 1');
  });

  test('stays as it is when the project is edited', async () => {
    const first = await freeze(project(), join(folder, 'code'));
    await put('p/entrypoint.py', 'x = 2');
    const second = await freeze(project(), join(folder, 'code'));
    expect(await readFile(join(first.path, 'entrypoint.py'), 'utf8')).toBe('x = 1');
    expect(await readFile(join(second.path, 'entrypoint.py'), 'utf8')).toBe('x = 2');
    expect(await freeze(project(), join(folder, 'code'))).toEqual(second);
  });
});
