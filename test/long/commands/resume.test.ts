/** What is done with a run after its first execution: failed tasks again, other code, its files once more. */
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { command, leftOver, newProject, until } from '../../support/cli/project.ts';
import { ownColumns } from '../../support/tables/parse-csv.ts';

const config = 'data_bucket: ./data\nfile_pattern: "*.csv"\n';
/** Fails for b.csv unless the file `mended` is there; notes each call. */
const entrypoint = `
import os
HERE = os.environ["HERE"]
def entrypoint(curr_process_file, curr_process_column, attempt):
    with open(HERE + "/calls", "a") as calls:
        calls.write(curr_process_file + "\\n")
    if curr_process_file == "b.csv" and not os.path.exists(HERE + "/mended"):
        raise ValueError("not yet")
    return {"file": curr_process_file, "attempt": attempt}
`;

const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
  expect(leftOver()).toEqual([]);
});

async function failedOnce() {
  const project = await newProject({
    'entrypoint.py': entrypoint,
    'config.yaml': config,
    'data/a.csv': 'Power\n',
    'data/b.csv': 'Power\n',
    'data/c.csv': 'Power\n',
  });
  cleanUps.push(project.remove);
  const env = { HERE: join(project.folder, 'data') };
  const run = (...args: string[]) => command([...args, '-p', project.folder], { env });
  const first = await run('start', '-n', '0', '--name', 'one');
  expect(first.code).toBe(1);
  const calls = async () => (await project.read('data/calls')).trimEnd().split('\n').sort();
  expect(await calls()).toEqual(['a.csv', 'b.csv', 'c.csv']);
  return { project, run, first, calls, env };
}

describe('--retry-failed', () => {
  test('runs just the tasks that failed, which may succeed then; what succeeded stays', async () => {
    const { project, run, first, calls } = await failedOnce();
    expect(first.stderr).toContain('to run just those again: gcd-sfn resume one --project');
    expect((await run('resume')).code).toBe(1);
    expect(await calls()).toHaveLength(3);
    const again = await run('resume', 'one', '--retry-failed');
    expect(again.code).toBe(1);
    expect(await calls()).toEqual(['a.csv', 'b.csv', 'b.csv', 'c.csv']);
    expect((await project.read('results/error.csv')).match(/b\.csv,Power,/g)).toHaveLength(1);
    await project.write('data/mended', '');
    const mended = await run('start', '--retry-failed');
    expect(mended.stderr).toContain('run one resumes');
    expect(mended.code).toBe(0);
    expect(await calls()).toEqual(['a.csv', 'b.csv', 'b.csv', 'b.csv', 'c.csv']);
    expect(ownColumns(await project.read('results/results.csv'))).toBe(
      'file,attempt\na.csv,1\nb.csv,1\nc.csv,1\n',
    );
    expect(await project.read('results/error.csv')).toMatch(/^[^\n]+\n$/);
    // Nothing is left that could be run again.
    expect((await run('resume', '--retry-failed')).code).toBe(0);
    expect(await calls()).toHaveLength(5);
  });

  test('cannot be given with what chooses the files of a new run', async () => {
    const { run } = await failedOnce();
    for (const option of ['--retry-failed', '--resume']) {
      const { code, stderr } = await run('start', option, '-n', '1');
      expect(stderr).toContain(`option '${option}' cannot be used with option '-n, --number <N>'`);
      expect(code).toBe(2);
    }
  });
});

describe('a project that was edited since', () => {
  const edited = (text: string) => text.replace('"attempt": attempt', '"attempt": "edited"');

  test('goes on with the code as it was, or with the edited one, and what changed is named', async () => {
    const { project, run } = await failedOnce();
    await project.write('entrypoint.py', edited(entrypoint));
    await project.write('new.py', '');
    await project.write('config.yaml', `${config}max_attempts: 2\n`);
    await project.write('data/mended', '');
    const both = await run('resume', '--use-frozen', '--use-edited');
    expect(both.code).toBe(2);
    expect(both.stderr).toContain('--use-edited and --use-frozen cannot be given together');
    const frozen = await run('resume', '--use-frozen', '--retry-failed');
    expect(frozen.stderr).toContain(
      'edited since the run started: 3 files\n  changed config.yaml\n  changed entrypoint.py\n  new     new.py\n' +
        'A run keeps the configuration that it started with; to use the new one, start another run.\n' +
        'it resumes with the code as it was\n',
    );
    expect(await project.read('results/results.csv')).not.toContain('edited');
  });

  test('--use-edited takes it for what is still to be done', async () => {
    const { project, run } = await failedOnce();
    await project.write('entrypoint.py', edited(entrypoint));
    await project.write('data/mended', '');
    const { code, stderr } = await run('start', '--resume', '--name', 'one', '--retry-failed');
    expect(stderr).toContain('it resumes with the code as it was (--use-edited takes the edited code)');
    expect(code).toBe(0);
    const again = await run('resume', '--use-edited');
    expect(again.stderr).toContain('the remaining tasks use the edited code');
    // It is the run's code from now on: nothing is edited any more.
    expect((await run('resume')).stderr).not.toContain('edited');
  });
});

