import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { originOf } from '../../../../../adapters/local/project/git-origin.ts';
import { projectKey } from '../../../../../runs/aws/start/project-key.ts';

const anna = 'arn:aws:iam::1:user/anna';
const ben = 'arn:aws:iam::1:user/ben';
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gcd origin '));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(path: string, content: string): void {
  const whole = join(folder, path);
  mkdirSync(dirname(whole), { recursive: true });
  writeFileSync(whole, content);
}
const clone = (at: string, url: string) =>
  write(
    `${at}/.git/config`,
    `[core]\n\tbare = false\n[remote "up"]\n\turl = x\n[remote "origin"]\n\turl = ${url}\n`,
  );

describe('originOf', () => {
  test.each([
    'https://github.com/Lab/study.git',
    'https://me:t0k3n@github.com/Lab/study',
    'git@GitHub.com:Lab/study.git',
    'ssh://git@github.com:22/Lab/study.git/',
    'git+ssh://github.com/Lab/study',
  ])('%s is one place, however it is reached', async (url) => {
    clone('a', url);
    mkdirSync(join(folder, 'a/models/solar'), { recursive: true });
    expect(await originOf(join(folder, 'a'))).toBe('github.com/Lab/study');
    expect(await originOf(join(folder, 'a/models/solar'))).toBe('github.com/Lab/study/models/solar');
  });

  test('a folder of this machine is told by its path', async () => {
    clone('a', '../bare');
    clone('b', String.raw`C:\work\bare`);
    expect(await originOf(join(folder, 'a'))).toBe(join(folder, 'bare'));
    expect(await originOf(join(folder, 'b'))).toContain(String.raw`C:\work\bare`);
  });

  test('a worktree and a submodule have what they belong to', async () => {
    clone('main', 'https://example.org/one.git');
    write('main/.git/worktrees/w/commondir', '../..\n');
    write('w/.git', `gitdir: ${join(folder, 'main/.git/worktrees/w')}\n`);
    write('main/.git/modules/s/config', '[remote "origin"]\n\turl = https://example.org/sub\n');
    write('main/s/.git', 'gitdir: ../.git/modules/s\n');
    expect(await originOf(join(folder, 'w'))).toBe('example.org/one');
    expect(await originOf(join(folder, 'main/s'))).toBe('example.org/sub');
  });

  test('without a clone, or a remote, there is none', async () => {
    mkdirSync(join(folder, 'a'));
    write('b/.git/config', '[core]\n\tbare = false\n');
    write('c/.git', 'nothing\n');
    expect(await originOf(join(folder, 'a'))).toBeNull();
    expect(await originOf(join(folder, 'b'))).toBeNull();
    expect(await originOf(join(folder, 'c'))).toBeNull();
  });
});

describe('projectKey', () => {
  test('clones share it, whoever has them; two projects of one name do not', async () => {
    clone('a/solar', 'git@github.com:lab/solar.git');
    clone('b/solar', 'https://github.com/lab/solar');
    clone('c/solar', 'https://github.com/others/solar');
    const [one, same, other] = await Promise.all([
      projectKey(join(folder, 'a/solar'), anna),
      projectKey(join(folder, 'b/solar'), ben),
      projectKey(join(folder, 'c/solar'), anna),
    ]);
    expect(one).toMatch(/^solar-[0-9a-f]{12}$/);
    expect(same).toBe(one);
    expect(other).not.toBe(one);
  });

  test('one that is in no clone is of its user and its place', async () => {
    const keys = await Promise.all([
      projectKey(join(folder, 'x/solar'), anna),
      projectKey(join(folder, 'x/solar'), ben),
      projectKey(join(folder, 'y/solar'), anna),
    ]);
    expect(new Set(keys).size).toBe(3);
    expect(await projectKey(join(folder, 'x/solar'), anna)).toBe(keys[0]);
  });

  test('any name of a folder makes a key that S3 and policies take as it is', async () => {
    expect(await projectKey(join(folder, 'Müller & Co (final)'), anna)).toMatch(
      /^Mu-ller-Co-final-[0-9a-f]{12}$/,
    );
    expect(await projectKey(join(folder, '太陽'), anna)).toMatch(/^project-[0-9a-f]{12}$/);
  });
});
