/** The archive that an image is made from: what is in it, and what its digest tells apart. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ImageSource } from '../../../../../adapters/local/image-source/image-source.ts';
import { freeze } from '../../../../../adapters/local/project/frozen-project.ts';
import { ProjectInvalid } from '../../../../../core/errors/errors.ts';
import { MemoryStore } from '../../../../../core/memory-store.ts';
import { migrateDockerfile } from '../../../../../core/migrate/dockerfile.ts';
import { readAll } from '../../../../../core/store.ts';
import { packageRoot } from '../../../../support/cli/project.ts';

let folder = '';
let project = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gcd image '));
  project = join(folder, 'project');
  await files({ 'entrypoint.py': 'def entrypoint(): return {}\n', 'config.yaml': 'data_bucket: b\n' });
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function files(texts: Record<string, string>) {
  for (const [path, text] of Object.entries(texts)) {
    await mkdir(dirname(join(project, path)), { recursive: true });
    await writeFile(join(project, path), text);
  }
}

async function source(more: Partial<Parameters<typeof ImageSource.of>[0]> = {}) {
  const frozen = await freeze({ folder: project, data: null, isDataFile: () => false }, join(folder, 'code'));
  return ImageSource.of({
    project: frozen.path,
    platform: 'linux/amd64',
    python: null,
    licence: null,
    migrateDockerfile,
    ...more,
  });
}

/** Unpacks without knowing links. @returns the folder that the archive was unpacked into */
async function unpacked(from: ImageSource): Promise<string> {
  const target = await mkdtemp(join(folder, 'unpacked-'));
  const store = new MemoryStore();
  const archive = await readAll(store, await from.put(store));
  await writeFile(join(target, 'a.zip'), archive);
  // Python's zipfile checks the sums; unlike the program unzip it is there wherever the tests run.
  const script =
    'import os, stat, sys, zipfile\n' +
    'with zipfile.ZipFile("a.zip") as archive:\n' +
    '    assert archive.testzip() is None\n' +
    '    for item in archive.infolist():\n' +
    '        mode = item.external_attr >> 16\n' +
    '        os.makedirs(os.path.dirname(item.filename) or ".", exist_ok=True)\n' +
    '        assert stat.S_ISREG(mode), item\n' +
    '        open(item.filename, "wb").write(archive.read(item)); os.chmod(item.filename, mode & 0o777)\n';
  execFileSync('python3', ['-c', script], { cwd: target });
  return target;
}

const text = (...steps: string[]) => readFileSync(join(...steps), 'utf8');

test('the archive has the project twice, to build and to be laid on top, and the worker', async () => {
  await files({ 'lib/helper.py': 'x = 1\n', 'ü.txt': 'ü', 'empty.txt': '' });
  const target = await unpacked(await source());
  for (const at of ['project', 'worker/project']) {
    expect(text(target, at, 'entrypoint.py')).toBe('def entrypoint(): return {}\n');
    expect(text(target, at, 'lib/helper.py')).toBe('x = 1\n');
    expect(text(target, at, 'ü.txt')).toBe('ü');
    expect(text(target, at, 'empty.txt')).toBe('');
  }
  expect(text(target, 'worker/Dockerfile')).toMatch(/^ARG PROJECT_IMAGE\nFROM \$\{PROJECT_IMAGE\}$/m);
  for (const name of ['__main__.py', 'supervisor/main.py', 'agent/main.py'])
    expect(text(target, 'worker/gcd_worker', name)).toBe(text(packageRoot, 'worker/gcd_worker', name));
  expect(text(target, 'worker/requirements.txt')).toContain('boto3==');
  expect(text(target, 'project/Dockerfile')).toBe('FROM public.ecr.aws/docker/library/python:3.12-slim\n');
  // What is made for the build is no part of the project.
  expect(existsSync(join(target, 'worker/project/Dockerfile'))).toBe(false);
});

