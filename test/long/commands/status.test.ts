import { mkdir, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { kill, type Waiting, waitingProject } from '../../support/cli/gated-project.ts';
import { leftOver, until } from '../../support/cli/project.ts';
import { localRequest } from '../../support/memory/local-request.ts';

const columns = ['Power0', 'Power1', 'Power2', 'Bad3'];

async function runsOf(project: Waiting) {
  const { code, stdout } = await project.run('status', '--json');
  expect(code).toBe(0);
  return JSON.parse(stdout).runs;
}

async function oneOf(project: Waiting, run: string) {
  const { code, stdout } = await project.run('status', run, '--json');
  expect(code).toBe(0);
  return JSON.parse(stdout);
}

const odd = (more: object) => JSON.stringify({ ...localRequest('odd'), ...more });

describe('gcd-sfn status', () => {
  test('a run at work, then the same when it is done', async () => {
    const project = await waitingProject(columns);
    const started = await project.start('one');
    const [first = ''] = project.begun();
    project.release(first);
    await until(() => project.live('one')?.progress?.succeeded === 1, 'a task');
    const running = await oneOf(project, 'one');
    expect(running).toMatchObject({
      run: 'one',
      state: 'running',
      words: 'running',
      exitCode: null,
      tasks: { total: 4, succeeded: 1, failed: 0, unfinished: 3, exact: true },
      process: { pid: started.process.pid, host: hostname() },
      live: { state: 'DispatchBatches', workers: 2, busy: 2 },
      editedFiles: 0,
      results: null,
    });
    expect(running.tasksPerSecond).toBeGreaterThan(0);
    expect(running).toHaveProperty('secondsLeft');
    expect(running.next).toMatch(/^gcd-sfn watch one --project /);
    const table = await project.run('status');
    expect(table.stdout).toMatch(
      /^run +state +done +failed +started +at work for +workers\none +running +1\/4 +0 /,
    );
    expect(table.stderr).toBe('');
    expect((await project.run('status', 'one')).stdout).toMatch(/^tasks +1\/4 done · 2\/2 workers busy · /m);

    project.release();
    expect((await started.finished).code).toBe(1);
    await project.write('entrypoint.py', '# edited\n');
    const done = await oneOf(project, 'one');
    expect(done).toMatchObject({
      state: 'done',
      words: 'done, 1 failed',
      exitCode: 1,
      tasks: { total: 4, succeeded: 3, failed: 1, unfinished: 0, exact: true },
      process: null,
      live: null,
      failures: [
        { file: 'a.csv', column: 'Bad3', class: 'exception', type: 'ValueError', message: 'no good' },
      ],
      editedFiles: 1,
      results: { complete: true },
    });
    expect(done.results.files).toContain('report.html');
    expect(done.next).toMatch(/^gcd-sfn resume one --project '.*' --retry-failed$/);
    const { stdout } = await project.run('status', 'one');
    expect(stdout).toMatch(/^failures +a\.csv, Bad3: ValueError: no good$/m);
    expect(stdout).toMatch(/^code +1 file edited since the run began$/m);
  });

  test('a run whose process was killed, and one that was told to stop', async () => {
    const project = await waitingProject(['Bad0', 'Bad1', 'Bad2', 'Bad3']);
    const started = await project.start('one');
    const [first = ''] = project.begun();
    project.release(first);
    await until(() => project.live('one')?.progress?.failed === 1, 'the failure');
    await kill(started);
    const killed = await oneOf(project, 'one');
    expect(killed).toMatchObject({
      state: 'interrupted',
      exitCode: 130,
      ended: null,
      process: null,
      live: null,
      tasks: { total: 4, succeeded: 0, failed: 1, unfinished: 3, exact: true },
    });
    expect(killed.failures).toMatchObject([{ file: 'a.csv', column: first, type: 'ValueError' }]);
    expect(killed.next).toMatch(/^gcd-sfn resume one --project '[^']*'$/);
    expect((await project.run('status', 'one')).stdout).toMatch(/^results +none yet: gcd-sfn results one /m);
    await until(() => leftOver().length === 0, 'the workers to end');

    const other = await waitingProject(columns);
    const stopping = await other.start('two');
    let said = '';
    stopping.process.stderr?.on('data', (text) => {
      said += text;
    });
    stopping.process.kill('SIGINT');
    await until(() => said.includes('stopping two'), 'the stop to be heard');
    other.release();
    expect((await stopping.finished).code).toBe(130);
    expect(await runsOf(other)).toMatchObject([
      {
        run: 'two',
        state: 'stopped',
        words: 'stopped',
        exitCode: 130,
        tasks: { succeeded: 2, unfinished: 2 },
      },
    ]);
    // Each project has its own.
    expect((await runsOf(project)).map(({ run }: { run: string }) => run)).toEqual(['one']);
  });

  test('runs at the same time, newest first', async () => {
    const project = await waitingProject(columns);
    await project.start('one');
    await project.start('two');
    expect(await runsOf(project)).toMatchObject([
      { run: 'two', state: 'running' },
      { run: 'one', state: 'running' },
    ]);
  });

  test('all repetitions are counted', async () => {
    const project = await waitingProject(['Power0', 'Bad1']);
    const started = project.begin('start', '-n', '0', '-r', '2', '--name', 'one');
    await until(() => project.begun().length === 2, 'the tasks');
    expect(await oneOf(project, 'one')).toMatchObject({ tasks: { total: 4, unfinished: 4 } });
    project.release();
    await started.finished;
    expect(await oneOf(project, 'one')).toMatchObject({
      tasks: { total: 4, succeeded: 2, failed: 2, unfinished: 0 },
    });
  });

  test('a run on another machine is called so', async () => {
    const project = await waitingProject(columns);
    const { process, finished } = await project.start('one');
    process.kill('SIGINT');
    project.release();
    await finished;
    const folder = join(project.folder, '.gcd/runs/one');
    await writeFile(join(folder, 'lock'), JSON.stringify({ pid: 7, host: 'elsewhere', started: null }));
    expect((await oneOf(project, 'one')).words).toBe('in use on elsewhere');
    // What another process has left says nothing of this one.
    const left = { at: 1, pid: 8, state: 'Report', detail: '', progress: null, workers: [] };
    await writeFile(join(folder, 'live.json'), JSON.stringify(left));
    expect((await oneOf(project, 'one')).words).toBe('in use on elsewhere');
    const live = { at: 1, pid: 7, state: 'DispatchBatches', detail: '', progress: null, workers: [] };
    await writeFile(join(folder, 'live.json'), JSON.stringify(live));
    expect(await oneOf(project, 'one')).toMatchObject({ state: 'running', words: 'running on elsewhere' });
    await rm(join(folder, 'lock'));
  });

  test.each<[string, Record<string, string>, string]>([
    ['no request', {}, 'damaged'],
    ['an empty request', { 'request.json': '' }, 'damaged'],
    ['half a request', { 'request.json': '{"run":"odd","requ' }, 'damaged'],
    ['a request that is null', { 'request.json': 'null' }, 'damaged'],
    ['the request of another run', { 'request.json': '{"run":"other","requestedAt":1}' }, 'damaged'],
    ['a request without a time', { 'request.json': odd({ requestedAt: undefined }) }, 'damaged'],
    ['a request of a time that never comes', { 'request.json': odd({ requestedAt: 1e300 }) }, 'damaged'],
    ['a request that is a folder', { 'request.json/x': '' }, 'damaged'],
    ['nothing but a request', { 'request.json': odd({ requestedAt: 1e11 }) }, 'interrupted'],
    [
      'everything else damaged',
      {
        'request.json': odd({ requestedAt: 1 }),
        'plan.json': '[]',
        'events.jsonl': 'null\n7\n{"event":"execution-ended"}\n{"at":2,"event":"execution-started"}\n{"at":',
        'gathered/summary.json': '{}',
        'live.json': '"x"',
        'control.json': '7',
        lock: '{"pid":',
        'parts/1/a.jsonl': '{"status":"failed","index":0,"t}\n',
      },
      'interrupted',
    ],
  ])('%s', async (_, files, state) => {
    const project = await waitingProject(columns);
    await mkdir(join(project.folder, '.gcd/runs/odd'), { recursive: true });
    for (const [path, text] of Object.entries(files)) await project.write(`.gcd/runs/odd/${path}`, text);
    expect(await runsOf(project)).toMatchObject([{ run: 'odd', state }]);
    expect(await oneOf(project, 'odd')).toMatchObject({ run: 'odd', state });
    for (const args of [[], ['odd']]) {
      const { code, stdout, stderr } = await project.run('status', ...args);
      expect(stdout).toContain(state);
      expect(stderr).toBe('');
      expect(code).toBe(0);
    }
    // Nor does it keep others from being found.
    const watched = await project.run('watch');
    expect(watched.stderr).toMatch(state === 'damaged' ? /^error: no runs in / : /^run odd is not at work\n/);
  });

  test('names that are not there, and projects without runs', async () => {
    const project = await waitingProject(columns);
    const none = await project.run('status');
    expect(none).toMatchObject({ code: 0, stdout: '' });
    expect(none.stderr).toMatch(/^there is no run in .* yet; start one: gcd-sfn start --project '/);
    expect(await runsOf(project)).toEqual([]);
    project.release();
    await project.run('start', '-n', '0', '--name', 'one');
    for (const name of ['nono', '../runs/one', '.']) {
      const { code, stderr } = await project.run('status', name);
      expect(stderr).toMatch(/^error: no run '.*\n {2}The newest runs are: one\n$/);
      expect(code).toBe(2);
    }
    const nowhere = await project.run('status', '--project', join(project.folder, 'nowhere'));
    expect(nowhere.stderr).toMatch(/^error: there is no folder .*nowhere\n/);
    expect(nowhere.code).toBe(2);
  });
});
