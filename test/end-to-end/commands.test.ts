/** One way through every command, as a user goes it; test/long/commands/ goes all of them. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { waitingProject } from '../support/cli/gated-project.ts';
import { command, leftOver, newProject, until } from '../support/cli/project.ts';
import { key, startInTerminal } from '../support/cli/terminal.ts';
import { ownColumns } from '../support/tables/parse-csv.ts';

const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
  expect(leftOver()).toEqual([]);
});

async function projectOf(files: Record<string, string>) {
  const project = await newProject(files);
  cleanUps.push(project.remove);
  const run = (...args: string[]) => command(args, { cwd: project.folder });
  return { ...project, run };
}

/** Fails for b.csv unless the data folder has a file `mended`. */
const entrypoint = `
import os
def entrypoint(data_file, curr_process_file, curr_process_column):
    print("at", curr_process_file)
    if curr_process_file == "b.csv" and not os.path.exists(os.path.join(os.path.dirname(data_file), "mended")):
        raise ValueError("not yet")
    return {"file": curr_process_file, "column": curr_process_column}
`;
const failing = {
  'entrypoint.py': entrypoint,
  'config.yaml': 'data_bucket: ./data\nfile_pattern: "*.csv"\nprocess_column_keywords: ["Power"]\n',
  'data/a.csv': 'Time,Power(W),Power_2(W)\n',
  'data/b.csv': 'Power\n',
};

test('init makes a project that is valid, and runs', async () => {
  const { folder, run } = await projectOf({});
  expect(await run('init', 'mine')).toMatchObject({ code: 0, stderr: '' });
  const checked = await run('validate', 'mine', '--json');
  expect([checked.code, JSON.parse(checked.stdout).ok]).toEqual([0, true]);
  const started = await run('start', '-p', 'mine');
  expect([started.code, started.stderr]).toEqual([0, expect.stringContaining('2 files, 4 tasks')]);
  expect(readFileSync(join(folder, 'mine/results/results.csv'), 'utf8')).toMatch(
    /^file_name,column_name,task_id,values,mean,highest\nnorth\.csv,Power_1\(W\),[0-9a-f]{16},24,/,
  );
});

test('start, logs, status, results, and resume of what failed', async () => {
  const project = await projectOf(failing);
  const { run } = project;
  const first = await run('start', '-n', '0', '--name', 'one');
  expect(first.code).toBe(1);
  expect(first.stderr).toContain('first failure: b.csv, Power: ValueError: not yet');
  expect(first.stdout).toMatch(/^Total tasks +3$/m);
  const six = ['error.csv', 'logs.csv', 'performance.txt', 'report.html', 'results.csv', 'runtime.png'];
  expect(readdirSync(join(project.folder, 'results')).sort()).toEqual(six);
  expect(ownColumns(await project.read('results/results.csv'))).toBe(
    'file,column\na.csv,Power(W)\na.csv,Power_2(W)\n',
  );
  expect(await project.read('results/error.csv')).toContain('exception,ValueError,not yet');

  expect(await run('logs', '--task', 'b.csv')).toMatchObject({
    ...{ code: 0, stdout: 'b.csv, Power | at b.csv\n', stderr: '' },
  });
  expect((await run('status')).stdout).toMatch(/^one +done, 1 failed +3\/3 +1 /m);
  const copied = await run('results', 'one', '--output', 'elsewhere', '--json');
  expect(JSON.parse(copied.stdout)).toMatchObject({ run: 'one', rebuilt: false });
  expect(readdirSync(join(project.folder, 'elsewhere')).sort()).toEqual(six);

  await project.write('data/mended', '');
  const again = await run('resume', 'one', '--retry-failed');
  expect([again.code, again.stderr]).toEqual([0, expect.stringContaining('run one resumes')]);
  expect(ownColumns(await project.read('results/results.csv')).split('\n')[3]).toBe('b.csv,Power');
  expect(await project.read('results/error.csv')).toMatch(/^[^\n]+\n$/);
});

