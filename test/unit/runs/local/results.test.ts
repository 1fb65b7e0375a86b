/** Where result files go, and which of what a store holds are taken. */
import {
  existsSync,
  lstatSync,
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
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { RunsFolder } from '../../../../adapters/local/runs/runs-folder.ts';
import { FolderStore } from '../../../../adapters/local/store/folder-store.ts';
import { AccessDenied, ProjectInvalid, Unreachable, UsageError } from '../../../../core/errors/errors.ts';
import { MemoryStore } from '../../../../core/memory-store.ts';
import { layout } from '../../../../core/run-store/layout.ts';
import { copyResults } from '../../../../runs/aws/copy-results.ts';
import { publishResults } from '../../../../runs/publish-results.ts';
import { eksRequest } from '../../../support/cloud/run.ts';

let folder: string;
let project: string;
let home: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gcd-results-'));
  project = join(folder, 'project');
  home = join(folder, 'home');
  mkdirSync(project);
  mkdirSync(home);
});
afterEach(() => rmSync(folder, { recursive: true }));

async function storeWith(...names: string[]) {
  const store = new MemoryStore();
  for (const name of names) await store.write(layout.result(name), `of ${name}`);
  return store;
}
const request = () => ({ ...eksRequest(), project });

describe('result files', () => {
  test('are those that the request of this machine names, whatever else lies in the bucket', async () => {
    const store = await storeWith(
      'r.csv',
      'report.html',
      '.bashrc',
      'authorized_keys',
      'x/r.csv',
      'other.csv',
    );
    const { folder: to, files } = await publishResults({ store }, request());
    expect(files).toEqual(['r.csv', 'report.html']);
    expect(readdirSync(to).sort()).toEqual(['r.csv', 'report.html']);
    const saved = new MemoryStore();
    const config = { ...request().config, savedBucket: 'b', savedPathCloud: 'p' };
    await copyResults({ data: () => saved }, store, { run: 'r', config });
    const keys: string[] = [];
    for await (const { key } of saved.list('')) keys.push(key);
    expect(keys).toEqual(['r.csv', 'report.html']);
  });

  test.each(['.bashrc', '../r.csv', 'a/b.csv', '.r.csv', 'authorized_keys', 'r.csv\u001b', 7])(
    'are none where a request calls one %j',
    async (savedData) => {
      const { config } = request();
      const fileNames = { ...config.fileNames, savedData } as typeof config.fileNames;
      const bad = { ...request(), config: { ...config, fileNames } };
      await expect(publishResults({ store: await storeWith('r.csv') }, bad)).rejects.toThrow(UsageError);
      expect(existsSync(join(project, 'results'))).toBe(false);
    },
  );

  test.each([
    ['the folder of the home', '../home'],
    ['an absolute folder', null],
    ['what is not there yet', '../home/new'],
  ])('are not written through a link to %s', async (_, target) => {
    symlinkSync(target ?? home, join(project, 'results'));
    const done = publishResults({ store: await storeWith('r.csv') }, request());
    await expect(done).rejects.toThrow(ProjectInvalid);
    await expect(done).rejects.toThrow(/project\/results is a link to .*home.*, outside the project folder/);
    expect(readdirSync(home)).toEqual([]);
  });

  test('go through a link that stays in the project, and take the place of one that is called like a file', async () => {
    mkdirSync(join(project, 'out'));
    symlinkSync('out', join(project, 'results'));
    writeFileSync(join(home, '.bashrc'), 'mine');
    symlinkSync(join(home, '.bashrc'), join(project, 'out/r.csv'));
    await publishResults({ store: await storeWith('r.csv') }, request());
    expect(readFileSync(join(home, '.bashrc'), 'utf8')).toBe('mine');
    expect(lstatSync(join(project, 'out/r.csv')).isFile()).toBe(true);
  });

  test('change together: where one cannot be brought, all stay as they were, and nothing lies beside them', async () => {
    await publishResults({ store: await storeWith('e.csv', 'r.csv', 'report.html') }, request());
    class Cut extends MemoryStore {
      override read(key: string, range?: { start: number; end?: number }) {
        if (key.endsWith('r.csv')) throw new Unreachable('the line is cut');
        return super.read(key, range);
      }
    }
    const store = new Cut();
    for (const name of ['e.csv', 'r.csv', 'report.html']) await store.write(layout.result(name), 'newer');
    await expect(publishResults({ store }, request())).rejects.toThrow(Unreachable);
    expect(readFileSync(join(project, 'results/e.csv'), 'utf8')).toBe('of e.csv');
    expect(readdirSync(join(project, 'results')).sort()).toEqual(['e.csv', 'r.csv', 'report.html']);
  });

  test('cannot take the place of a folder that is called like one of them', async () => {
    mkdirSync(join(project, 'results/r.csv/mine'), { recursive: true });
    const done = publishResults({ store: await storeWith('r.csv') }, request());
    await expect(done).rejects.toThrow(Unreachable);
    expect(readdirSync(join(project, 'results'))).toEqual(['r.csv']);
  });

  test('go where somebody says, also outside of the project', async () => {
    symlinkSync(home, join(folder, 'elsewhere'));
    await publishResults({ store: await storeWith('r.csv') }, request(), join(folder, 'elsewhere'));
    expect(readdirSync(home)).toEqual(['r.csv']);
  });
});