describe('results', () => {
  test('copies the files of a run again, of an older one, to another place', async () => {
    const { project, run } = await failedOnce();
    await run('start', '-f', 'c.csv', '--name', 'two');
    expect(ownColumns(await project.read('results/results.csv'))).toBe('file,attempt\nc.csv,1\n');
    const { code, stdout, stderr } = await run(
      'results',
      'one',
      '--output',
      join(project.folder, 'elsewhere'),
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Run one of .*\n\nTotal tasks +3\n/);
    expect(stderr).toContain('results of one in ');
    expect(ownColumns(await project.read('elsewhere/results.csv'))).toBe('file,attempt\na.csv,1\nc.csv,1\n');
    expect(ownColumns(await project.read('results/results.csv'))).toBe('file,attempt\nc.csv,1\n');
  });

  test('are made anew when they are gone, or when asked for, and are the same', async () => {
    const { project, run } = await failedOnce();
    const files = ['results.csv', 'logs.csv', 'error.csv', 'performance.txt'];
    // The last moment of the run is known to a few milliseconds only.
    const timeless = (text: string) => text.replace(/Total process duration .*/, '');
    const all = () => Promise.all(files.map(async (file) => timeless(await project.read(`results/${file}`))));
    const before = await all();
    const history = await project.read('.gcd/history/durations.bin');
    await rm(join(project.folder, '.gcd/runs/one/results'), { recursive: true });
    await rm(join(project.folder, 'results'), { recursive: true });
    const { code, stdout } = await run('results', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ run: 'one', rebuilt: true });
    expect(await all()).toEqual(before);
    expect(JSON.parse((await run('results', '--json')).stdout)).toMatchObject({ rebuilt: false });
    expect(JSON.parse((await run('results', '--json', '--rebuild')).stdout)).toMatchObject({ rebuilt: true });
    expect(await all()).toEqual(before);
    expect(await project.read('.gcd/history/durations.bin')).toBe(history);
  });

  test('of a run that was never planned are a clear error', async () => {
    const { project, run } = await failedOnce();
    await rm(join(project.folder, '.gcd/runs/one/plan.json'));
    const { code, stderr } = await run('results', '--rebuild');
    expect(stderr).toContain('error: run one ended before it was planned: it has no results\n  Resume it: ');
    expect(code).toBe(2);
  });
});

describe('start --detach', () => {
  const waiting = `
import os, time
def entrypoint(curr_process_file):
    while not os.path.exists(os.environ["HERE"] + "/go"):
        time.sleep(0.01)
    return {"file": curr_process_file}
`;

  test('returns when the run has begun, which goes on by itself', async () => {
    const { project, run } = await failedOnce();
    await project.write('entrypoint.py', waiting);
    const { code, stderr, stdout } = await run(
      'start',
      '-n',
      '2',
      '-s',
      '1',
      '--name',
      'two',
      '--detach',
      '--json',
    );
    expect(stderr).toBe('');
    expect(code).toBe(0);
    const { run: name, output, pid } = JSON.parse(stdout);
    expect(name).toBe('two');
    expect(leftOver()).toContain(pid);
    await project.write('data/go', '');
    await until(() => leftOver().length === 0, 'the run');
    expect(ownColumns(await project.read('results/results.csv'))).toBe('file\na.csv\nb.csv\n');
    expect(existsSync(output)).toBe(true);
  });

  test('a mistake is told here, with its exit code, and nothing is left', async () => {
    const { project, run } = await failedOnce();
    const missing = await run('start', '-f', 'nothing.csv', '--name', 'two', '--detach');
    expect(missing.stderr).toContain('a file named by --file is not in');
    expect(missing.code).toBe(2);
    expect(existsSync(join(project.folder, '.gcd/two.out'))).toBe(false);
    const taken = await run('start', '-n', '0', '--name', 'one', '--detach');
    expect(taken.stderr).toContain("a run 'one' exists already");
    expect(taken.code).toBe(2);
    const empty = join(project.folder, 'other');
    await mkdir(empty);
    await writeFile(join(empty, 'config.yaml'), config);
    await writeFile(join(empty, 'entrypoint.py'), entrypoint);
    expect((await command(['start', '-p', empty, '--detach'])).code).toBe(2);
    expect(existsSync(join(empty, '.gcd'))).toBe(false);
  });
});

test('resume --detach is for a run on AWS', async () => {
  const { run } = await failedOnce();
  const { stderr, code } = await run('resume', 'one', '--detach');
  expect(stderr).toContain(
    'error: run one is on this machine: only a run on AWS can be resumed with --detach',
  );
  expect(code).toBe(2);
});
