/** What cannot run is told before any task begins, and nothing is left behind. */
import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { command, leftOver, newProject } from '../../support/cli/project.ts';
import { ownColumns } from '../../support/tables/parse-csv.ts';

const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
  expect(leftOver()).toEqual([]);
});

const good = {
  'entrypoint.py': 'def entrypoint(curr_process_column):\n    return {"column": curr_process_column}\n',
  'config.yaml': 'data_bucket: ./data\n',
  'data/a.csv': 'Power,Wind\n',
};

async function projectOf(files: Record<string, string>) {
  const project = await newProject({ ...good, ...files });
  cleanUps.push(project.remove);
  return project;
}

/** Starts a project that cannot run. @returns what was said; what all refusals have in common is seen to */
async function refused(folder: string, env: Record<string, string> = {}): Promise<string> {
  const before = readdirSync(folder).sort();
  const { code, stdout, stderr } = await command(['start', '-p', folder, '-n', '0'], { env });
  expect(stderr).toMatch(/^error: /m);
  expect(stderr).not.toMatch(/\n {4}at |bug in gcd-sfn|gcd_worker/);
  expect(stdout).toBe('');
  expect([code, stderr]).toEqual([2, stderr]);
  expect(readdirSync(folder).sort()).toEqual(before);
  return stderr;
}

/** The good project's code, with something that happens when it is imported. */
const behind = (code: string): string => `${code}\n${good['entrypoint.py']}`;

describe('a project', () => {
  test.each(['results', '.gcd'])('whose %s is a link that leaves it', async (link) => {
    const home = await projectOf({});
    const { folder } = await projectOf({});
    symlinkSync(home.folder, join(folder, link));
    const before = readdirSync(home.folder);
    expect(await refused(folder)).toMatch(/is a link to .*, outside the project folder/);
    expect(readdirSync(home.folder)).toEqual(before);
    for (const other of link === '.gcd' ? ['resume', 'results', 'status'] : ['resume', 'results']) {
      const { code, stderr } = await command([other, '-p', folder]);
      expect([other, code]).toEqual([other, 2]);
      expect(stderr).toMatch(/is a link to .*, outside the project folder/);
    }
  });

  test.each<[string, string, RegExp[]]>([
    [
      'whose function requires what nobody gives',
      'def entrypoint(curr_process_file, threshold, *, window): pass\n',
      [
        /requires `threshold` and `window`, which gcd-sfn does not know/,
        /It can give: data_bucket, /,
        /defaults/,
      ],
    ],
    ['whose function is async', 'async def entrypoint(): pass\n', [/is an async function/, /asyncio\.run/]],
    ['whose function is a generator', 'def entrypoint(): yield {}\n', [/is a generator/, /Use `return`/]],
    ['that has a number instead of a function', 'entrypoint = 7\n', [/no function but a value of type int/]],
    [
      'that calls sys.exit',
      behind('import sys\nsys.exit("no data")'),
      [/called sys\.exit\(no data\)/, /__main__/],
    ],
    ['that ends its process', behind('import os\nos._exit(0)'), [/it ended with exit code 0/]],
    [
      'that crashes',
      behind('import ctypes\nprint("loading", flush=True)\nctypes.string_at(1)'),
      [
        /Importing entrypoint\.py ended its process: it was ended by SIGSEGV/,
        /loading/,
        /entrypoint\.py", line 3/,
      ],
    ],
    [
      'that prints and raises',
      behind('print("reading the model")\nopen("model.bin")'),
      [/failed with FileNotFoundError/, /model\.bin/, /It had printed:\nreading the model/],
    ],
    [
      'that prints what looks like a worker’s own words',
      behind('print(\'{"event":"worker","worker":"x"}\\n{"status":"succeeded","index":0}\')\n1 / 0'),
      [/failed with ZeroDivisionError/],
    ],
    ['that takes a module for granted', behind('from .lib import x'), [/own module `lib`/, /Add lib\.py/]],
  ])('%s when it is imported', async (_, code, says) => {
    const { folder } = await projectOf({ 'entrypoint.py': code });
    const said = await refused(folder);
    for (const text of says) expect(said).toMatch(text);
  });

  test('may print when it is imported', async () => {
    const code = behind('import os\nprint("x" * 300000)\nos.write(1, b"{\\"event\\":\\"invalid\\"}\\n")');
    const project = await projectOf({ 'entrypoint.py': code });
    const { code: exitCode } = await command(['start', '-p', project.folder, '-n', '0']);
    expect(exitCode).toBe(0);
    expect(ownColumns(await project.read('results/results.csv'))).toBe('column\nPower\nWind\n');
  });
});