test('an image has the Python of .python-version, unless config.yaml names one', async () => {
  await files({ '.python-version': '3.10.13\n' });
  const from = async (python: string | null) =>
    /python:(.*)-slim/.exec(text(await unpacked(await source({ python })), 'project/Dockerfile'))?.[1];
  expect(await from(null)).toBe('3.10');
  expect(await from('3.11')).toBe('3.11');
});

test('an image has the packages of pyproject.toml where there is no requirements.txt', async () => {
  await files({ 'pyproject.toml': '[project]\nname = "x"\ndependencies = ["numpy>=2", "scipy"]\n' });
  const target = await unpacked(await source());
  expect(text(target, 'project/Dockerfile')).toContain('-r /tmp/gcd-sfn/.gcd-sfn-image/requirements.txt');
  expect(text(target, 'project/.gcd-sfn-image/requirements.txt')).toBe('numpy>=2\nscipy\n');
});

test('what runs and builds leave behind is not in it', async () => {
  await files({ '.gcd/runs/r/request.json': '{}', 'results/results.csv': 'x', 'lib/__pycache__/a.pyc': 'x' });
  const target = await unpacked(await source());
  expect(existsSync(join(target, 'project/.gcd'))).toBe(false);
  expect(existsSync(join(target, 'project/results'))).toBe(false);
  expect(existsSync(join(target, 'project/lib'))).toBe(false);
});

test('neither access keys nor the licence are in it, whatever the licence is called there', async () => {
  await files({
    '.env': 'AWS_SECRET_ACCESS_KEY=SECRET',
    'mosek.lic': 'LICENCE-LINE',
    'copy/of.txt': 'LICENCE-LINE',
    'other.lic': 'another',
  });
  const one = await source({ licence: join(project, 'mosek.lic') });
  const target = await unpacked(one);
  const found = readdirSync(target, { recursive: true, encoding: 'utf8' }).filter((path) =>
    lstatSync(join(target, path)).isFile(),
  );
  expect(found.filter((path) => path.endsWith('other.lic'))).toHaveLength(2);
  expect(found.filter((path) => path !== 'a.zip' && /SECRET|LICENCE-LINE/.test(text(target, path)))).toEqual(
    [],
  );
  expect(one.taken.licences).toEqual(['copy/of.txt', 'mosek.lic']);
  expect(one.taken.leftOut).toEqual([{ path: '.env', why: 'secret' }]);
});

test('modes are kept, links inside the project are listed; what other links lead to is taken along where config.yaml says so', async () => {
  await files({ 'run.sh': '#!/bin/sh\n', 'lib/a.py': 'a = 1\n' });
  await chmod(join(project, 'run.sh'), 0o755);
  await symlink('lib/a.py', join(project, 'b.py'));
  await mkdir(join(project, 'only'));
  await symlink('../lib', join(project, 'only/ü l'));
  await mkdir(join(folder, 'common/inner'), { recursive: true });
  await writeFile(join(folder, 'common/inner/c.py'), 'c = 1\n');
  await symlink(join(folder, 'common'), join(project, 'common'));
  await symlink(join(folder, 'common/inner/c.py'), join(project, 'c.py'));
  await writeFile(join(project, 'model.bin'), Buffer.alloc(17 * 1024 * 1024, 7));
  const one = await source({ followLinks: ['common', 'c.py'] });
  expect(one.taken.outside).toMatchObject([{ path: 'c.py' }, { path: 'common', files: 1, bytes: 6 }]);
  const target = await unpacked(one);
  expect(statSync(join(target, 'worker/project/run.sh')).mode & 0o777).toBe(0o755);
  expect(statSync(join(target, 'worker/project/lib/a.py')).mode & 0o777).toBe(0o644);
  expect(text(target, 'links').split('\0')).toEqual([
    ...['project/b.py', 'lib/a.py', 'project/only/ü l', '../lib'],
    ...['worker/project/b.py', 'lib/a.py', 'worker/project/only/ü l', '../lib'],
    '',
  ]);
  expect(existsSync(join(target, 'worker/project/b.py'))).toBe(false);
  expect(text(target, 'worker/project/common/inner/c.py')).toBe('c = 1\n');
  expect(lstatSync(join(target, 'worker/project/c.py')).isFile()).toBe(true);
  expect(statSync(join(target, 'project/model.bin')).size).toBe(17 * 1024 * 1024);
});

