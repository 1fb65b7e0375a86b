/** uv installs what pip would install, or leaves it to pip. */
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { installWithUv } from '../../../../../../adapters/local/environments/install/uv.ts';
import { uvSettings } from '../../../../../../adapters/local/environments/install/uv-settings.ts';
import { temporary } from '../../../../../support/environments/temporary-projects.ts';

test("pip's settings in uv's words: variables before [install] before [global]", () => {
  const listed = [
    ":env:.find-links='/wheels /more'",
    ":env:.user='0'",
    ":env:.config-file='/dev/null'",
    ":env:.disable-pip-version-check='1'",
    "global.index-url='https://a.example/simple'",
    "install.index-url='https://b.example/simple'",
    "global.extra-index-url='\\nhttps://c.example/simple\\nhttps://d.example/simple'",
    "global.trusted-host='c.example'",
    "global.cert='/etc/own.pem'",
    "install.no-deps='false'",
    "download.no-index='true'",
    'A warning that pip prints.',
  ];
  const settings = uvSettings(listed, {
    HOME: '/h',
    UV_INDEX_URL: 'https://other.example',
    UV_CACHE_DIR: '/c',
  });
  expect(settings).toEqual({
    args: [
      ...['--find-links', '/wheels', '--find-links', '/more'],
      ...['--index-url', 'https://b.example/simple'],
      ...['--extra-index-url', 'https://c.example/simple', '--extra-index-url', 'https://d.example/simple'],
      ...['--allow-insecure-host', 'c.example'],
    ],
    env: { HOME: '/h', UV_CACHE_DIR: '/c', SSL_CERT_FILE: '/etc/own.pem' },
  });
  expect(uvSettings([":env:.index-url='https://e.example'", ...listed], {})?.args).toContain(
    'https://e.example',
  );
  expect(
    uvSettings([":env:.no-index='1'", ":env:.pre='yes'", ":env:.constraint='/c.txt'"], {})?.args,
  ).toEqual(['--no-index', '--prerelease', 'allow', '--constraints', '/c.txt']);
  expect(uvSettings([], { REQUESTS_CA_BUNDLE: '/own.pem' })?.env.SSL_CERT_FILE).toBe('/own.pem');
});

test.each([
  "global.no-build-isolation='1'",
  "install.only-binary=':all:'",
  ":env:.user='1'",
  "global.unheard-of='x'",
])('a setting that has no such word: %s', (line) => expect(uvSettings([line], {})).toBeUndefined());

/** Runs nothing; `answers` says what a command that has this word ends with. */
function scene(texts: string[], { uv = true, listed = [] as string[], code = 0, said = '' } = {}) {
  const folder = temporary();
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  if (uv) {
    writeFileSync(join(bin, 'uv'), '#!/bin/sh\n');
    chmodSync(join(bin, 'uv'), 0o755);
  }
  const commands: string[] = [];
  const env: Record<string, string> = { PATH: bin };
  const install = () =>
    installWithUv({
      home: join(folder, 'home'),
      requirementsFile: '/given.txt',
      entries: texts.map((text) => ({
        text,
        file: 'requirements.txt',
        line: 1,
        isPackage: true,
        fenced: text.startsWith('pandas'),
      })),
      cache: folder,
      env,
      renew: false,
      run: async (command) => {
        commands.push(command.join(' '));
        if (command.includes('list')) return { code: 0, output: listed };
        const [, target] = /--target (\S+)/.exec(commands.at(-1)!) ?? [];
        if (target && code === 0) {
          mkdirSync(join(target, 'bin'), { recursive: true });
          writeFileSync(join(target, 'bin/uv'), '#!/bin/sh\n');
          chmodSync(join(target, 'bin/uv'), 0o755);
        }
        return { code, output: [said] };
      },
    });
  return { folder, env, commands, install };
}

test('the list goes to uv with the settings of pip', async () => {
  const { install, commands } = scene(
    ['numpy==2.0', 'x @ git+https://a/b', '--extra-index-url https://a/b'],
    {
      listed: [":env:.find-links='/wheels'"],
      said: 'Installed 1 package',
    },
  );
  expect(await install()).toEqual({ output: ['Installed 1 package'], isChanged: true });
  expect(commands[1]).toMatch(
    /bin\/uv pip install .*--index-strategy unsafe-best-match --find-links \/wheels --python \S+\/home\/bin\/python --requirements \/given\.txt$/,
  );
});

test.each([
  ['pandas==1.3.5'],
  ['-e git+https://a/b#egg=b'],
  ['--trusted-host a'],
  ['--pre'],
  ['--require-hashes'],
])('what pip alone can do, or does otherwise: %s', async (text) => {
  const { install, commands } = scene(['six', text]);
  expect(await install()).toEqual({ output: undefined, isChanged: false });
  expect(commands).toEqual([]);
});

test('one line with a hash asks for all, as with pip', async () => {
  const { install, commands } = scene(['six==1 --hash=sha256:abc', 'numpy==2']);
  await install();
  expect(commands[1]).toContain('--require-hashes');
});

test('where settings and list both name an index, pip decides', async () => {
  const listed = ["global.index-url='https://a.example/simple'"];
  const { install, commands } = scene(['six', '--index-url https://b.example/simple'], { listed });
  expect(await install()).toEqual({ output: undefined, isChanged: false });
  expect(commands).toHaveLength(1);
  const more = scene(['six', '--extra-index-url https://b.example/simple'], { listed });
  expect((await more.install()).output).toBeDefined();
});

test('a failure leaves it to pip, and says whether anything was written', async () => {
  expect(await scene(['six'], { code: 2, said: 'error: unexpected argument' }).install()).toEqual({
    output: undefined,
    isChanged: false,
  });
  expect(await scene(['six'], { code: 1, said: 'Prepared 3 packages in 1s' }).install()).toEqual({
    output: undefined,
    isChanged: true,
  });
});

test('where there is none it is fetched once; where it cannot be had, not asked for again', async () => {
  const { install, commands, folder } = scene(['six'], { uv: false });
  await install();
  await install();
  expect(commands.filter((command) => command.includes('uv>=0.5,<1'))).toHaveLength(1);
  expect(existsSync(join(folder, 'tools/uv/bin/uv'))).toBe(true);
  expect(commands.filter((command) => command.includes('tools/uv/bin/uv pip install'))).toHaveLength(2);

  const none = scene(['six'], { uv: false, code: 1 });
  await none.install();
  await none.install();
  expect(none.commands.filter((command) => command.includes('--target'))).toHaveLength(1);
});

test('GCD_SFN_INSTALLER=pip, and an index that is not to be asked', async () => {
  const { install, commands, env } = scene(['six']);
  env.GCD_SFN_INSTALLER = 'pip';
  expect((await install()).output).toBeUndefined();
  expect(commands).toEqual([]);
  const offline = scene(['six'], { uv: false, listed: [":env:.no-index='1'"] });
  await offline.install();
  expect(offline.commands.filter((command) => command.includes('--target'))).toEqual([]);
});