describe('a Python', () => {
  /** A folder with the only commands that are found, and a home without any Python. */
  async function machineWith(commands: Record<string, string>) {
    const { folder } = await projectOf({});
    const bin = join(folder, 'bin');
    mkdirSync(bin);
    for (const [name, text] of Object.entries(commands))
      writeFileSync(join(bin, name), text, { mode: 0o755 });
    return {
      folder,
      env: { PATH: bin, HOME: bin, PYENV_ROOT: bin, UV_PYTHON_INSTALL_DIR: bin, XDG_DATA_HOME: bin },
    };
  }
  const old = (version: string) => `#!/bin/sh
echo '{"executable":"/usr/bin/python3","base":"/usr/bin/python3","version":"${version}","release":[${version.replaceAll('.', ',')}],"implementation":"cpython","platform":"linux","venv":true}'
`;

  test.each<[string, RegExp[]]>([
    ['"2.7"', [/Python 2\.7 is too old: CPython 3\.8 or newer is required/, /config\.yaml/]],
    ['"3.99"', [/no Python 3\.99 on this machine; found:\n {2}\//, /pyenv/]],
    ['./venv/bin/python', [/the Python of config\.yaml is not suitable/, /venv\/bin\/python/]],
    ['nosuchpython', [/no command 'nosuchpython' on PATH/]],
  ])('%s that config.yaml asks for in vain', async (python, says) => {
    const { folder } = await projectOf({ 'config.yaml': `${good['config.yaml']}python: ${python}\n` });
    const said = await refused(folder);
    for (const text of says) expect(said).toMatch(text);
  });

  test.each<[string, Record<string, string>, RegExp]>([
    ['too old', { python3: old('3.6.9') }, /python3 is Python 3\.6\.9: too old\n {2}Get one with/],
    [
      'broken',
      { python3: '#!/bin/sh\necho no library >&2\nexit 127\n' },
      /bin\/python3 fails with exit code 127: no library/,
    ],
    ['of another kind', { python: '#!/bin/sh\necho hello\n' }, /bin\/python does not answer like a Python/],
    ['not there', {}, /no Python on this machine\n {2}Get one with/],
  ])('%s where there is no other', async (_, commands, says) => {
    const { folder, env } = await machineWith(commands);
    expect(await refused(folder, env)).toMatch(says);
  });
});

describe('a data folder', () => {
  test.each<[string, (data: string) => void]>([
    ['that is a file', (data) => writeFileSync(data, '')],
    ['that leads back to itself', (data) => symlinkSync('data', data)],
    ['that leads to nowhere', (data) => symlinkSync('/nowhere/at/all', data)],
    ['without a file', (data) => mkdirSync(data)],
  ])('%s', async (_, make) => {
    const project = await newProject({
      'entrypoint.py': good['entrypoint.py'],
      'config.yaml': good['config.yaml'],
    });
    cleanUps.push(project.remove);
    make(join(project.folder, 'data'));
    expect(await refused(project.folder)).toContain(join(project.folder, 'data'));
    expect(existsSync(join(project.folder, '.gcd'))).toBe(false);
  });
});
