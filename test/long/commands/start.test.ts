import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import {
  command,
  leftOver,
  newProject,
  packageRoot,
  startCommand,
  until,
} from '../../support/cli/project.ts';
import { ownColumns } from '../../support/tables/parse-csv.ts';

const config = 'data_bucket: ./data\nprocess_column_keywords: ["Power"]\n';
const entrypoint = `
import os, time
def entrypoint(data_bucket, curr_process_file, curr_process_column, data_file):
    if "fail" in curr_process_file:
        print("about to fail")
        raise ValueError("no good: " + curr_process_column)
    return {"file": curr_process_file, "column": curr_process_column, "bytes": os.path.getsize(data_file)}
`;
const data = {
  'data/a.csv': 'Time,Power(W),Power_2(W)\n',
  'data/b.csv': 'Power\n1\n',
  'data/x.txt': 'Time;Wind\n',
};

const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
  expect(leftOver()).toEqual([]);
});
async function projectOf(files: Record<string, string>) {
  const made = await newProject(files);
  cleanUps.push(made.remove);
  return made;
}

describe('gcd-sfn start', () => {
  test('the sleep example leaves the six files and exit code 0', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'gcd-sleep-'));
    cleanUps.push(() => rm(folder, { recursive: true }));
    const notOurs = /results|\.gcd|__pycache__/;
    await cp(join(packageRoot, 'examples/sleep'), folder, {
      recursive: true,
      filter: (path) => !notOurs.test(path),
    });
    const config = join(folder, 'config.yaml');
    await writeFile(
      config,
      (await readFile(config, 'utf8')).replace('SLEEP_SECONDS: "0.5"', 'SLEEP_SECONDS: "0"'),
    );
    const { code, stdout, stderr } = await command(['start', '--project', folder]);
    expect(stderr).toContain('3 files, 5 tasks');
    expect(code).toBe(0);
    expect(stdout).toMatch(/Total tasks +5\n/);
    const names = ['error.csv', 'files', 'files.csv', 'logs.csv', 'performance.txt', 'report.html'];
    expect(readdirSync(join(folder, 'results')).sort()).toEqual([...names, 'results.csv', 'runtime.png']);
    expect(stdout.trimEnd()).toBe(
      (await readFile(join(folder, 'results/performance.txt'), 'utf8')).trimEnd(),
    );
    const rows = (await readFile(join(folder, 'results/results.csv'), 'utf8')).trimEnd().split('\n');
    expect(rows).toHaveLength(6);
    expect((await readFile(join(folder, 'results/runtime.png'))).subarray(1, 4).toString()).toBe('PNG');
  });

  test('a task that fails is told at once, in error.csv, and by exit code 1', async () => {
    const project = await projectOf({
      'entrypoint.py': entrypoint,
      'config.yaml': config,
      ...data,
      'data/fail.csv': 'Power\n',
    });
    const { code, stderr } = await command(['start', '-p', project.folder, '-n', '0']);
    expect(code).toBe(1);
    expect(stderr).toContain('first failure: fail.csv, Power: ValueError: no good: Power');
    expect(stderr).toContain(
      'left out: 1 file without a task\n  x.txt: none of its 2 columns matches: Time, Wind',
    );
    expect(ownColumns(await project.read('results/results.csv'))).toBe(
      'file,column,bytes\na.csv,Power(W),25\na.csv,Power_2(W),25\nb.csv,Power,8\n',
    );
    const error = await project.read('results/error.csv');
    expect(error).toContain('fail.csv,Power,');
    expect(error).toContain('exception,ValueError,no good: Power');
    expect(error).toContain('in entrypoint\n    raise ValueError(""no good: "" + curr_process_column)\n');
    expect(error).toContain('about to fail');
  });

  test('files without a task are counted, the first are named, all are in a file', async () => {
    const project = await projectOf({ 'entrypoint.py': entrypoint, 'config.yaml': config, ...data });
    for (let n = 1; n <= 6; n++) await project.write(`data/y${n}.csv`, 'Wind\n');
    const { code, stderr } = await command(['start', '-p', project.folder, '-n', '0', '--name', 'some']);
    expect(code).toBe(0);
    const [, path = ''] =
      /left out: 7 files without a task\n(?: {2}.+\n){5} {2}… and 2 more files; all of them: (.+)/.exec(
        stderr,
      ) ?? [];
    const lines = (await readFile(join(tmpdir(), path), 'utf8')).trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line).file).sort()).toEqual([
      'x.txt',
      ...[1, 2, 3, 4, 5, 6].map((n) => `y${n}.csv`),
    ]);
  });

  test('the predecessor’s name, -n, -f, -s, -r, --name and --json', async () => {
    const project = await projectOf({ 'entrypoint.py': entrypoint, 'config.yaml': config, ...data });
    const first = await command(['run-files', '-n', '1', '-s', '1', '-r', '2', '--name', 'mine', '--json'], {
      cwd: project.folder,
    });
    expect(first.code).toBe(0);
    expect(JSON.parse(first.stdout)).toMatchObject({ run: 'mine', succeeded: 4, failed: 0, unfinished: 0 });
    expect((await project.read('results/logs.csv')).split('\n')).toHaveLength(1 + 4 + 1);
    const second = await command(['start', '-f', 'b.csv'], { cwd: project.folder });
    expect(second.code).toBe(0);
    expect(ownColumns(await project.read('results/results.csv'))).toBe('file,column,bytes\nb.csv,Power,8\n');
    expect(readdirSync(join(project.folder, '.gcd/runs'))).toHaveLength(2);
  });

  test('--dry-run shows the plan and leaves nothing behind', async () => {
    const project = await projectOf({ 'entrypoint.py': entrypoint, 'config.yaml': config, ...data });
    const { code, stderr } = await command([
      'start',
      '-p',
      project.folder,
      '-n',
      '0',
      '--dry-run',
      '-s',
      '3',
    ]);
    expect(code).toBe(0);
    expect(stderr).toContain('2 files, 3 tasks, in 3 batches for 3 workers');
    expect(stderr).toContain('a.csv   line 1       2   Power');
    expect(stderr).toMatch(/how long it takes is not known/);
    expect(readdirSync(project.folder).sort()).toEqual(['config.yaml', 'data', 'entrypoint.py']);
  });

  test('--dry-run --json has every file with its columns', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 30 }, (_, n) => [`data/f${10 + n}.csv`, 'Time,Power\n1,2\n']),
    );
    const files = { 'entrypoint.py': entrypoint, 'config.yaml': 'data_bucket: ./data\n', ...many };
    const { folder } = await projectOf(files);
    const { stdout } = await command(['start', '-p', folder, '-n', '0', '--dry-run', '--json']);
    const { list, kinds } = JSON.parse(stdout);
    expect(list).toHaveLength(30);
    expect(list[29]).toMatchObject({ file: 'f39.csv', columns: ['Time', 'Power'], table: { header: 1 } });
    expect(kinds).toMatchObject({ count: 1, first: [{ files: 30, tasks: 60, first: 'f10.csv' }] });
    const { stderr } = await command(['start', '-p', folder, '-n', '0', '--dry-run']);
    expect(stderr).toMatch(/\nf19\.csv .*\n… 17 more files; --json shows all\nf37\.csv /);
  });

  test('hidden files, a keyword that matches nothing, and files as a whole', async () => {
    const files = {
      'entrypoint.py': entrypoint,
      ...data,
      'data/.DS_Store': 'x',
      'data/__MACOSX/._a.csv': 'x',
    };
    const two = await projectOf({
      ...files,
      'config.yaml': 'data_bucket: ./data\nprocess_column_keywords: [Power, Sun]\n',
    });
    const { stderr } = await command(['start', '-p', two.folder, '-n', '0']);
    expect(stderr).toContain('no column of any file matches the keyword "Sun"');
    expect(stderr).toContain('passed over: 2 hidden or system files: .DS_Store, __MACOSX/._a.csv');
    const whole = await projectOf({
      ...files,
      'config.yaml': 'data_bucket: ./data\nprocess_column_keywords: none\n',
    });
    expect((await command(['start', '-p', whole.folder, '-n', '0'])).code).toBe(0);
    expect(
      (await whole.read('results/logs.csv')).split('\n').map((line) => line.split(',').slice(0, 2)),
    ).toEqual([['file_name', 'column_name'], ['a.csv', ''], ['b.csv', ''], ['x.txt', ''], ['']]);
  });

  test.each<[string, Record<string, string>, string[], number, string]>([
    ['no entrypoint.py', { 'config.yaml': config, ...data }, [], 2, 'entrypoint.py'],
    ['no config', { 'entrypoint.py': entrypoint }, [], 2, 'config.yaml'],
    [
      'a syntax error',
      { 'entrypoint.py': 'def entrypoint(:\n', 'config.yaml': config, ...data },
      ['-n', '0'],
      2,
      'line 1',
    ],
    [
      'no function',
      { 'entrypoint.py': 'x = 1\n', 'config.yaml': config, ...data },
      ['-n', '0'],
      2,
      'entrypoint',
    ],
    [
      'a missing module',
      { 'entrypoint.py': `import nowhere_to_be_found\n${entrypoint}`, 'config.yaml': config, ...data },
      ['-n', '0'],
      2,
      'nowhere_to_be_found',
    ],
    [
      'an unknown key',
      { 'entrypoint.py': entrypoint, 'config.yaml': `${config}task_timout: 5\n`, ...data },
      [],
      2,
      'task_timeout',
    ],
    [
      'no file that matches',
      { 'entrypoint.py': entrypoint, 'config.yaml': `${config}file_pattern: "*.nc"\n`, ...data },
      ['-n', '0'],
      2,
      '*.nc',
    ],
    ['no data folder', { 'entrypoint.py': entrypoint, 'config.yaml': config }, ['-n', '0'], 2, 'data'],
    [
      '-n with -f',
      { 'entrypoint.py': entrypoint, 'config.yaml': config, ...data },
      ['-n', '1', '-f', 'a.csv'],
      2,
      '-n and -f',
    ],
    [
      "a service of one's own for a cluster",
      {
        'entrypoint.py': entrypoint,
        'config.yaml': 'data_bucket: s3://data\nendpoint_url: http://127.0.0.1:9000\n',
      },
      ['-c', 'prod'],
      2,
      'a cluster reads data from S3 only',
    ],
    [
      'an unknown option',
      { 'entrypoint.py': entrypoint, 'config.yaml': config },
      ['--nubmer', '3'],
      2,
      '--number',
    ],
    [
      'a number that is none',
      { 'entrypoint.py': entrypoint, 'config.yaml': config },
      ['-s', 'many'],
      2,
      'whole number',
    ],
  ])('%s is an error that says so, and nothing is written', async (_, files, args, exitCode, says) => {
    const project = await projectOf(files);
    const before = readdirSync(project.folder).sort();
    const { code, stdout, stderr } = await command(['start', '-p', project.folder, ...args]);
    expect(stderr).toContain(says);
    expect(stderr).not.toMatch(/\n {4}at |This is a bug/);
    expect(stdout).toBe('');
    expect(code).toBe(exitCode);
    expect(readdirSync(project.folder).sort()).toEqual(before);
  });
});

