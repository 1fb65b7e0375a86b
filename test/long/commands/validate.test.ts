/** Everything that is wrong with a project is told at once, without running anything. */
import { readdirSync } from 'node:fs';
import { afterEach, describe, expect, test } from '@jest/globals';
import { predecessors } from '../../faults/predecessor/projects.ts';
import { command, leftOver, newProject } from '../../support/cli/project.ts';

const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
  expect(leftOver()).toEqual([]);
});

interface Answer {
  ok: boolean;
  files: object[];
  checks: { what: string; state: string; says: string; hint?: string }[];
}

const good = {
  // Imported, it would end the process: it must only be compiled.
  'entrypoint.py': 'import os\nos._exit(9)\ndef entrypoint(**_):\n    return {}\n',
  'config.yaml': 'data_bucket: ./data\nprocess_column_keywords: Power\n',
  'data/a.csv': 'Time,Power,Power_2\n',
  'data/b.csv': 'Time,Wind\n',
};

async function validate(files: Record<string, string>, env: Record<string, string> = {}) {
  const project = await newProject(files);
  cleanUps.push(project.remove);
  const before = readdirSync(project.folder, { recursive: true });
  const { code, stdout, stderr } = await command(['validate', project.folder, '--json'], { env });
  expect(stderr).toBe('');
  expect(readdirSync(project.folder, { recursive: true })).toEqual(before);
  const { ok, checks, files: listed } = JSON.parse(stdout) as Answer;
  expect(ok).toBe(code === 0);
  const found = (state: string) =>
    Object.fromEntries(checks.filter((one) => one.state === state).map((one) => [one.what, one.says]));
  return {
    code,
    folder: project.folder,
    checks,
    files: listed,
    ok: found('ok'),
    notes: found('note'),
    wrong: found('wrong'),
  };
}

