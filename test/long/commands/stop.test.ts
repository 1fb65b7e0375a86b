import { existsSync, readFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { kill, type Waiting, waitingProject } from '../../support/cli/gated-project.ts';
import { until } from '../../support/cli/project.ts';
import { ownColumns } from '../../support/tables/parse-csv.ts';

const columns = ['Power0', 'Power1', 'Power2', 'Power3', 'Power4', 'Power5'];

const asked = (project: Waiting, how: string) => {
  const path = join(project.folder, '.gcd/runs/one/control.json');
  return existsSync(path) && readFileSync(path, 'utf8').includes(how);
};

const columnsIn = async (project: Waiting) =>
  ownColumns(await project.read('results/results.csv'))
    .trimEnd()
    .split('\n')
    .slice(1);

describe('gcd-sfn stop', () => {
  test('lets running tasks end, gathers what is done, and resume does the rest', async () => {
    const project = await waitingProject(columns);
    const started = await project.start('one');
    let said = '';
    started.process.stderr?.on('data', (text) => (said += text));
    const stopping = project.begin('stop', 'one');
    await until(() => said.includes('asked to stop: running tasks end first'), 'the run to say so');
    expect((await project.run('status')).stdout).toMatch(/^one +stopping +0\/6/m);
    const begun = project.begun();
    project.release();
    const [run, stopped] = await Promise.all([started.finished, stopping.finished]);
    expect(run.code).toBe(130);
    expect(stopped.code).toBe(0);
    expect(stopped.stderr).toContain('asked one to stop: running tasks end first, no other starts');
    expect(stopped.stdout).toMatch(/^state +stopped\ntasks +2\/6 done .* 4 not done$/m);
    expect(stopped.stdout).toMatch(/^next +gcd-sfn resume one --project '.*'$/m);
    expect(existsSync(join(project.folder, '.gcd/runs/one/control.json'))).toBe(false);
    expect(project.begun()).toEqual(begun);
    expect(await columnsIn(project)).toEqual(begun.sort());
    expect((await project.run('resume')).code).toBe(0);
    expect(await columnsIn(project)).toEqual(columns);
  });

  test('--now ends tasks that a stop waits for', async () => {
    const project = await waitingProject(columns);
    const started = await project.start('one');
    const draining = project.begin('stop', 'one');
    await until(() => asked(project, 'drain'), 'the first stop');
    const now = await project.run('stop', 'one', '--now', '--json');
    expect(now.code).toBe(0);
    expect(JSON.parse(now.stdout)).toMatchObject({ run: 'one', state: 'stopped', tasks: { succeeded: 0 } });
    expect((await draining.finished).code).toBe(0);
    const run = await started.finished;
    expect(run.code).toBe(130);
    expect(run.stderr).toContain('asked to stop now');
  });

  test('--no-wait asks only; Ctrl-C ends the waiting, not the stopping', async () => {
    const project = await waitingProject(columns);
    const started = await project.start('one');
    let heard = '';
    started.process.stderr?.on('data', (text) => (heard += text));
    const { code, stderr, stdout } = await project.run('stop', 'one', '--no-wait');
    expect(code).toBe(0);
    expect(stdout).toBe('');
    expect(stderr).toContain('asked one to stop');
    expect(started.process.exitCode).toBeNull();
    const waiting = project.begin('stop', 'one');
    let said = '';
    waiting.process.stderr?.on('data', (text) => (said += text));
    await until(() => said.includes('asked one to stop'), 'the waiting');
    waiting.process.kill('SIGINT');
    const left = await waiting.finished;
    expect(left.code).toBe(130);
    expect(left.stderr).toContain('the run stops all the same');
    // It looks twice a second.
    await until(() => heard.includes('asked to stop'), 'the run to hear it');
    project.release();
    expect((await started.finished).code).toBe(130);
  });

  test('while packages are being installed', async () => {
    const project = await waitingProject(columns, {
      'requirements.txt': './lib\n',
      'lib/pyproject.toml':
        '[project]\nname = "lib"\nversion = "1"\n[build-system]\nrequires = []\nbuild-backend = "tool"\nbackend-path = ["."]\n',
      'lib/tool.py': 'import time\ndef build_wheel(*_):\n    time.sleep(1000)\n',
    });
    const started = project.begin('start', '-n', '0', '--name', 'one');
    await until(
      () => /building the local package/.test(project.live('one')?.detail ?? ''),
      'the installing',
      50_000,
    );
    const { code, stderr } = await project.run('stop', 'one');
    expect((await started.finished).code).toBe(130);
    expect(code).toBe(0);
    expect(stderr).toMatch(
      /run one has ended before any task did, and nothing is left of it\n.*interrupted before/,
    );
    expect(existsSync(join(project.folder, '.gcd'))).toBe(false);
  });

  test('a wish that its process did not live to hear does not stop the next', async () => {
    const project = await waitingProject(columns);
    const started = await project.start('one');
    const stopping = project.begin('stop', 'one');
    await until(() => asked(project, 'drain'), 'the stop');
    await kill(started);
    const stopped = await stopping.finished;
    expect(stopped.code).toBe(0);
    expect(stopped.stdout).toMatch(/^state +interrupted$/m);
    expect(existsSync(join(project.folder, '.gcd/runs/one/control.json'))).toBe(false);
    await project.write('.gcd/runs/one/control.json', '{"stop":"now"}');
    const after = await project.run('stop', 'one');
    expect(after).toMatchObject({ code: 0, stdout: '' });
    expect(after.stderr).toBe('run one is not at work (interrupted): there is nothing to stop\n');
    project.release();
    expect((await project.run('resume', 'one')).code).toBe(0);
  });

  test('a run on another machine, and one that is not there, cannot be stopped', async () => {
    const project = await waitingProject(columns);
    project.release();
    await project.run('start', '-n', '0', '--name', 'one');
    const lock = join(project.folder, '.gcd/runs/one/lock');
    await writeFile(lock, JSON.stringify({ pid: 7, host: 'elsewhere', started: null }));
    const { code, stderr } = await project.run('stop', 'one');
    expect(stderr).toMatch(
      /^error: run one is at work on another machine: process 7 on elsewhere\n {2}Stop it there: /,
    );
    expect(code).toBe(2);
    expect(existsSync(join(project.folder, '.gcd/runs/one/control.json'))).toBe(false);
    await rm(lock);
    expect((await project.run('stop', 'two')).stderr).toContain('The newest runs are: one');
    expect((await project.run('stop')).code).toBe(2);
  });
});
