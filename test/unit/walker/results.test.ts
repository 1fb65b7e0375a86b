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
import { RunsFolder } from '../../../adapters/local/runs/runs-folder.ts';
import { FolderStore } from '../../../adapters/local/store/folder-store.ts';
import { MemoryStore } from '../../../adapters/memory/store.ts';
import { saveResults } from '../../../cloud/saved.ts';
import { AccessDenied, ProjectInvalid, UsageError } from '../../../ports/errors.ts';
import { layout } from '../../../ports/layout.ts';
import { publishResults } from '../../../walker/results.ts';
import { eksRequest } from '../../support/cloud/run.ts';

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
    await saveResults({ data: () => saved }, store, { run: 'r', config });
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
    await expect(done).rejects.toThrow(
      /project\/results is a link to .*home.*, outside of the project folder/,
    );
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

  test('go where somebody says, also outside of the project', async () => {
    symlinkSync(home, join(folder, 'elsewhere'));
    await publishResults({ store: await storeWith('r.csv') }, request(), join(folder, 'elsewhere'));
    expect(readdirSync(home)).toEqual(['r.csv']);
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

  test('a store writes nothing through a link out of its folder', async () => {
    symlinkSync(home, join(project, 'parts'));
    const store = new FolderStore(project);
    await expect(store.write('parts/1/a.jsonl', 'x')).rejects.toThrow(AccessDenied);
    expect(readdirSync(home)).toEqual([]);
  });
});
