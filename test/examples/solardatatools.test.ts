import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { packageRoot } from '../support/cli/project.ts';
import { committedPicture, drawn, Example, expectAsShown, readmeTable } from './example.ts';

// One worker, so that the packages are imported once.
const oneTask = ['-s', '1', '-f', 'serf_east_2016.csv'];

const day = (text: string): number => Date.parse(text) / 86_400_000;

test('it finds in the measurements what its README shows, and a second run needs nothing', async () => {
  await using example = await Example.copy('solardatatools');
  const results = await example.results();
  expectAsShown(results, await readmeTable('solardatatools', 'clock_changes'), {
    // Percent of days: a few days on the edge.
    quality_percent: 1,
    clear_days_percent: 2,
    clipped_days_percent: 1.5,
  });
  expect(drawn(await example.picture())).toEqual(drawn(await committedPicture('solardatatools')));
  // Summer time of those years in Colorado, to the day before or after.
  const changes = results.flatMap(({ clock_changes = '' }) => clock_changes.split(', '));
  for (const [date, jump] of [
    ['2012-03-11', '+1'],
    ['2012-11-04', '-1'],
    ['2013-03-10', '+1'],
    ['2013-11-03', '-1'],
  ] as const)
    expect(changes.filter((one) => isAbout(one, date, jump, 1))).toHaveLength(1);
  // Without the mended function of cvxpy it is more than 5 GB.
  for (const { peak_memory_bytes } of await example.table('logs.csv'))
    expect(Number(peak_memory_bytes)).toBeLessThan(0.8e9);

  const again = await example.start(...oneTask);
  expect(again.code).toBe(0);
  expect(again.stderr).not.toMatch(/install/);
});

/** Whether `2012-03-10 +1 h` is a jump of the clock near a date. */
function isAbout(change: string, date: string, jump: string, days: number): boolean {
  const [on = '', by] = change.split(' ');
  return by === jump && Math.abs(day(on) - day(date)) <= days;
}

test('it finds the size, the clipping, the wrong clock and the missing modules of made-up systems', async () => {
  await using example = await Example.withPower('solardatatools', {
    'clipped.csv': { 'Power(W)': { clip_watts: 4200, seed: 2 } },
    'lessened.csv': { 'Power(W)': { drop: [200, 0.65], seed: 4 } },
    'shifted.csv': { 'Power(W)': { shift: [120, 240, 1], seed: 3 } },
    'sizes.csv': { 'Power(W)': { watts: 5000 }, 'Power 2(W)': { watts: 10000 } },
  });
  const results = await example.results();
  expect(results.map(({ file, column }) => [file, column])).toEqual([
    ['clipped.csv', 'Power(W)'],
    ['lessened.csv', 'Power(W)'],
    ['shifted.csv', 'Power(W)'],
    ['sizes.csv', 'Power(W)'],
    ['sizes.csv', 'Power 2(W)'],
  ]);
  const [clipped, lessened, shifted, single, double] = results;

  expect(clipped).toMatchObject({ clipping: 'True' });
  const levels: number[] = JSON.parse(clipped!.clip_levels!);
  expect(levels.filter((level) => Math.abs(level - 4200) < 42)).toHaveLength(1);
  // It reaches its limit in more than a twentieth of all hours, so its 95th percentile is that limit.
  expect(Number(clipped!.capacity)).toBeCloseTo(4200, 0);

  expect(lessened).toMatchObject({ capacity_changes: 'True', clock_changes: '' });
  expect(single).toMatchObject({ capacity_changes: 'False', clock_changes: '' });
  expect(Number(double!.capacity) / Number(single!.capacity)).toBeCloseTo(2, 2);

  // The 120th day after 1 January is 1 May, the 240th is 29 August.
  const [begin = '', end = '', ...more] = shifted!.clock_changes!.split(', ');
  expect(isAbout(begin, '2019-05-01', '+1', 10)).toBe(true);
  expect(isAbout(end, '2019-08-29', '-1', 10)).toBe(true);
  expect(more).toEqual([]);
});

