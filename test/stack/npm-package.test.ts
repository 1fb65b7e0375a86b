/** What a user gets from npm: it runs a project by itself, and has all that `deploy` needs. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { packageRoot } from '../support/cli/project.ts';

const { dependencies, scripts } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8'));
let files: string[];
/** The package as npm would install it. */
let installed: string;
let folder: string;

beforeAll(() => {
  const { stdout } = spawnSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: packageRoot,
    encoding: 'utf8',
    maxBuffer: 2 ** 24,
  });
  files = JSON.parse(stdout)[0].files.map(({ path }: { path: string }) => path);
  folder = mkdtempSync(join(tmpdir(), 'gcd npm '));
  const modules = join(folder, 'node_modules');
  installed = join(modules, 'gcd-sfn');
  for (const path of files) cpSync(join(packageRoot, path), join(installed, path));
  for (const name of Object.keys(dependencies))
    cpSync(join(packageRoot, 'node_modules', name), join(modules, name), { recursive: true });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (...args: string[]) =>
  spawnSync(process.execPath, [join(installed, 'bin/gcd-sfn.js'), ...args], {
    cwd: folder,
    encoding: 'utf8',
  });

test('the stack is packaged before npm packs, and not by who installs it', () => {
  expect(scripts.prepack).toBe('node scripts/package-stack.ts dist/stack');
  // What tells deploy that it is in a clone.
  expect(files).not.toContain('serverless.yml');
});

test('it has the worker, its image and the state machines, and nothing of runs and tests', () => {
  const worker = readdirSync(join(packageRoot, 'worker/gcd_worker'), { recursive: true, encoding: 'utf8' });
  const wanted = [
    ...worker.filter((name) => name.endsWith('.py')).map((name) => `worker/gcd_worker/${name}`),
    ...['worker/image/Dockerfile', 'worker/image/requirements.txt', 'schema/config.schema.json'],
    ...['state-machines/run.asl.yaml', 'state-machines/cleanup.asl.yaml'],
  ];
  expect(files).toEqual(expect.arrayContaining(wanted));
  // Folders `results` of the worker are sources; any other is of a run.
  const ofRuns = files.filter(
    (path) => /(^|\/)results\//.test(path) && !path.startsWith('worker/gcd_worker/'),
  );
  const ofTests = files.filter((path) => /(^|\/)(test|\.gcd|__pycache__|node_modules)\//.test(path));
  expect([...ofRuns, ...ofTests]).toEqual([]);
});

test("its programs hold none of the official Kubernetes client's code", () => {
  const programs = files.filter((path) => /^dist\/(?!stack\/).*\.js$/.test(path));
  expect(programs.length).toBeGreaterThan(10);
  // A name in each of its thousands of types.
  const found = programs.filter((path) =>
    readFileSync(join(packageRoot, path), 'utf8').includes('getAttributeTypeMap'),
  );
  expect(found).toEqual([]);
});

test('a project of its templates runs', () => {
  expect(run('init', '--template', 'sleep', 'x')).toMatchObject({ status: 0 });
  expect(run('start', '--project', 'x', '--yes')).toMatchObject({ status: 0 });
  expect(readdirSync(join(folder, 'x/results'))).toEqual(
    expect.arrayContaining(['results.csv', 'runtime.png']),
  );
});
