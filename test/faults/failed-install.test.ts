/** Installing that fails, or is interrupted, says why and leaves nothing; installing that takes its time says so, but not often. */
import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from '@jest/globals';
import { until } from '../support/cli/project.ts';
import { temporary } from '../support/environments/temporary-projects.ts';
import { makeWheel } from '../support/environments/wheels.ts';
import { ownColumns } from '../support/tables/parse-csv.ts';
import { prepared } from './predecessor/prepared.ts';

const wheels = temporary();
makeWheel(wheels, { name: 'barley', version: '1.0' });

const files = {
  'entrypoint.py': 'import barley\ndef entrypoint(): return {"barley": barley.version}\n',
  'requirements.txt': 'barley\n',
  'config.yaml': 'data_bucket: ./data\n',
  'data/a.csv': 'Power\n',
};

/** A package in the project's folder whose build does this; it brings its own tool, so nothing is fetched. */
const building = (code: string) => ({
  ...files,
  'requirements.txt': 'barley\n./lib\n',
  'lib/pyproject.toml':
    '[project]\nname = "lib"\nversion = "1"\n[build-system]\nrequires = []\nbuild-backend = "tool"\nbackend-path = ["."]\n',
  'lib/tool.py': `import os, sys, time\ndef build_wheel(folder, *others):\n    ${code}\n`,
});

/** What of virtual environments there is in a cache: nothing half made may be. */
const kept = (cache: string): string[] =>
  readdirSync(cache, { recursive: true, encoding: 'utf8' }).filter((path) =>
    /pyvenv\.cfg|complete\.json/.test(path),
  );

test.each<[string, Record<string, string>, RegExp[]]>([
  [
    'a package that is not to be had',
    { ...files, 'requirements.txt': 'barley\nnosuchgrain==3\n' },
    [
      /^error: requirements\.txt: a package was not found$/m,
      /ERROR: .*nosuchgrain==3/,
      /^ {2}Check its name/m,
    ],
  ],
  [
    'a package that cannot be built',
    building('sys.exit("no compiler for barley")'),
    [/^error: requirements\.txt: .*could not be compiled$/m, /no compiler for barley/, /build-essential/],
  ],
  [
    'a line that is no requirement',
    { ...files, 'requirements.txt': 'barley\nbarley = = 1\n' },
    [/^error: requirements\.txt: a line is invalid$/m, /barley = = 1/, /requirements\.txt, line 2/],
  ],
])('%s', async (_, broken, says) => {
  const { project, cache, start } = await prepared(broken, wheels);
  const before = readdirSync(project.folder).sort();
  const { code, stdout, stderr } = await start('-n', '0');
  for (const text of says) expect(stderr).toMatch(text);
  expect(stderr).not.toMatch(/bug|\n {4}at /);
  expect(stdout).toBe('');
  expect(code).toBe(3);
  expect(readdirSync(project.folder).sort()).toEqual(before);
  expect(kept(cache)).toEqual([]);
  // The whole of what pip said is where the message says.
  expect(existsSync(/Complete output of pip: (.*)/.exec(stderr)![1]!)).toBe(true);
});

test('once requirements.txt is mended, the packages are installed', async () => {
  const { project, cache, start } = await prepared({ ...files, 'requirements.txt': 'nosuchgrain\n' }, wheels);
  expect((await start('-n', '0')).code).toBe(3);
  await project.write('requirements.txt', 'barley\n');
  expect((await start('-n', '0')).code).toBe(0);
  expect(ownColumns(await project.read('results/results.csv'))).toBe('barley\n1.0\n');
  expect(
    kept(cache)
      .map((path) => basename(path))
      .sort(),
  ).toEqual(['complete.json', 'pyvenv.cfg']);
});

test.each(['SIGINT', 'SIGTERM'] as const)('%s while a package is built', async (signal) => {
  const built = join(temporary(), 'built');
  const code = `open(${JSON.stringify(built)}, "w").close(); time.sleep(1000)`;
  const { project, cache, begin } = await prepared(building(code), wheels);
  const before = readdirSync(project.folder).sort();
  const started = begin('-n', '0');
  await until(() => existsSync(built), 'the build');
  started.process.kill(signal);
  const { code: exitCode, stderr } = await started.finished;
  expect(stderr).toMatch(/interrupted before any task ran\n$/);
  expect(stderr).not.toMatch(/bug|\n {4}at /);
  expect(exitCode).toBe(130);
  expect(readdirSync(project.folder).sort()).toEqual(before);
  expect(kept(cache)).toEqual([]);
});

test('without a terminal a slow build is told of, but not at each look at it', async () => {
  const { start } = await prepared(building('time.sleep(2); sys.exit("enough")'), wheels);
  const { stderr } = await start('-n', '0');
  const told = stderr.split(/^error:/m)[0]!.match(/^.*, \d+ s$/gm) ?? [];
  expect(told[0]).toBe('preparing to install packages, 0 s');
  expect(told.length).toBeLessThan(5);
});
