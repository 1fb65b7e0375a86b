/** kill -9 at any moment, then resume: the results are those of an undisturbed run, and nothing finished runs again. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { command, leftOver, newProject, startCommand, until } from '../support/cli/project.ts';

const files = 4;
const columns = 10;
const tasks = files * columns;

/** Each task says that it began, so that a second time would show, and leaves a file as its output. */
const entrypoint = `
import os, time
def entrypoint(data_bucket, curr_process_file, curr_process_column, task_id):
    with open(os.environ["BEGUN"], "a") as begun:
        begun.write(task_id + "\\n")
    if os.path.exists("out.txt"):
        raise FileExistsError("of another task")
    with open("out.txt", "w") as out:
        out.write(curr_process_file)
        out.flush()
        time.sleep(0.02)
        out.write(" " + curr_process_column)
    if curr_process_column == "Power3":
        raise ValueError("always fails")
    return {"file": curr_process_file, "column": curr_process_column, "value": len(curr_process_column) / 3}
`;

const header = Array.from({ length: columns }, (_, n) => `Power${n}`).join();

async function newFaultyProject() {
  const data = Object.fromEntries(Array.from({ length: files }, (_, n) => [`data/f${n}.csv`, `${header}\n`]));
  const project = await newProject({ 'entrypoint.py': entrypoint, ...data });
  const begun = join(project.folder, 'begun.log');
  // The project's digest must not depend on the log: it lies in the data folder's place of no interest.
  await project.write(
    'config.yaml',
    `data_bucket: ./data\nfile_pattern: "*.csv"\nenv: {BEGUN: "${join(project.folder, 'data/begun.log')}"}\n`,
  );
  return { ...project, begun: begun.replace('begun.log', 'data/begun.log') };
}

const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

/** Columns that do not depend on when and where a task ran. */
const stable = (csv: string) =>
  csv
    .trimEnd()
    .split('\n')
    .map((line) => line.split(',').slice(0, 3).join());

let undisturbed: { results: string; logs: string[] };
beforeAll(async () => {
  const project = await newFaultyProject();
  expect((await command(['start', '-p', project.folder, '-n', '0'])).code).toBe(1);
  undisturbed = {
    results: await project.read('results/results.csv'),
    logs: stable(await project.read('results/logs.csv')),
  };
  await project.remove();
  expect(undisturbed.logs).toHaveLength(1 + tasks);
});

/** That files.csv and results/files have the files of the tasks in results.csv, whole, and no others. */
function expectOutputs(folder: string): void {
  const read = (path: string) => readFileSync(join(folder, 'results', path), 'utf8');
  const expected = read('results.csv')
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((row) => row.split(','))
    .map(([file, column]) => ({ path: `files/${file}/${column}/out.txt`, text: `${file} ${column}` }));
  const listed = read('files.csv').trimEnd().split('\n').slice(1);
  expect(listed.map((row) => row.split(',').slice(3).join())).toEqual(
    expected.map(({ path, text }) => `${path},${text.length}`),
  );
  for (const { path, text } of expected) expect([path, read(path)]).toEqual([path, text]);
  const there = readdirSync(join(folder, 'results/files'), { recursive: true, withFileTypes: true });
  const files = there.filter((entry) => entry.isFile() && entry.name !== '.gcd-sfn');
  expect(files).toHaveLength(expected.length);
  expect(readdirSync(join(folder, 'results')).filter((name) => name.startsWith('.'))).toEqual([]);
  // What no record names is removed, and so are the working directories of tasks.
  expect(readdirSync(join(runOf(folder), 'outputs'))).toHaveLength(expected.length);
  expect(existsSync(join(runOf(folder), 'working-directories'))).toBe(false);
}

const runOf = (folder: string) => join(folder, '.gcd/runs/one');

function records(folder: string): string[] {
  const parts = join(runOf(folder), 'parts/1');
  if (!existsSync(parts)) return [];
  const text = readdirSync(parts).map((part) => readFileSync(join(parts, part), 'utf8'));
  return text.flatMap((one) => one.split('\n').slice(0, -1)).filter((line) => line.startsWith('{"status"'));
}

const recordsAtLeast = (count: number) => (folder: string) => records(folder).length >= count;
const stateEntered = (state: string) => (folder: string) => {
  const events = join(runOf(folder), 'events.jsonl');
  return existsSync(events) && readFileSync(events, 'utf8').includes(`"state-entered","state":"${state}"`);
};
const there = (file: string) => (folder: string) => existsSync(join(folder, file));