/** Names and contents of all files, but for the archive. */
const everything = (target: string) =>
  readdirSync(target, { recursive: true, encoding: 'utf8' })
    .filter(
      (path) =>
        path !== 'a.zip' && !path.startsWith('worker/gcd_worker') && lstatSync(join(target, path)).isFile(),
    )
    .map((path) => `${path}: ${text(target, path)}`)
    .join('\n');

describe('what is not meant for the image', () => {
  /** A project as a stranger could make it, in a home with secrets. */
  async function hostile() {
    const home = join(folder, 'home');
    await mkdir(join(home, '.aws'), { recursive: true });
    await mkdir(join(home, '.ssh'));
    await writeFile(join(home, '.aws/credentials'), 'CANARY-AWS');
    await writeFile(join(home, '.ssh/id_ed25519'), 'CANARY-SSH');
    await writeFile(join(home, 'diary.txt'), 'CANARY-DIARY');
    return home;
  }

  test.each([
    ['a file', 'diary.txt', 'model.pkl'],
    ['a folder', '', 'weights'],
    ['a folder, from below', '.aws', 'lib/weights'],
  ])('%s outside of the project that a link leads to is refused', async (_, to, link) => {
    const home = await hostile();
    await mkdir(dirname(join(project, link)), { recursive: true });
    await symlink(join(home, to), join(project, link));
    const error = await source().catch((one) => one);
    expect(error).toBeInstanceOf(ProjectInvalid);
    expect(error.message).toContain(`${link} is a link to ${join(home, to)}`.replace(/\/$/, ''));
    expect(error.hint).toContain(`follow_links: ["${link}"]`);
    await files({ '.gcdignore': `/${link}\n` });
    expect(everything(await unpacked(await source()))).not.toContain('CANARY');
  });

  test('a followed link takes no secrets along, and no link further on', async () => {
    const home = await hostile();
    await symlink(home, join(project, 'weights'));
    await symlink(join(home, '.aws/credentials'), join(project, 'model.pkl'));
    const one = await source({ followLinks: ['weights', 'model.pkl'] });
    expect(one.taken.leftOut.map(({ path }) => path).sort()).toEqual([
      'model.pkl',
      'weights/.aws/',
      'weights/.ssh/',
    ]);
    expect(everything(await unpacked(one))).not.toMatch(/CANARY-(AWS|SSH)/);
    await mkdir(join(folder, 'other'));
    await symlink(join(folder, 'other'), join(home, 'further'));
    await expect(source({ followLinks: ['weights', 'model.pkl'] })).rejects.toThrow(
      /weights\/further is a link/,
    );
  });

  test('what mostly holds secrets is left out of both places, and told', async () => {
    const secret = [
      ...['.env', '.env.production', 'lib/.env.local', '.netrc', '.npmrc', '.pypirc', '.git-credentials'],
      ...['key.pem', 'keys/id_rsa', 'id_ed25519', '.aws/credentials', '.ssh/config', '.venv/lib/x.py'],
    ];
    await files(Object.fromEntries(secret.map((path) => [path, 'CANARY'])));
    await files({ '.env.example': 'AWS_ACCESS_KEY_ID=', 'id_rsa.pub': 'public', 'environment.py': '' });
    const one = await source();
    const all = everything(await unpacked(one));
    expect(all).not.toContain('CANARY');
    expect(all).toContain('worker/project/.env.example');
    expect(all).toContain('worker/project/id_rsa.pub');
    expect(one.taken.leftOut).toHaveLength(secret.length);
    expect(one.taken.leftOut.every(({ why }) => why === 'secret')).toBe(true);
    expect(one.taken).toMatchObject({ files: 5, outside: [], takenBack: [] });
  });

  test('.gcdignore leaves out as .gitignore does, and takes back all but .env', async () => {
    await files({
      '.gcdignore': '# what I do not need there\n*.log\n/notes/\n!keep.log\n!ca.pem\n!.env\n',
      ...{ 'a.log': 'CANARY', 'keep.log': 'in', 'notes/x': 'CANARY', 'lib/notes/y': 'in' },
      ...{ 'lib/ca.pem': 'in', 'key.pem': 'in', '.env': 'CANARY' },
    });
    const one = await source();
    const all = everything(await unpacked(one));
    expect(all).not.toContain('CANARY');
    expect(all).toContain('worker/project/keep.log');
    expect(all).toContain('worker/project/lib/notes/y');
    expect(one.taken.takenBack).toEqual(['lib/ca.pem']);
    expect(one.taken.leftOut).toEqual([
      { path: '.env', why: 'secret' },
      { path: 'a.log', why: 'ignored' },
      { path: 'key.pem', why: 'secret' },
      { path: 'notes/', why: 'ignored' },
    ]);
  });

  test('an absolute link into the project leads to the copy, and no way around the list', async () => {
    await files({ '.env': 'CANARY', 'lib/a.py': 'a = 1\n' });
    await symlink(join(project, '.env'), join(project, 'innocent.txt'));
    await symlink(join(project, 'lib/a.py'), join(project, 'lib/b.py'));
    const target = await unpacked(await source());
    expect(everything(target)).not.toContain('CANARY');
    expect(text(target, 'links').split('\0').slice(0, 4)).toEqual([
      ...['project/innocent.txt', '.env', 'project/lib/b.py', 'a.py'],
    ]);
  });
});