describe('gcd-sfn validate', () => {
  test('says what a run would take', async () => {
    const { code, ok, notes, wrong } = await validate(good);
    expect([code, notes, wrong]).toEqual([0, {}, {}]);
    expect(ok).toEqual({
      'config.yaml': '2 keys',
      Python: expect.stringMatching(/^3\.\d+\.\d+\S*, \//),
      'entrypoint.py': 'defines entrypoint',
      'requirements.txt': 'nothing to install',
      worker: expect.stringMatching(/^1 thread for numerical libraries .*\nmatplotlib draws with Agg/),
      runs: 'can be stored in .gcd',
      data: '1 file, 2 tasks; 1 file without a task\n  b.csv: none of its 2 columns matches: Time, Wind',
      columns: [
        'file    names    tasks   columns',
        'a.csv   line 1       2   Power, Power_2',
        'b.csv   line 1       0   none of its 2 columns matches: Time, Wind',
        '1 file, a.csv: names in line 1, commas, utf-8; nothing is below it; columns Time, Power, Power_2',
        '1 file, b.csv: names in line 1, commas, utf-8; nothing is below it; columns Time, Wind',
      ].join('\n'),
      time: 'how long it takes is not known: none of its tasks has run before',
    });
  });

  test('shows where the names of each kind of file were found, and what was passed over', async () => {
    const { code, ok, notes, files } = await validate({
      ...good,
      'config.yaml': 'data_bucket: ./data\nprocess_column_keywords: [Power, Wind, "GHI [W/m^2]"]\n',
      'data/c.csv': 'Station 7\nTime,Power\n1,2\n2,3\n',
      'data/d.csv': '1,2,3\n4,5,6\n',
      'data/.DS_Store': 'x',
      'data/.git/config': 'x',
      'data/._a.csv': 'x',
    });
    expect(code).toBe(0);
    expect(ok.columns?.split('\n').slice(-4)).toEqual([
      expect.stringMatching(/^1 file, b\.csv: names in line 1/),
      '1 file, c.csv: names in line 2, commas, utf-8; it is right above the data; columns Time, Power',
      '1 file, d.csv: no names, commas, utf-8; line 1 is data already; columns 0, 1, 2',
      'passed over: 3 hidden or system files: .DS_Store, ._a.csv, .git/config',
    ]);
    expect(notes).toEqual({
      keywords:
        'no column of any file matches the keyword "GHI [W/m^2]"; to find it as it stands, write \'GHI \\[W/m\\^2\\]\'',
    });
    expect(files).toEqual([
      { file: 'a.csv', columns: ['Power', 'Power_2'], table: expect.objectContaining({ header: 1 }) },
      { file: 'b.csv', columns: ['Wind'], table: expect.objectContaining({ header: 1 }) },
      {
        file: 'c.csv',
        columns: ['Power'],
        table: {
          header: 2,
          delimiter: ',',
          encoding: 'utf-8',
          why: 'it is right above the data',
          read_csv: { skiprows: 1 },
        },
      },
      {
        file: 'd.csv',
        columns: [],
        table: expect.objectContaining({ header: null }),
        why: 'none of its 3 columns matches: 0, 1, 2',
      },
    ]);
  });

  test('tells how long it takes, and a keyword of two meanings, as a dry run does', async () => {
    const project = await newProject({
      'entrypoint.py': 'import time\ndef entrypoint():\n    time.sleep(0.3)\n    return {}\n',
      'config.yaml': 'data_bucket: ./data\nprocess_column_keywords: T+\n',
      'data/a.csv': 'T+,x\n1,2\n',
      'data/b.csv': 'Time,x\n1,2\n',
    });
    cleanUps.push(project.remove);
    const { folder } = project;
    expect((await command(['start', '-p', folder, '-n', '0', '--yes'])).code).toBe(0);
    const answer = JSON.parse((await command(['validate', folder, '--json'])).stdout);
    const says = (what: string) => answer.checks.find((one: { what: string }) => one.what === what)?.says;
    expect(says('time')).toMatch(/^about .* with \d+ workers?, as its tasks took before$/);
    const mixed = `the keyword "T+" is the name of a column in 1 file, and an expression in 1 other, first b.csv; for the name alone, write 'T\\+'`;
    expect(says('keywords')).toBe(mixed);
    expect(answer.expected_seconds).toBeGreaterThan(0.29);
    expect(answer.plan).toMatchObject({ files: 2, tasks: 2, mixed: [{ keyword: 'T+', first: 'b.csv' }] });
    const dry = await command(['start', '-p', folder, '-n', '0', '--dry-run', '--json']);
    const { expected_seconds, workers, list } = JSON.parse(dry.stdout);
    expect({ expected_seconds, workers, list }).toEqual({
      ...{ expected_seconds: answer.expected_seconds, workers: answer.workers },
      list: answer.files,
    });
    expect((await command(['start', '-p', folder, '-n', '0', '--dry-run'])).stderr).toContain(mixed);
  });

  test('prints a list for people, in plain letters without UTF-8', async () => {
    const project = await newProject(good);
    cleanUps.push(project.remove);
    const { stdout } = await command(['validate'], { cwd: project.folder, env: { LC_ALL: 'C' } });
    expect(stdout).toMatch(/^ok config\.yaml {7}2 keys\nok Python {12}3\./);
  });

  test('tells of every mistake at once', async () => {
    const { code, wrong } = await validate({
      'entrypoint.py': 'def entrypoin(**_): pass\n',
      'config.yaml': 'data_bucket: ./data\nmax_node: 3\n\nspot: 7\n',
      'requirements.txt': 'numpy=2\n\n-r nowhere.txt\n',
    });
    expect(code).toBe(2);
    expect(wrong['config.yaml']).toMatch(
      /^config\.yaml:2:1: max_node is not.*\nconfig\.yaml:4:7: spot must be true or false, not 7$/,
    );
    expect(wrong['entrypoint.py']).toMatch(/entrypoint/);
    expect(wrong['requirements.txt']).toBe(
      'requirements.txt, line 3: nowhere.txt is missing in the project folder',
    );
  });

  test.each<[string, Record<string, string>, string, RegExp]>([
    ['no config.yaml', { 'entrypoint.py': good['entrypoint.py'] }, 'config.yaml', /There is no config\.yaml/],
    [
      'no entrypoint.py',
      { 'config.yaml': good['config.yaml'], 'data/a.csv': 'Power\n' },
      'entrypoint.py',
      /entrypoint\.py/,
    ],
    [
      'a function that is not Python',
      { ...good, 'entrypoint.py': 'def entrypoint(:\n' },
      'entrypoint.py',
      /line 1/,
    ],
    [
      'data that is not there',
      { ...good, 'config.yaml': 'data_bucket: ./date\n' },
      'data',
      /not there: .*date/,
    ],
    [
      'no column that matches',
      { ...good, 'config.yaml': 'data_bucket: ./data\nprocess_column_keywords: Sun\n' },
      'data',
      /no column to process: in 2 files/,
    ],
    [
      'a default file that is not there',
      { ...good, 'config.yaml': `${good['config.yaml']}default_process_files: [c.csv]\n` },
      'data',
      /default_process_files in config\.yaml is not in .*c\.csv/,
    ],
    [
      'a Python that is not there',
      { ...good, 'config.yaml': `${good['config.yaml']}python: "3.99"\n` },
      'Python',
      /no Python 3\.99/,
    ],
    [
      'lines that pip does not know',
      { ...good, 'requirements.txt': 'numpy\nnumpy pandas\n' },
      'requirements.txt',
      /^requirements\.txt:2: numpy pandas/,
    ],
  ])('finds %s', async (_, files, what, says) => {
    const { code, wrong } = await validate(files);
    expect([code, Object.keys(wrong)]).toEqual([2, [what]]);
    expect(wrong[what]).toMatch(says);
  });

  test('takes the files that start would take', async () => {
    const { ok } = await validate({
      ...good,
      'config.yaml': `${good['config.yaml']}default_process_files: a.csv\n`,
    });
    expect(ok.data).toBe('1 file, 2 tasks');
  });

  test('data that cannot be reached is no mistake in the project', async () => {
    const { code, wrong } = await validate(
      { ...good, 'config.yaml': 'data_bucket: s3://some-bucket\nregion: us-west-2\n' },
      {
        AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
        AWS_MAX_ATTEMPTS: '1',
        AWS_ACCESS_KEY_ID: 'x',
        AWS_SECRET_ACCESS_KEY: 'x',
      },
    );
    expect([code, Object.keys(wrong)]).toEqual([3, ['data']]);
  });

  test('notices what is left of the predecessor, and a licence that is not there', async () => {
    const { 'license/mosek.lic': _, ...files } = predecessors.solar!.files;
    const dockerfile = 'FROM python:3.8\nCOPY ./gismoclouddeploy/server .\n';
    const { code, ok, notes, checks } = await validate({ ...files, Dockerfile: dockerfile });
    expect([code, ok['requirements.txt']]).toEqual([0, '3 packages, installed when a run first needs them']);
    expect(notes).toEqual({
      'config.yaml': expect.stringMatching(
        /^obsolete and ignored: interval_of_wait_pod_ready .*interval_of_checking_sqs /,
      ),
      'requirements.txt': expect.stringMatching(/^has 11 packages of the predecessor's servers/),
      Dockerfile: expect.stringMatching(/servers/),
      solver: expect.stringMatching(/\/license\/mosek\.lic does not exist$/),
    });
    expect(checks.find(({ what }) => what === 'Dockerfile')?.hint).toContain('--migrate');
  });

  test.each([
    [['nowhere'], 'There is no folder'],
    [['.', '-p', '.'], 'given twice'],
  ])('refuses %j', async (args, says) => {
    const { code, stderr, stdout } = await command(['validate', ...args]);
    expect([code, stderr, stdout]).toEqual([2, expect.stringContaining(says), '']);
  });
});
