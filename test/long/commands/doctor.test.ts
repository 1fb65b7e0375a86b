/** What works on a machine, and what does not: on machines made of a few commands. */

import { once } from 'node:events';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { command, leftOver, newProject } from '../../support/cli/project.ts';
import { temporary } from '../../support/environments/temporary-projects.ts';

afterEach(() => expect(leftOver()).toEqual([]));

interface Check {
  what: string;
  state: string;
  says: string;
  hint?: string;
}

const python = (version: string, venv: boolean) => `#!/bin/sh
echo '{"executable":"/usr/bin/python3","base":"/usr/bin/python3","version":"${version}","release":[${version.replaceAll('.', ',')}],"implementation":"cpython","platform":"linux","venv":${venv}}'
`;

/** A folder with the only commands that are found, an empty home, and no word about AWS. */
function machine(commands: Record<string, string> = {}) {
  const folder = temporary();
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  for (const [name, text] of Object.entries(commands)) {
    writeFileSync(join(bin, name), text);
    chmodSync(join(bin, name), 0o755);
  }
  const aws = Object.keys(process.env).filter((name) => name.startsWith('AWS_'));
  const env: Record<string, string> = {
    ...Object.fromEntries(aws.map((name) => [name, ''])),
    PATH: bin,
    HOME: folder,
    PYENV_ROOT: bin,
    UV_PYTHON_INSTALL_DIR: bin,
    XDG_CACHE_HOME: join(folder, 'cache'),
    XDG_DATA_HOME: bin,
  };
  return { folder, bin, env };
}

async function doctor(place: { folder: string; env: Record<string, string> }, ...args: string[]) {
  const { code, stdout, stderr } = await command(['doctor', '--json', ...args], {
    cwd: place.folder,
    env: place.env,
  });
  expect(stderr).toBe('');
  const { checks } = JSON.parse(stdout) as { checks: Check[] };
  return { code, of: (what: string) => checks.find((check) => check.what === what), checks };
}

const good = { python3: python('3.12.4', true), docker: '#!/bin/sh\necho 27.1.1\n' };

