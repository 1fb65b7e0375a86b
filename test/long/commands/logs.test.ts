import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import {
  command,
  leftOver,
  newProject,
  type Started,
  startCommand,
  until,
} from '../../support/cli/project.ts';

// PYTHONUNBUFFERED, where it is set, would hide what is buffered.
const env = { PYTHONUNBUFFERED: '' };
const config = 'data_bucket: ./data\nprocess_column_keywords: ["Power"]\n';
/** Prints before and after it waits for the file `go`, which lies beside the data. */
const waits = `
import os, time
def entrypoint(data_file, curr_process_column, attempt):
    print("begun", curr_process_column)
    while not os.path.exists(os.path.join(os.path.dirname(data_file), "..", "go")):
        time.sleep(0.01)
    print("over")
    return {}
`;
const prints = `
import sys
def entrypoint(curr_process_file, attempt):
    if curr_process_file == "quiet.csv": return {}
    print("hello from", curr_process_file)
    print("\\x1b[2J\\x1b]0;title\\x07\\x1b[1Aup\\x1b[31m red\\x08\\u202e", file=sys.stderr)
    sys.stdout.write("\\r10%\\r100%\\n\\n")
    print("no end", end="")
    if curr_process_file == "b.csv": raise ValueError(attempt)
    return {}
`;
const few = { 'data/a.csv': 'Power,Power 2\n', 'data/b.csv': 'Power\n', 'data/quiet.csv': 'Power\n' };

const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
  expect(leftOver()).toEqual([]);
});

async function projectOf(files: Record<string, string>) {
  const made = await newProject({ 'config.yaml': config, ...files });
  cleanUps.push(made.remove);
  return made;
}

/** Starts a command that does not outlive its test, should that fail. */
function begin(...[args, options]: Parameters<typeof startCommand>): Started {
  const started = startCommand(args, options);
  cleanUps.push(async () => {
    started.process.kill('SIGKILL');
    await started.finished;
  });
  return started;
}

/** What a command has printed up to now. */
function heard({ process }: Started): () => string {
  let text = '';
  process.stdout?.on('data', (more) => (text += more));
  return () => text;
}

/** Lines of the tables, by task id and name. */
async function taskIds(project: { read: (path: string) => Promise<string> }): Promise<string[][]> {
  const lines = (await project.read('results/logs.csv')).trimEnd().split('\n').slice(1);
  return lines.map((line) => line.split(',').slice(0, 3));
}

