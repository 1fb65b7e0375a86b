import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { kill, waitingProject } from '../../support/cli/gated-project.ts';
import { type Started, until } from '../../support/cli/project.ts';

const columns = ['Power0', 'Power1', 'Power2', 'Power3'];

/** What a command has printed on standard error so far. */
function errors({ process }: Started): () => string {
  let text = '';
  process.stderr?.on('data', (more) => (text += more));
  return () => text;
}

describe('gcd-sfn watch', () => {
  test('follows a run to its end, and ends as it does', async () => {
    const project = await waitingProject(['Bad0', 'Bad1', 'Bad2']);
    const started = await project.start('one');
    const watching = project.begin('watch');
    const printed = errors(watching);
    await until(() => /1 file, 3 tasks, in 3 batches for 2 workers/.test(printed()), 'the plan');
    expect(printed()).toContain(`run one: running, process ${started.process.pid} on `);
    const [first = ''] = project.begun();
    project.release(first);
    await until(
      () => printed().includes(`first failure: a.csv, ${first}: ValueError: no good`),
      'the failure',
    );
    project.release();
    const [run, watched] = await Promise.all([started.finished, watching.finished]);
    expect(run.code).toBe(1);
    expect(watched.code).toBe(1);
    expect(watched.stdout).toMatch(/^state +done, 3 failed\ntasks +3\/3 done · 3 failed/m);
  });

  test('a process that is killed is noticed', async () => {
    const project = await waitingProject(columns);
    const started = await project.start('one');
    const watching = project.begin('watch', 'one', '--json');
    await until(() => watching.process.exitCode !== null || project.live('one') !== undefined, 'the run');
    const printed = errors(watching);
    await until(() => printed().includes('4 tasks'), 'the plan');
    await kill(started);
    const { code, stdout, stderr } = await watching.finished;
    expect(code).toBe(130);
    expect(stderr).toMatch(/its process has ended; resume with: gcd-sfn resume one --project '.*'\n$/);
    expect(JSON.parse(stdout)).toMatchObject({ run: 'one', state: 'interrupted', exitCode: 130 });
  });

  test('Ctrl-C ends the watching alone', async () => {
    const project = await waitingProject(columns);
    const started = await project.start('one');
    const watching = project.begin('watch', 'one');
    const printed = errors(watching);
    await until(() => printed().includes('4 tasks'), 'the plan');
    watching.process.kill('SIGINT');
    const { code, stderr } = await watching.finished;
    expect(code).toBe(130);
    expect(stderr).toMatch(/the run goes on; watch it again with: gcd-sfn watch one --project '.*'\n$/);
    project.release();
    expect((await started.finished).code).toBe(0);
    const after = await project.run('watch');
    expect(after.code).toBe(0);
    expect(after.stderr).toBe('run one is not at work\n');
    expect(after.stdout).toMatch(/^state +done$/m);
  });

  test('the newest run that is at work is meant, before a newer one that is not', async () => {
    const project = await waitingProject(columns);
    const started = await project.start('one');
    const newer = await project.start('two');
    await kill(newer);
    const watching = project.begin('watch');
    const printed = errors(watching);
    await until(() => printed().includes('4 tasks'), 'the plan');
    project.release();
    expect((await started.finished).code).toBe(0);
    const { code, stderr } = await watching.finished;
    expect(stderr).toContain('run one: running');
    expect(code).toBe(0);
    const dead = await project.run('watch', 'two');
    expect(dead).toMatchObject({ code: 130, stderr: 'run two is not at work\n' });
    expect(dead.stdout).toMatch(/^next +gcd-sfn resume two /m);
  });

  test('a run that ends before its first task leaves nothing, and its exit code and why are known', async () => {
    const project = await waitingProject(columns, {
      'entrypoint.py':
        'import os, time\nwhile not os.path.exists(os.environ["CONTROL"] + "/all"): time.sleep(0.005)\nraise KeyError("no such thing")\ndef entrypoint(): pass\n',
    });
    const started = project.begin('start', '-n', '0', '--name', 'one');
    await until(() => project.live('one')?.state === 'StartWorkers', 'the workers');
    const watching = project.begin('watch', 'one');
    const printed = errors(watching);
    await until(() => printed().includes('run one: running'), 'the watching');
    // Only what watches has the events open by now, so that it can read them when they are gone.
    await until(() => printed().includes('4 tasks'), 'the plan');
    project.release();
    const run = await started.finished;
    const { code, stderr } = await watching.finished;
    expect(run.code).toBe(2);
    expect(code).toBe(2);
    expect(existsSync(join(project.folder, '.gcd'))).toBe(false);
    expect(stderr).toMatch(
      /run one has ended before any task did, and nothing is left of it\nProjectInvalid: /,
    );
    expect(stderr).toContain('no such thing');
  });

  test('without runs there is nothing to watch', async () => {
    const project = await waitingProject(columns);
    const { code, stderr } = await project.run('watch');
    expect(stderr).toMatch(/^error: no runs in /);
    expect(code).toBe(2);
  });
});