test.each([
  ['MOSEK', /MOSEK, but the package mosek is not installed: write mosek==[\d.]+ into requirements\.txt/],
  ['GLUE', /solver_name in config\.yaml is GLUE, but installed are CLARABEL/],
])('with solver_name %s, which is not there, each task says so', async (solver, message) => {
  await using example = await Example.copy('solardatatools');
  await example.configure(`solver_name: ${solver}`);
  const { code } = await example.start(...oneTask);
  expect(code).toBe(1);
  const errors = await example.table('error.csv');
  expect(errors.map((error) => error.message)).toEqual([expect.stringMatching(message)]);
});

test('with mosek installed, it takes the licence that config.yaml names', async () => {
  await using example = await Example.copy('solardatatools');
  expect((await example.start(...oneTask)).code).toBe(0);
  const python = await example.python();
  // Beside the packages that are there already, since an environment of its own would be another gigabyte.
  const beside = join(example.folder, 'beside');
  const wanted = /mosek==[\d.]+/.exec(readFileSync(join(example.folder, 'requirements.txt'), 'utf8'))![0];
  execFileSync(python, ['-m', 'pip', 'install', '--quiet', '--no-deps', '--target', beside, wanted]);
  await example.write(
    'mine.lic',
    'FEATURE PTS MOSEKLM 11 permanent uncounted VENDOR_STRING=1 HOSTID=ANY SIGN=0\n',
  );
  const code = `
import sys
from solvers import choose_solver
try:
    choose_solver("MOSEK", sys.argv[1])
except RuntimeError as error:
    print(error)`;
  const licence = join(example.folder, 'mine.lic');
  const output = execFileSync(python, ['-B', '-c', code, licence], {
    cwd: example.folder,
    encoding: 'utf8',
    env: { ...process.env, PYTHONPATH: beside },
  });
  expect(output).toMatch(
    /^MOSEK is installed, but does not run with the licence in the file that solver_lic_file/,
  );
  expect(output).toContain(licence);
});

test('another open solver works by its name, and agrees', async () => {
  await using example = await Example.copy('solardatatools');
  await example.configure('solver_name: scs');
  expect((await example.start(...oneTask)).code).toBe(0);
  const [row] = await example.table('results.csv');
  const shown = await readmeTable('solardatatools', 'clock_changes');
  const { capacity } = shown.find(({ file }) => file === 'serf_east_2016.csv')!;
  expect(row).toMatchObject({ solver: 'SCS', capacity });
});

test('the function of cvxpy that is mended answers as before, without making anything dense', async () => {
  await using example = await Example.copy('solardatatools');
  // So that the packages are there, whichever test runs first.
  expect((await example.start(...oneTask)).code).toBe(0);
  const code = `
import numpy as np, scipy.sparse as sp
from cvxpy.utilities import linalg
theirs = linalg.is_diagonal
import solvers
cases = [sp.eye_array(5, format="csc"), sp.csc_array([[1.0, 2], [0, 3]]), sp.csc_array([[1.0, 1e-12], [0, 3]]),
         sp.csc_array((3, 3)), np.eye(4), np.array([[1.0, 2], [2, 1]])]
print([bool(theirs(case)) == bool(linalg.is_diagonal(case)) for case in cases], linalg.is_diagonal is not theirs)
print(linalg.is_diagonal(sp.eye_array(200_000, format="csc")))`;
  const output = execFileSync(await example.python(), ['-B', '-c', code], {
    cwd: example.folder,
    encoding: 'utf8',
  });
  // A dense square of that side would take 320 GB.
  expect(output).toBe('[True, True, True, True, True, True] True\nTrue\n');
});

test('both examples that need a solver have the same module for it', () => {
  const [one, other] = ['solardatatools', 'stasticclearsky'].map((name) =>
    readFileSync(join(packageRoot, 'examples', name, 'solvers.py'), 'utf8'),
  );
  expect(one).toBe(other);
});