describe('Ctrl-C', () => {
  const slow = `
import os, time
def entrypoint(curr_process_file, curr_process_column, data_bucket):
    time.sleep(0.15)
    return {"column": curr_process_column}
`;
  const wide = {
    'entrypoint.py': slow,
    'config.yaml': config,
    'data/a.csv': Array.from({ length: 20 }, (_, n) => `Power${n}`).join(),
  };

  async function interrupted(signals: NodeJS.Signals[]) {
    const project = await projectOf(wide);
    const started = startCommand(['start', '-p', project.folder, '-n', '0', '--name', 'one']);
    const parts = join(project.folder, '.gcd/runs/one/parts/1');
    await until(
      async () =>
        existsSync(parts) &&
        (await Promise.all(readdirSync(parts).map((part) => readFile(join(parts, part), 'utf8'))))
          .join('')
          .includes('succeeded'),
      'a first record',
    );
    for (const signal of signals) {
      started.process.kill(signal);
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
    return { project, ...(await started.finished) };
  }

  test.each([
    [['SIGINT' as const]],
    [['SIGINT' as const, 'SIGINT' as const]],
    [['SIGTERM' as const]],
    [['SIGHUP' as const]],
  ])('%j stops, gathers what is done, and resume does the rest', async (signals) => {
    const { project, code, stderr } = await interrupted(signals);
    expect(code).toBe(130);
    expect(stderr).toContain('resume with: gcd-sfn resume one --project');
    const before = ownColumns(await project.read('results/results.csv'))
      .trimEnd()
      .split('\n')
      .slice(1);
    expect(before.length).toBeGreaterThan(0);
    expect(before.length).toBeLessThan(20);
    const resumed = await command(['resume'], { cwd: project.folder });
    expect(resumed.code).toBe(0);
    const after = ownColumns(await project.read('results/results.csv'))
      .trimEnd()
      .split('\n')
      .slice(1);
    expect(after).toEqual(Array.from({ length: 20 }, (_, n) => `Power${n}`));
  });

  test('a run that another process works on is not touched', async () => {
    const project = await projectOf(wide);
    const started = startCommand(['start', '-p', project.folder, '-n', '0', '--name', 'one']);
    await until(() => existsSync(join(project.folder, '.gcd/runs/one/request.json')), 'the request');
    const second = await command(['resume', 'one', '-p', project.folder]);
    expect(second.stderr).toContain(`another process works on run one: pid ${started.process.pid}`);
    expect(second.code).toBe(2);
    expect((await started.finished).code).toBe(0);
  });

  test('resume of a project that was edited says so', async () => {
    const { project } = await interrupted(['SIGINT']);
    await project.write('entrypoint.py', slow.replace('curr_process_column}', '"edited"}'));
    const resumed = await command(['resume', '-p', project.folder]);
    expect(resumed.stderr).toContain(
      'edited since the run started: 1 file\n  changed entrypoint.py\nit resumes with the code as it was',
    );
    expect(await project.read('results/results.csv')).not.toContain('edited');
    const done = await command(['resume', '-p', project.folder, '--use-edited']);
    expect(done.stderr).toContain('the remaining tasks use the edited code');
    expect(done.code).toBe(0);
  });

  test('resume says when there is nothing to go on with', async () => {
    const project = await projectOf(wide);
    const none = await command(['resume', '-p', project.folder]);
    expect(none.stderr).toContain('no runs in');
    expect(none.code).toBe(2);
  });
});

test('a reader that goes away early is no error', async () => {
  const { stdout, status } = spawnSync(
    'bash',
    ['-c', `"${process.execPath}" bin/gcd-sfn.js --help | head -1; exit "\${PIPESTATUS[0]}"`],
    {
      cwd: packageRoot,
      encoding: 'utf8',
    },
  );
  expect(stdout).toContain('Usage: gcd-sfn');
  expect(status).toBe(0);
});
