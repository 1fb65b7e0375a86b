/** New projects run at once; those of the predecessor give the same after they were migrated. */
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { predecessors } from '../../faults/predecessor/projects.ts';
import { predecessorWheels } from '../../faults/predecessor/wheels.ts';
import { command, type Finished, leftOver, newProject, packageRoot } from '../../support/cli/project.ts';
import { offline, temporary } from '../../support/environments/temporary-projects.ts';
import { ownColumns } from '../../support/tables/parse-csv.ts';

afterEach(() => expect(leftOver()).toEqual([]));

const here = temporary();
const run = (...args: string[]) => command(args, { cwd: here });
const names = readdirSync(join(packageRoot, 'examples')).filter((name) =>
  existsSync(join(packageRoot, 'examples', name, 'entrypoint.py')),
);

describe('gcd-sfn init', () => {
  test('makes a project that runs as it is', async () => {
    const made = await run('init', 'my-project');
    expect([made.code, made.stderr]).toEqual([0, '']);
    expect(made.stdout).toContain('run it: gcd-sfn start --project my-project\n');
    const started = await run('start', '-p', 'my-project');
    expect([started.code, started.stderr]).toEqual([0, expect.stringContaining('2 files, 4 tasks')]);
    const results = readFileSync(join(here, 'my-project/results/results.csv'), 'utf8');
    expect(results).toMatch(
      /^file_name,column_name,task_id,values,mean,highest\nnorth\.csv,Power_1\(W\),[0-9a-f]{16},24,\d+\.\d+,4500\.0\n/,
    );
  });

  test('makes one in the current folder, beside what is there', async () => {
    const project = await newProject({ 'notes.txt': 'mine' });
    const made = await command(['init'], { cwd: project.folder });
    expect(made.code).toBe(0);
    const checked = await command(['validate'], { cwd: project.folder });
    expect([checked.code, checked.stdout]).toEqual([0, expect.not.stringMatching(/^[!✗x]/m)]);
    expect(await project.read('notes.txt')).toBe('mine');
    await project.remove();
  });

  test('overwrites nothing, and says what is in the way', async () => {
    const project = await newProject({ 'config.yaml': 'mine', 'data/north.csv': 'mine' });
    const { code, stderr } = await run('init', project.folder);
    expect(code).toBe(2);
    expect(stderr).toContain('and are not overwritten: config.yaml, data/north.csv\n');
    expect(readdirSync(project.folder).sort()).toEqual(['config.yaml', 'data']);
    await project.remove();
  });

  test.each(names)('--template %s: the example without what runs left, and checked', async (name) => {
    const folder = join(here, `my-${name}`);
    const made = await run('init', folder, '--template', name);
    expect([made.code, made.stderr]).toEqual([0, '']);
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
    expect(files).toEqual(
      expect.arrayContaining(['config.yaml', 'entrypoint.py', 'requirements.txt', 'Dockerfile']),
    );
    expect(files.filter((path) => /results|\.gcd|__pycache__|\.pyc$/.test(path))).toEqual([]);
    const example = join(packageRoot, 'examples', name);
    for (const path of files.filter(
      (path) => path !== 'config.yaml' && statSync(join(folder, path)).isFile(),
    ))
      expect(readFileSync(join(folder, path)).equals(readFileSync(join(example, path)))).toBe(true);
    expect(readFileSync(join(folder, 'config.yaml'), 'utf8')).toMatch(
      /^# yaml-language-server: \$schema=https:/,
    );
    const checked = await run('validate', folder, '--json');
    expect([checked.code, checked.stdout]).toEqual([0, expect.stringMatching(/"ok":true/)]);
    rmSync(folder, { recursive: true });
  });

  test('--list names them, and an unknown one gets the nearest', async () => {
    const listed = await run('init', '--list');
    expect(listed.stdout.split('\n').map((line) => line.split(' ')[0])).toEqual([
      'minimal',
      ...names.sort(),
      '',
    ]);
    const { code, stderr } = await run('init', 'x', '--template', 'Solar-data-tools');
    expect([code, stderr]).toEqual([2, expect.stringContaining('Did you mean `solardatatools`?')]);
    expect(existsSync(join(here, 'x'))).toBe(false);
  });

  test('--dry-run makes nothing', async () => {
    const { code, stdout } = await run('init', 'not-made', '--dry-run');
    expect([code, stdout]).toEqual([0, expect.stringContaining('would create not-made: ')]);
    expect(existsSync(join(here, 'not-made'))).toBe(false);
  });
});