describe('gcd-sfn logs', () => {
  test('--follow shows what a task prints before it has ended, and ends with the run', async () => {
    const project = await projectOf({ 'entrypoint.py': waits, 'data/a.csv': 'Power,Power 2\n' });
    const run = begin(['start', '-p', project.folder, '-n', '0', '-s', '2', '--name', 'one'], { env });
    await until(() => existsSync(join(project.folder, '.gcd/runs/one/request.json')), 'the run');
    const follower = begin(['logs', 'one', '-f', '-p', project.folder]);
    const text = heard(follower);
    await until(
      () => ['Power', 'Power 2'].every((column) => text().includes(`a.csv, ${column} | begun ${column}\n`)),
      'what both tasks print at first',
    );
    expect(text()).not.toContain('over');
    expect(run.process.exitCode).toBeNull();
    const before = await command(['logs', '-p', project.folder, '--task', 'a.csv, Power 2']);
    expect(before).toMatchObject({ code: 0, stdout: 'a.csv, Power 2 | begun Power 2\n', stderr: '' });
    await project.write('go', '');
    expect((await run.finished).code).toBe(0);
    const { code, stdout, stderr } = await follower.finished;
    expect(stdout.split('\n').sort()).toEqual([
      '',
      'a.csv, Power 2 | begun Power 2',
      'a.csv, Power 2 | over',
      'a.csv, Power | begun Power',
      'a.csv, Power | over',
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  test('afterwards: by task, by file, by worker, the last lines, as JSON, and harmless', async () => {
    const project = await projectOf({ 'entrypoint.py': prints, ...few });
    const start = ['start', '-p', project.folder, '-n', '0', '-s', '1', '--name', 'one'];
    expect((await command(start, { env })).code).toBe(1);
    const logs = async (...args: string[]) => {
      const { code, stdout, stderr } = await command(['logs', '-p', project.folder, ...args]);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      return stdout;
    };
    const linesOf = (name: string) =>
      [`hello from ${name.split(',')[0]}`, 'up red\ufffd', '100%', '', 'no end']
        .map((line) => `${name} | ${line}`.trimEnd())
        .map((line) => `${line}\n`)
        .join('');
    const all = await logs();
    for (const name of ['a.csv, Power', 'a.csv, Power 2', 'b.csv, Power'])
      expect(all).toContain(linesOf(name));
    expect(all.split('\n')).toHaveLength(15 + 1);
    const ids = await taskIds(project);
    for (const [file, column, id = ''] of ids)
      if (file !== 'quiet.csv') {
        expect(await logs('one', '--task', id)).toBe(linesOf(`${file}, ${column}`));
        const others = ids.flatMap(([, , other = '']) => (other === id ? [] : [other]));
        const unique = [...id].findIndex(
          (_, length) => !others.some((other) => other.startsWith(id.slice(0, length + 1))),
        );
        expect(await logs('--task', id.slice(0, unique + 1), '-f')).toBe(linesOf(`${file}, ${column}`));
      }
    expect(await logs('--task', 'b.csv')).toBe(linesOf('b.csv, Power'));
    expect((await logs('--task', 'a.csv')).split('\n')).toHaveLength(10 + 1);
    expect(await logs('--worker', 'local-1')).toBe(all);
    expect(await logs('-n', '3', '--task', 'b.csv')).toBe(
      linesOf('b.csv, Power').split('\n').slice(-4).join('\n'),
    );
    expect(await logs('-n', '0')).toBe('');
    const json = (await logs('--json', '--task', 'b.csv'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(json.map(({ text }) => text).join('')).toBe(
      'hello from b.csv\n\u001b[2J\u001b]0;title\u0007\u001b[1Aup\u001b[31m red\b\u202e\n\r10%\r100%\n\nno end',
    );
    const [, , id] = ids.find(([file]) => file === 'b.csv') ?? [];
    expect(json[0]).toMatchObject({
      worker: 'local-1',
      task: id,
      attempt: 1,
      file: 'b.csv',
      column: 'Power',
    });
  });

  test('a run that was killed and goes on: attempts are told apart, and a follower ends with the killed process', async () => {
    const project = await projectOf({ 'entrypoint.py': waits, 'data/a.csv': 'Power\n' });
    const run = begin(['start', '-p', project.folder, '-n', '0', '--name', 'one'], { env });
    await until(() => existsSync(join(project.folder, '.gcd/runs/one/request.json')), 'the run');
    const follower = begin(['logs', 'one', '-f', '-p', project.folder]);
    const text = heard(follower);
    await until(() => text().includes('begun'), 'what the task prints');
    run.process.kill('SIGKILL');
    expect(await follower.finished).toMatchObject({ code: 0, stdout: 'a.csv, Power | begun Power\n' });
    // Nothing of it may see that it could go on.
    await until(() => leftOver().length === 0, 'the end of its workers');
    await project.write('go', '');
    expect((await command(['resume', 'one', '-p', project.folder], { env })).code).toBe(0);
    const { stdout } = await command(['logs', '-p', project.folder]);
    expect(stdout).toBe('a.csv, Power | begun Power\na.csv, Power | begun Power\na.csv, Power | over\n');
  });

  test('attempts', async () => {
    const project = await projectOf({
      'entrypoint.py': prints.replace('if curr_process_file == "b.csv"', 'if attempt < 3'),
      'config.yaml': `${config}retry_exceptions: 3\n`,
      'data/b.csv': 'Power\n',
    });
    expect((await command(['start', '-p', project.folder, '-n', '0'], { env })).code).toBe(0);
    const { stdout } = await command(['logs', '-p', project.folder]);
    const heads = stdout
      .split('\n')
      .flatMap((line) => (line.includes('hello') ? [line.split(' | ')[0]] : []));
    expect(heads).toEqual(['b.csv, Power', 'b.csv, Power (attempt 2)', 'b.csv, Power (attempt 3)']);
  });

  test('wrong names are wrong use, and say what there is; silence is told', async () => {
    const project = await projectOf({ 'entrypoint.py': prints, ...few, 'data/b.csv': 'Power 2,Power\n' });
    const logs = (...args: string[]) => command(['logs', '-p', project.folder, ...args]);
    expect(await logs()).toMatchObject({ code: 2, stderr: expect.stringContaining('no runs in') });
    const start = ['start', '-p', project.folder, '-s', '1', '--name', 'one', '-f'];
    expect((await command([...start, 'quiet.csv'], { env })).code).toBe(0);
    expect(readdirSync(join(project.folder, '.gcd/runs/one'))).not.toContain('logs');
    expect(await logs('-f')).toMatchObject({
      code: 0,
      stdout: '',
      stderr: 'no task of run one has printed anything\n',
    });
    expect(await logs('--task', 'quiet.csv')).toMatchObject({
      code: 0,
      stderr: 'task quiet.csv of run one has printed nothing\n',
    });
    for (const [args, message] of [
      [['two'], "no run 'two'"],
      [['--task', 'nothing.csv'], "run one has no task 'nothing.csv'\n  Use an id (16 digits"],
      [['--worker', 'local-9'], "run one has no worker 'local-9'\n  Its workers are: local-1\n"],
      [['-n', 'some'], 'It must be a whole number'],
    ] as const) {
      const { code, stdout, stderr } = await logs(...args);
      expect(stderr).toContain(message);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    }
  });

  test('an id that several tasks begin with is not guessed', async () => {
    const columns = Array.from({ length: 17 }, (_, n) => `Power ${n}`).join();
    const project = await projectOf({ 'entrypoint.py': prints, 'data/a.csv': `${columns}\n` });
    expect((await command(['start', '-p', project.folder, '-n', '0', '-s', '1'], { env })).code).toBe(0);
    const firsts = (await taskIds(project)).map(([, , id = '']) => id[0] ?? '');
    // 17 tasks, 16 digits.
    const twice = firsts.find((digit, place) => firsts.indexOf(digit) !== place) ?? '';
    const { code, stderr } = await command(['logs', '-p', project.folder, '--task', twice]);
    expect(code).toBe(2);
    expect(stderr).toMatch(
      new RegExp(`start with '${twice}'\n( {2}${twice}[0-9a-f]{15} {2}a.csv, Power \\d+\n){2}`),
    );
  });

  test('the older file of a log comes first; torn lines are passed over', async () => {
    const project = await projectOf({ 'entrypoint.py': prints, ...few });
    const start = ['start', '-p', project.folder, '-s', '1', '-f', 'b.csv', '--name', 'one'];
    expect((await command(start, { env })).code).toBe(1);
    const path = '.gcd/runs/one/logs/local-1.jsonl';
    const log = readFileSync(join(project.folder, path), 'utf8');
    await project.write(path, `{"at":1,"te\n${log}{"at":2,"text":"torn`);
    await project.write(
      path.replace('.jsonl', '.1.jsonl'),
      '{"at":1,"index":null,"task":null,"attempt":null,"file":null,"column":null,"text":"older\\n"}\n',
    );
    const { code, stdout } = await command(['logs', '-p', project.folder]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^local-1, importing \| older\nb.csv, Power \| hello from b.csv\n/);
    expect(stdout).not.toContain('torn');
  });
});