test('a link that leads nowhere is named', async () => {
  await symlink('/nowhere/at/all', join(project, 'lost'));
  const error = await source().catch((one) => one);
  expect(error).toBeInstanceOf(ProjectInvalid);
  expect(error.message).toContain('lost');
});

test('the same files give the same bytes and the same digest', async () => {
  const [one, other] = [await source(), await source()];
  expect(one.digest).toMatch(/^[0-9a-f]{64}$/);
  expect(other.digest).toBe(one.digest);
  const sums = [];
  for (const each of [one, other]) {
    const sum = createHash('sha256');
    for await (const chunk of each.archive()) sum.update(chunk);
    sums.push(sum.digest('hex'));
  }
  expect(sums[1]).toBe(sums[0]);
});

test('files, links, modes, names, Python and platform are told apart by the digest', async () => {
  const digests = [(await source()).digest, (await source({ platform: 'linux/arm64' })).digest];
  digests.push((await source({ python: '3.11' })).digest);
  await files({ 'entrypoint.py': 'def entrypoint(): return {"a": 1}\n' });
  digests.push((await source()).digest);
  await chmod(join(project, 'entrypoint.py'), 0o755);
  digests.push((await source()).digest);
  await files({ 'more.py': '' });
  digests.push((await source()).digest);
  await symlink('more.py', join(project, 'link.py'));
  digests.push((await source()).digest);
  await rm(join(project, 'link.py'));
  await symlink('entrypoint.py', join(project, 'link.py'));
  digests.push((await source()).digest);
  expect(new Set(digests).size).toBe(digests.length);
});

test('an archive that is there is not written again', async () => {
  const store = new MemoryStore();
  const one = await source();
  await store.write(one.key, 'there');
  expect(await one.put(store)).toBe(`sources/${one.digest}.zip`);
  expect(String(await readAll(store, one.key))).toBe('there');
});

test.each([
  [null, '3.12-slim'],
  ['3.9', '3.9-slim'],
  ['3.11.7', '3.11.7-slim'],
  ['python3.10', '3.10-slim'],
  ['/opt/conda/bin/python', '3.12-slim'],
  ['3', '3.12-slim'],
])('python %j without a Dockerfile: python:%s', async (python, tag) => {
  const target = await unpacked(await source({ python }));
  expect(text(target, 'project/Dockerfile')).toContain(`/python:${tag}\n`);
});