describe('files of tasks', () => {
  const file = (path: string, key = 'outputs/w-0/0', bytes = 3) => ({
    ...{ key, path, bytes },
    task: { id: '9f', file: 'a.csv', column: null },
  });
  async function storeWithFiles(...files: unknown[]) {
    const store = await storeWith('r.csv', 'files.csv');
    await store.write(layout.files, files.map((one) => `${JSON.stringify(one)}\n`).join(''));
    await store.write('outputs/w-0/0', 'one');
    await store.write('outputs/w-0/1', 'two, and what was written to it later');
    return store;
  }
  const read = (path: string) => readFileSync(join(project, 'results', path), 'utf8');
  const publish = (store: MemoryStore) => publishResults({ store }, request());

  test('go to results/files, and to saved_bucket, with so many bytes as their task left', async () => {
    const store = await storeWithFiles(file('files/a.csv/x.png'), file('files/a.csv/in/y', 'outputs/w-0/1'));
    const { files, outputs } = await publish(store);
    expect(files).toEqual(['files.csv', 'r.csv', 'files/']);
    expect(outputs).toMatchObject({ count: 2, bytes: 6, missing: [] });
    expect([read('files/a.csv/x.png'), read('files/a.csv/in/y')]).toEqual(['one', 'two']);
    const saved = new MemoryStore();
    const config = { ...request().config, savedBucket: 'b', savedPathCloud: 'p' };
    await copyResults({ data: () => saved }, store, { run: 'r', config });
    const keys: string[] = [];
    for await (const { key } of saved.list('files/')) keys.push(key);
    expect(keys).toEqual(['files/a.csv/in/y', 'files/a.csv/x.png']);
  });

  test('that are gone, or shorter than they were, are told of', async () => {
    const store = await storeWithFiles(
      file('files/a.csv/gone', 'outputs/w-0/7'),
      file('files/a.csv/short', 'outputs/w-0/0', 4),
      file('files/a.csv/x.png'),
    );
    const { outputs } = await publish(store);
    expect(outputs.missing.map(({ path }) => path)).toEqual(['files/a.csv/gone', 'files/a.csv/short']);
    expect(readdirSync(join(project, 'results/files/a.csv'))).toEqual(['x.png']);
  });

  test.each([
    ['above', file('files/../../x')],
    ['absolute', file('/etc/x')],
    ['beside', file('r.csv')],
    ['of another folder', file('filesx/y')],
    ['with an empty step', file('files//x')],
    ['with a newline', file('files/x\ny')],
    ['of what is no file of a task', file('files/x', 'request.json')],
    ['of a key that goes up', file('files/x', 'outputs/../request.json')],
    ['without a path', { key: 'outputs/w-0/0', bytes: 3 }],
    ['null', null],
    ['a text', 'files/x'],
  ])('that are %s are none', async (_, forged) => {
    const { outputs } = await publish(await storeWithFiles(forged, file('files/good')));
    expect(outputs.count).toBe(1);
    expect(readdirSync(join(project, 'results/files')).sort()).toEqual(['.gcd-sfn', 'good']);
    expect(readdirSync(folder).sort()).toEqual(['home', 'project']);
  });

  test('take the place of those of the run before; what a killed command had begun goes', async () => {
    await publish(await storeWithFiles(file('files/old')));
    mkdirSync(join(project, 'results/.files-new-0123'));
    await publish(await storeWithFiles(file('files/new')));
    expect(readdirSync(join(project, 'results/files')).sort()).toEqual(['.gcd-sfn', 'new']);
    const { files } = await publish(await storeWith('r.csv'));
    expect(files).toEqual(['r.csv']);
    expect(readdirSync(join(project, 'results'))).toEqual(['r.csv']);
  });

  test('are not written through links, and do not remove what somebody else has put there', async () => {
    mkdirSync(join(project, 'results'));
    writeFileSync(join(home, 'mine'), 'mine');
    symlinkSync(home, join(project, 'results/files'));
    await publish(await storeWithFiles(file('files/x')));
    expect(readdirSync(home)).toEqual(['mine']);
    expect(lstatSync(join(project, 'results/files')).isDirectory()).toBe(true);
    expect(lstatSync(join(project, 'results/files-1')).isSymbolicLink()).toBe(true);
  });
});

describe('what is kept of runs', () => {
  test.each([
    ['.gcd', '.gcd'],
    ['.gcd/runs', '.gcd/runs'],
  ])('is not kept through a link %s that leaves the project', (link) => {
    mkdirSync(join(project, link, '..'), { recursive: true });
    symlinkSync(home, join(project, link));
    expect(() => new RunsFolder(project)).toThrow(ProjectInvalid);
  });

  test('a name that is taken by a link is taken', async () => {
    mkdirSync(join(project, '.gcd/runs'), { recursive: true });
    symlinkSync(home, join(project, '.gcd/runs/r'));
    await expect(new RunsFolder(project).create('r')).rejects.toThrow(UsageError);
    expect(readdirSync(home)).toEqual([]);
  });

  test('belongs to the project where it lies, whatever the request says', async () => {
    mkdirSync(join(project, '.gcd/runs/r'), { recursive: true });
    writeFileSync(
      join(project, '.gcd/runs/r/request.json'),
      JSON.stringify({ ...eksRequest(), project: home }),
    );
    expect((await new RunsFolder(project).request('r')).project).toBe(project);
  });

  test('a full disk is told without the advice to resume what may never have begun', async () => {
    const full = (async function* () {
      yield Buffer.from('x');
      throw Object.assign(new Error('no space left'), { code: 'ENOSPC' });
    })();
    const error = await new FolderStore(project).write('request.json', full).catch((one) => one);
    expect(error.message).toBe('the disk is full: request.json could not be written');
    expect(error.hint).toBe('Free some space, then try again.');
    expect(readdirSync(project)).toEqual([]);
  });

  test('a store writes nothing through a link out of its folder', async () => {
    symlinkSync(home, join(project, 'parts'));
    const store = new FolderStore(project);
    await expect(store.write('parts/1/a.jsonl', 'x')).rejects.toThrow(AccessDenied);
    expect(readdirSync(home)).toEqual([]);
  });
});