describe('gcd-sfn init --migrate', () => {
  const wheels = predecessorWheels();
  const cache = temporary();
  const env = { ...(offline(wheels) as Record<string, string>), XDG_CACHE_HOME: cache };

  test.each(Object.entries(predecessors))(
    '%s: the same results, and nothing to say',
    async (_, { files, results }) => {
      const project = await newProject(files);
      const call = (...args: string[]): Promise<Finished> => command(args, { cwd: here, env });
      const dry = await call('init', project.folder, '--migrate', '--dry-run');
      expect(dry.stdout).toContain('-interval_of_checking_sqs: 1\n');
      for (const [path, text] of Object.entries(files)) expect(await project.read(path)).toBe(text);

      const migrated = await call('init', project.folder, '--migrate');
      expect([migrated.code, migrated.stderr]).toEqual([0, '']);
      const changed = ['config.yaml', 'requirements.txt', ...(files.Dockerfile ? ['Dockerfile'] : [])];
      expect(migrated.stdout.match(/^\w+(\.\w+)?$/gm)).toEqual(changed);
      for (const name of changed) expect(await project.read(`${name}.before-migration`)).toBe(files[name]);

      const checked = await call('validate', project.folder, '--json');
      expect(checked.code).toBe(0);
      const { checks } = JSON.parse(checked.stdout) as { checks: { state: string }[] };
      expect(checks.filter(({ state }) => state !== 'ok')).toEqual([]);

      const args = files['config.yaml']!.includes('default_process_files') ? [] : ['-n', '0'];
      const started = await call('start', '-p', project.folder, ...args);
      expect([started.code, started.stderr]).toEqual([
        0,
        expect.not.stringMatching(/no meaning|left out|predecessor/),
      ]);
      expect(ownColumns(await project.read('results/results.csv'))).toBe(
        results.replaceAll('DATA', join(project.folder, 'data')),
      );

      const again = await call('init', project.folder, '--migrate');
      expect([again.code, again.stdout]).toEqual([0, expect.stringContaining('nothing to migrate in ')]);
      await project.remove();
    },
  );

  test('a project of today has nothing to migrate', async () => {
    const { code, stdout } = await run('init', join(packageRoot, 'examples/sleep'), '--migrate');
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^nothing to migrate in /)]);
  });

  test.each<[string, Record<string, string>, string[], string]>([
    ['a folder without config.yaml', { 'entrypoint.py': '' }, [], 'There is no config.yaml in'],
    ['a broken config.yaml', { 'config.yaml': 'is_celeryflower_on: [\n' }, [], 'config.yaml:'],
    ['a template at once', { 'config.yaml': '' }, ['--template', 'sleep'], 'cannot be given together'],
    [
      'what an earlier migration kept',
      { 'config.yaml': 'is_celeryflower_on: no\n', 'config.yaml.before-migration': 'x' },
      [],
      'would be overwritten',
    ],
  ])('%s is refused', async (_, files, args, says) => {
    const project = await newProject(files);
    const { code, stderr } = await run('init', project.folder, '--migrate', ...args);
    expect([code, stderr]).toEqual([2, expect.stringContaining(says)]);
    for (const [path, text] of Object.entries(files)) expect(await project.read(path)).toBe(text);
    expect(readdirSync(project.folder).sort()).toEqual(Object.keys(files).sort());
    await project.remove();
  });
});