test('packages are installed from a list that lies in the image', async () => {
  await files({
    'requirements.txt': '-r more/other.txt\n-c limits.txt\n./lib\nrequests @ git+https://example.org/r.git\n',
    'more/other.txt': 'numpy>=1.20  # why\n',
    'limits.txt': 'numpy<3\n',
    'lib/setup.py': '',
  });
  const target = await unpacked(await source());
  const dockerfile = text(target, 'project/Dockerfile');
  expect(dockerfile).toContain('COPY ["limits.txt","/tmp/gcd-sfn/limits.txt"]');
  expect(dockerfile).toContain('COPY ["lib","/tmp/gcd-sfn/lib"]');
  expect(dockerfile).toMatch(/install .* git /);
  expect(dockerfile).toContain(
    'RUN pip install --no-cache-dir -r /tmp/gcd-sfn/.gcd-sfn-image/requirements.txt\n',
  );
  expect(text(target, 'project/.gcd-sfn-image/requirements.txt').trim().split('\n')).toEqual([
    'numpy>=1.20',
    "-c '/tmp/gcd-sfn/limits.txt'",
    '/tmp/gcd-sfn/lib',
    'requests @ git+https://example.org/r.git',
  ]);
});

const block =
  '# necessary packages to build `server` and `worker`\nFlask==2.0.2\ncelery==5.2.1\npandas==1.3.5\n';

test("the predecessor's servers are left out, and its pins give way where they have no build", async () => {
  await files({ 'requirements.txt': `${block}\nnumpy\n`, 'entrypoint.py': 'import pandas\n' });
  const one = await source();
  const target = await unpacked(one);
  expect(one.notices).toEqual([
    'requirements.txt: left out 2 server packages of the predecessor (Flask, celery)',
  ]);
  const pinned = text(target, 'project/.gcd-sfn-image/requirements.txt');
  expect(pinned).toContain('pandas==1.3.5\n');
  expect(pinned).not.toMatch(/Flask|celery/);
  expect(text(target, 'project/.gcd-sfn-image/relaxed.txt')).toMatch(/^pandas$/m);
  expect(text(target, 'project/Dockerfile')).toMatch(
    /requirements\.txt \\\n {2}\|\| pip install .*relaxed\.txt\n$/,
  );
  // The project itself keeps what it has.
  expect(text(target, 'worker/project/requirements.txt')).toContain('Flask');
});

test("the project's own Dockerfile is taken as it is", async () => {
  const dockerfile = 'FROM debian:12\nCOPY requirements.txt /r.txt\n';
  await files({ Dockerfile: dockerfile, 'requirements.txt': `${block}\nnumpy\n` });
  const one = await source();
  const target = await unpacked(one);
  expect(text(target, 'project/Dockerfile')).toBe(dockerfile);
  expect(text(target, 'project/requirements.txt')).toContain('Flask');
  expect(one.notices).toEqual([]);
});

test("the predecessor's Dockerfile is migrated, and one line says so", async () => {
  await files({
    Dockerfile: 'FROM python:3.8\nCOPY gismoclouddeploy/server/ /app/server\nEXPOSE 5000\n',
    'requirements.txt': `${block}\nnumpy\n`,
    'entrypoint.py': 'import pandas\n',
  });
  const one = await source();
  const target = await unpacked(one);
  expect(text(target, 'project/Dockerfile')).not.toContain('gismoclouddeploy');
  expect(text(target, 'project/requirements.txt')).toBe('pandas==1.3.5\nnumpy\n');
  expect(one.notices).toHaveLength(2);
  expect(one.notices[1]).toContain('gcd-sfn init --migrate');
  expect(text(target, 'worker/project/Dockerfile')).toContain('gismoclouddeploy');
});