test('status, top, watch and stop of a run at work, and resume of the rest', async () => {
  const columns = ['Child0', 'Child1', 'Child2', 'Child3'];
  const project = await waitingProject(columns);
  const started = await project.start('one');
  const watching = project.begin('watch');
  let [told, watched] = ['', ''];
  started.process.stderr?.on('data', (text) => (told += text));
  watching.process.stderr?.on('data', (text) => (watched += text));
  const [status, top] = [await project.run('status', '--json'), await project.run('top', '--json')];
  expect(JSON.parse(status.stdout).runs).toMatchObject([{ run: 'one', state: 'running' }]);
  expect(JSON.parse(top.stdout).workers).toMatchObject([{ processes: 2 }, { processes: 2 }]);
  await until(() => watched.includes('4 tasks'), 'the plan');

  const stopping = project.begin('stop', 'one');
  await until(() => told.includes('asked to stop'), 'the run to hear it');
  project.release();
  expect((await started.finished).code).toBe(130);
  const [stopped, end] = [await stopping.finished, await watching.finished];
  expect([stopped.code, stopped.stdout]).toEqual([0, expect.stringMatching(/^state +stopped$/m)]);
  expect([end.code, end.stdout]).toEqual([130, expect.stringMatching(/^next +gcd-sfn resume one /m)]);
  expect((await project.run('resume')).code).toBe(0);
  expect(ownColumns(await project.read('results/results.csv'))).toBe(`column\n${columns.join('\n')}\n`);
});

test('start --detach returns when the run has begun, which goes on by itself', async () => {
  const project = await projectOf(failing);
  const { code, stderr, stdout } = await project.run('start', '-f', 'a.csv', '--detach', '--json');
  expect([code, stderr]).toEqual([0, '']);
  expect(existsSync(JSON.parse(stdout).output)).toBe(true);
  await until(() => leftOver().length === 0, 'the run');
  expect((await project.read('results/results.csv')).split('\n')).toHaveLength(1 + 2 + 1);
});

test('a run on a terminal has one line of progress; Ctrl-C stops it', async () => {
  const slow = entrypoint
    .replace('import os', 'import os, time')
    .replace('    print', '    time.sleep(0.1); print');
  const project = await projectOf({
    ...failing,
    'entrypoint.py': slow,
    'data/a.csv': Array.from({ length: 40 }, (_, n) => `Power${n}`).join(),
  });
  const args = ['start', '-f', 'a.csv', '-s', '2', '--name', 'one'];
  const terminal = startInTerminal(args, { cwd: project.folder, columns: 100 });
  await terminal.waitFor(/[1-9]\d* of 40 tasks done/);
  expect(terminal.screen().filter((line) => line.includes('of 40'))).toHaveLength(1);
  terminal.press(key.ctrlC);
  await terminal.waitFor('stopping one: running tasks end first (Ctrl-C again ends them now)');
  expect((await terminal.ended).code).toBe(130);
  expect(terminal.screen().join('\n')).toMatch(/not done yet; resume with: gcd-sfn resume one/);
});

test('the menu asks on a terminal, and is a mistake without one', async () => {
  const { folder } = await projectOf(failing);
  const [terminal, { code, stderr }] = [startInTerminal(['menu'], { cwd: folder }), await command(['menu'])];
  expect([code, stderr]).toEqual([2, expect.stringContaining('menu asks questions and needs a terminal')]);
  await terminal.waitFor('What should be done?');
  terminal.press(key.ctrlC);
  expect((await terminal.ended).code).toBe(130);
  expect(terminal.screen().join('\n')).toContain('nothing was done');
});

test.each<[string, Record<string, string>, string[], RegExp]>([
  ['a project without code', { 'config.yaml': 'data_bucket: ./data\n' }, [], /entrypoint\.py/],
  [
    'code that raises',
    { ...failing, 'entrypoint.py': `1 / 0${entrypoint}` },
    [],
    /failed with ZeroDivisionError/,
  ],
  ['an unknown option', failing, ['--nubmer', '3'], /--number/],
])('%s is a mistake that is told, and nothing is written', async (_, files, args, says) => {
  const { folder, run } = await projectOf(files);
  const { code, stdout, stderr } = await run('start', '-n', '0', ...args);
  expect([code, stdout, stderr]).toEqual([2, '', expect.stringMatching(says)]);
  expect(stderr).not.toMatch(/\n {4}at |This is a bug/);
  expect(existsSync(join(folder, '.gcd'))).toBe(false);
});