describe('gcd-sfn doctor', () => {
  test('a machine that has everything', async () => {
    const place = machine(good);
    writeFileSync(
      join(place.folder, '.env'),
      'AWS_ACCESS_KEY_ID=AKIAEXAMPLE\nAWS_SECRET_ACCESS_KEY=hush\nAWS_REGION=us-west-2\n',
    );
    const { code, of, checks } = await doctor(place);
    expect(code).toBe(0);
    expect(
      checks.filter(({ what, state }) => state !== 'ok' && what !== 'disk' && what !== 'machine'),
    ).toEqual([]);
    expect(of('Node')?.says).toBe(process.version.slice(1));
    expect(of('Python')?.says).toBe('3.12.4, /usr/bin/python3');
    expect(of('Docker')?.says).toBe('27.1.1');
    expect(of('cache')?.says).toBe(join(place.folder, 'cache/gcd-sfn/environments'));
    expect(of('AWS')?.says).toMatch(/^keys in the environment or \.env, region us-west-2;/);
    expect(JSON.stringify(checks)).not.toMatch(/AKIA|hush/);
  });

  test('what is only missing for some things is a note', async () => {
    const { code, of } = await doctor(machine({ python3: python('3.12.4', false) }));
    expect(code).toBe(0);
    expect(of('venv')).toMatchObject({
      state: 'note',
      hint: expect.stringContaining('apt install python3-venv'),
    });
    expect(of('Docker')).toMatchObject({ state: 'note', says: expect.stringContaining('is not installed') });
    expect(of('AWS')).toMatchObject({ state: 'note', says: expect.stringContaining('no credentials found') });
  });

  test.each<[string, Record<string, string>, string]>([
    ['no Python', {}, 'no Python on this machine'],
    ['an old Python', { python3: python('3.6.9', true) }, 'is Python 3.6.9: too old'],
  ])('%s: nothing can run', async (_, commands, says) => {
    const { code, of } = await doctor(machine(commands));
    expect([code, of('Python')?.state, of('Python')?.says]).toEqual([
      3,
      'wrong',
      expect.stringContaining(says),
    ]);
    expect(of('Python')?.hint).toContain('sudo apt install python3');
    expect(of('venv')).toBeUndefined();
  });

  test('a cache that is no folder: nothing can run', async () => {
    const place = machine(good);
    writeFileSync(join(place.folder, 'cache'), '');
    const { code, of } = await doctor(place);
    expect([code, of('cache')?.state]).toEqual([3, 'wrong']);
    expect(of('cache')?.hint).toContain('XDG_CACHE_HOME');
  });

  test.each([
    [
      'says why',
      'echo "Cannot connect to the Docker daemon" >&2; exit 1',
      'does not work: Cannot connect to the Docker daemon',
    ],
    ['ends without a word', 'exit 4', 'does not work: exit code 4'],
  ])('a Docker that does not work %s', async (_, script, says) => {
    const { code, of } = await doctor(machine({ ...good, docker: `#!/bin/sh\n${script}\n` }));
    expect([code, of('Docker')?.state, of('Docker')?.says]).toEqual([
      0,
      'note',
      expect.stringContaining(says),
    ]);
  });

  test.each<[string, Record<string, string>, string | RegExp]>([
    ['the default profile', {}, /^profile default, no region/],
    ['the profile that is named', { AWS_PROFILE: 'lab' }, /^profile lab,/],
    ['no profile of that name', { AWS_PROFILE: 'other' }, /^no credentials found/],
    [
      'a role of the container',
      { AWS_PROFILE: 'other', AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://x' },
      /^a container's role/,
    ],
  ])('AWS: %s', async (_, env, says) => {
    const place = machine(good);
    mkdirSync(join(place.folder, '.aws'));
    writeFileSync(join(place.folder, '.aws/credentials'), '[default]\naws_access_key_id = AKIAEXAMPLE\n');
    writeFileSync(join(place.folder, '.aws/config'), '[profile lab]\nsso_session = x\n');
    const { of } = await doctor({ ...place, env: { ...place.env, ...env } });
    expect(of('AWS')?.says).toMatch(says);
  });

  test('--network asks the index that pip would ask, else nobody is asked', async () => {
    const asked: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url);
      response.statusCode = request.url === '/simple/pip/' ? 200 : 404;
      response.end();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const place = {
      folder: temporary(),
      env: { PIP_INDEX_URL: `http://127.0.0.1:${port}/simple/`, PIP_NO_INDEX: '', no_proxy: '127.0.0.1' },
    };
    expect((await doctor(place)).of('packages')).toBeUndefined();
    expect(asked).toEqual([]);
    expect((await doctor(place, '--network')).of('packages')).toMatchObject({ state: 'ok' });
    expect(asked).toEqual(['/simple/pip/']);
    await new Promise((resolve) => server.close(resolve));
    const { code, of } = await doctor(place, '--network');
    expect([code, of('packages')?.state, of('packages')?.says]).toEqual([
      0,
      'note',
      expect.stringContaining('cannot be reached'),
    ]);
    const offline = await doctor({ ...place, env: { PIP_NO_INDEX: '1' } }, '--network');
    expect(offline.of('packages')?.says).toContain('PIP_NO_INDEX');
  });

  test('-p: packages cannot be installed without venv', async () => {
    const project = await newProject({
      'config.yaml': 'data_bucket: ./data\n',
      'entrypoint.py': 'def entrypoint(**_): pass\n',
      'requirements.txt': 'numpy\n',
      'data/a.csv': 'a\n',
    });
    const place = machine({ python3: python('3.12.4', false) });
    const { code, of } = await doctor(place, '-p', project.folder);
    expect([code, of('requirements.txt')]).toEqual([
      3,
      {
        what: 'requirements.txt',
        state: 'wrong',
        says: expect.stringContaining('cannot create virtual environments'),
        hint: expect.stringContaining('python3-venv'),
      },
    ]);
    await project.remove();
  });

  test('-p looks at a project, too', async () => {
    const project = await newProject({ 'config.yaml': 'data_bucket: ./data\n', 'entrypoint.py': 'x = 1\n' });
    const { code, of } = await doctor({ folder: temporary(), env: {} }, '-p', project.folder);
    expect(code).toBe(2);
    expect(of('entrypoint.py')?.state).toBe('wrong');
    expect(of('data')?.state).toBe('wrong');
    await project.remove();
    const gone = await command(['doctor', '-p', project.folder]);
    expect([gone.code, gone.stderr]).toEqual([2, expect.stringContaining('There is no folder')]);
  });
});