describe('kill -9 of the command line', () => {
  test.each<[string, (folder: string) => boolean]>([
    ['as soon as there is a folder', there('.gcd/runs/one')],
    ['when the request is there', there('.gcd/runs/one/request.json')],
    ['while it plans', stateEntered('PlanTasks')],
    ['when the manifest is there', there('.gcd/runs/one/manifest.jsonl')],
    ['while workers start', stateEntered('StartWorkers')],
    ['at the first record', recordsAtLeast(1)],
    ['at a quarter', recordsAtLeast(tasks / 4)],
    ['at the half', recordsAtLeast(tasks / 2)],
    ['just before the end', recordsAtLeast(tasks - 1)],
    ['while it gathers', stateEntered('Gather')],
    ['while it reports', stateEntered('Report')],
    ['when the first result file is published', there('results/error.csv')],
    ['when the files of tasks are published', there('results/files')],
  ])('%s', async (_, moment) => {
    const project = await newFaultyProject();
    cleanUps.push(project.remove);
    const started = startCommand(['start', '-p', project.folder, '-n', '0', '--name', 'one']);
    await until(() => moment(project.folder) || started.process.exitCode !== null, 'the moment');
    started.process.kill('SIGKILL');
    await started.finished;
    await until(() => leftOver().length === 0, 'the workers to end');
    const finished = records(project.folder).map((line) => JSON.parse(line).task as string);
    const begunBefore = existsSync(project.begun) ? (await project.read('data/begun.log')).split('\n') : [];

    const hasRequest = existsSync(join(runOf(project.folder), 'request.json'));
    const again = hasRequest
      ? ['resume', '-p', project.folder]
      : ['start', '-p', project.folder, '-n', '0', '--name', 'one'];
    const { code, stderr } = await command(again);
    expect(stderr).not.toMatch(/bug/);
    expect(code).toBe(1);
    expect(await project.read('results/results.csv')).toBe(undisturbed.results);
    expect(stable(await project.read('results/logs.csv'))).toEqual(undisturbed.logs);
    expectOutputs(project.folder);

    const begun = (await project.read('data/begun.log')).split('\n').slice(0, -1);
    for (const task of finished)
      expect([task, begun.filter((one) => one === task).length]).toEqual([task, 1]);
    expect(begun.length).toBeLessThanOrEqual(tasks + begunBefore.length - finished.length);
    expect(leftOver()).toEqual([]);
  });

  test('again and again, until it is through', async () => {
    const project = await newFaultyProject();
    cleanUps.push(project.remove);
    let args = ['start', '-p', project.folder, '-n', '0', '--name', 'one'];
    for (let goal = 5; ; goal += 5) {
      const started = startCommand(args);
      await until(
        () => records(project.folder).length >= goal || started.process.exitCode !== null,
        'five more records',
      );
      started.process.kill('SIGKILL');
      const { code } = await started.finished;
      await until(() => leftOver().length === 0, 'the workers to end');
      if (code !== null) break;
      args = ['resume', '-p', project.folder];
    }
    expect(await project.read('results/results.csv')).toBe(undisturbed.results);
    expect(stable(await project.read('results/logs.csv'))).toEqual(undisturbed.logs);
    expectOutputs(project.folder);
  });
});

describe('kill -9 of worker processes', () => {
  const kill = (pid: number) => {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended by itself.
    }
  };

  test('of supervisors: their batches go on elsewhere, and each task has one row', async () => {
    const project = await newFaultyProject();
    cleanUps.push(project.remove);
    const started = startCommand(['start', '-p', project.folder, '-n', '0', '--name', 'one']);
    let goal = 4;
    for (let kills = 0; kills < 3; kills++) {
      await until(
        () => records(project.folder).length >= goal || started.process.exitCode !== null,
        'some records',
      );
      const supervisors = leftOver().filter((pid) =>
        readFileSync(`/proc/${pid}/cmdline`, 'utf8').endsWith('supervise\0'),
      );
      for (const pid of supervisors) kill(pid);
      // From then on: where looks are slow, one kill after the other would meet the same task, which has three attempts.
      goal = records(project.folder).length + 8;
    }
    const { code, stderr } = await started.finished;
    expect(stderr).not.toMatch(/bug/);
    expect(code).toBe(1);
    expect(await project.read('results/results.csv')).toBe(undisturbed.results);
    expect(stable(await project.read('results/logs.csv'))).toEqual(undisturbed.logs);
    expectOutputs(project.folder);
    expect(leftOver()).toEqual([]);
  });
});
