/** What a user does about a run on AWS that goes on or has ended: `status`, `stop`, `results`, taking it up elsewhere. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { readRemote } from '../../../../adapters/local/runs/remote-file.ts';
import { RunsFolder } from '../../../../adapters/local/runs/runs-folder.ts';
import { resume } from '../../../../cli/commands/resume/resume.ts';
import { runsTable } from '../../../../cli/status/list.ts';
import { showStatus } from '../../../../cli/status/show.ts';
import { layout } from '../../../../core/run-store/layout.ts';
import { exists, readAll } from '../../../../core/store.ts';
import { readRuns } from '../../../../runs/local/list-runs.ts';
import { begun, importInto, nobody, parts, projectOf, runOf } from '../../../support/cloud/begin.ts';
import { err, out, printed } from '../../../support/jest/captured-output.ts';

describe('a run on AWS that was begun from here', () => {
  test('--detach leaves it, and says what to do with it', async () => {
    const { account, go } = await begun();
    expect(err()).toContain('run calm-owls goes on on AWS, execution calm-owls-1');
    expect(err()).toMatch(/gcd-sfn watch calm-owls --project .* {4}follow it/);
    go();
    await account.settled();
  });

  test('status says where it is while it goes on, and how it ended', async () => {
    const { account, runs, run, go } = await begun();
    await showStatus(run, { json: false });
    expect(out()).toMatch(/state +running \(AWS\)/);
    expect(out()).toContain('files     s3://stack-bucket/runs/calm-owls/');
    expect(out()).toContain('stack gcd-sfn in us-west-2, cluster lab, execution calm-owls-1');
    go();
    await account.settled();
    printed.out = [];
    await showStatus(run, { json: true });
    const status = JSON.parse(out());
    expect(status).toMatchObject({
      ...{ state: 'done', exitCode: 0, tasks: { total: 6, succeeded: 6, failed: 0, unfinished: 0 } },
      aws: { stack: 'gcd-sfn', execution: 'calm-owls-1', dollars: expect.any(Number) },
    });
    expect(readRemote(runs.folderOf('calm-owls'))?.seen?.state).toBe('done');
  });

  test('lists of runs ask nobody', async () => {
    const { folder, account, runs, run, go } = await begun();
    const statuses = await readRuns(new RunsFolder(folder));
    expect(statuses.map(({ state }) => state)).toEqual(['remote']);
    const lines = runsTable(statuses, Date.now() / 1000).join('\n');
    expect(lines).toMatch(/calm-owls +not looked at yet \(AWS\)/);
    expect(lines).toContain('calm-owls: on AWS; gcd-sfn status calm-owls looks there');
    go();
    await account.settled();
    await showStatus(run, { json: true });
    expect(runsTable(await readRuns(runs), Date.now() / 1000).join('\n')).toMatch(
      /calm-owls +done \(AWS\) +6\/6/,
    );
  });

  test('stop lets running tasks end; what was not run is told, with exit code 130; resume goes on', async () => {
    const { account, runs, run, world, go } = await begun();
    const at = world.clock.now();
    account.events.tell('calm-owls-1', {
      at,
      event: 'state-entered',
      state: 'DispatchBatches',
      type: 'Map',
      output: null,
    });
    const requested = await run.stop('drain');
    expect((await readAll(world.store('calm-owls'), layout.control)).toString()).toBe('{"stop":"drain"}');
    expect(world.account.executions.get('calm-owls-1')?.state).toBe('running');
    expect(requested).toMatchObject({
      ...{
        how: 'drain',
        lines: [expect.stringContaining('asked calm-owls to stop: running tasks end first')],
      },
    });
    await showStatus(run, { json: false });
    expect(out()).toMatch(/state +stopping \(AWS\)/);
    go();
    await account.settled();
    const code = await resume('calm-owls', { project: runs.project }, parts(account));
    expect(code).toBe(0);
    expect([...world.account.executions.keys()]).toContain('calm-owls-2');
    expect(await exists(world.store('calm-owls'), layout.control)).toBe(false);
  });

  test.each(['EnsureCluster', 'StartWorkers'])(
    'stop before workers are ready waits for none of them: the execution is stopped (%s)',
    async (state) => {
      const { account, runs, run, world, go } = await begun({ cleanup: true });
      const entered = {
        at: 1,
        event: 'state-entered',
        state,
        type: 'Task',
        output: null,
      } as const;
      account.events.tell('calm-owls-1', entered);
      const requested = await run.stop('drain');
      expect(world.account.executions.get('calm-owls-1')?.state).toBe('aborted');
      // Workers that have started in the meantime are not waited for either.
      expect((await readAll(world.store('calm-owls'), layout.control)).toString()).toBe('{"stop":"now"}');
      expect(requested?.how).toBe('now');
      expect(requested?.lines).toEqual([
        expect.stringContaining('stopped calm-owls, because no worker was ready'),
        'cluster lab stays: gcd-sfn cleanup --cluster lab removes it',
      ]);
      go();
      await account.settled();
      expect(await resume('calm-owls', { project: runs.project }, parts(account))).toBe(0);
    },
  );

  test('stop --now stops the execution, and a second stop has nothing to do', async () => {
    const { account, run, world, go } = await begun();
    expect(await run.stop('now')).toMatchObject({ how: 'now' });
    expect(world.account.executions.get('calm-owls-1')?.state).toBe('aborted');
    expect(await run.stop('now')).toBeUndefined();
    go();
    await account.settled();
  });

  test('one that was begun elsewhere is taken up by its name, and resumed with the code that it has', async () => {
    const { account, go } = await begun();
    const other = await projectOf();
    const runs = new RunsFolder(other.folder);
    await expect(importInto(other.folder, account, 'no-such')).rejects.toMatchObject({
      name: 'RunNotFound',
      message: "there is no run 'no-such' in stack gcd-sfn in us-west-2",
    });
    expect(existsSync(join(other.folder, '.gcd'))).toBe(false);
    await importInto(other.folder, account);
    await importInto(other.folder, account);
    await runOf(runs, account).stop('now');
    go();
    await account.settled();
    const pack = () => Promise.reject(new Error('packed'));
    expect(await resume('calm-owls', { project: runs.project }, parts(account, nobody, { pack }))).toBe(0);
    expect(existsSync(join(other.folder, 'results/results.csv'))).toBe(true);
  });

  test('a request from the stack has no file of this machine sent as its licence', async () => {
    const { account, world, go } = await begun();
    const other = await projectOf({ 'secret.txt': 'aws_secret_access_key=1', 'mosek.lic': 'my licence' });
    const store = world.store('calm-owls');
    const request = JSON.parse((await readAll(store, layout.request)).toString());
    const names = { solverLicenceFile: join(other.folder, 'secret.txt'), solverLicenceTarget: '/root/mosek' };
    const forged = { ...request, config: { ...request.config, ...names } };
    await store.write(layout.request, JSON.stringify(forged));
    const runs = new RunsFolder(other.folder);
    await importInto(other.folder, account);
    await runOf(runs, account).stop('now');
    go();
    await account.settled();
    const put: string[] = [];
    const { licences } = account.cloud;
    account.cloud.licences = Object.assign(Object.create(licences), {
      put: async (run: string, content: Uint8Array) => {
        put.push(Buffer.from(content).toString());
        await licences.put(run, content);
      },
    });
    await expect(resume('calm-owls', { project: runs.project }, parts(account))).rejects.toMatchObject({
      name: 'UsageError',
      hint: 'Name yours: gcd-sfn resume calm-owls --licence FILE',
    });
    expect(put).toEqual([]);
    const licence = join(other.folder, 'mosek.lic');
    await resume('calm-owls', { project: runs.project, licence, detach: true }, parts(account));
    expect(put).toEqual(['my licence']);
    await account.settled();
  });

  test('results that AWS could not make are made here', async () => {
    const { folder, account, run, world, go } = await begun();
    go();
    await account.settled();
    const store = world.store('calm-owls');
    for await (const { key } of store.list('results/')) await store.remove(key);
    const to = join(folder, 'elsewhere');
    expect(await run.results({ to, rebuild: false })).toMatchObject({ rebuilt: true, folder: to });
    expect(readFileSync(join(to, 'results.csv'), 'utf8').trim().split('\n')).toHaveLength(7);
    expect(existsSync(join(to, 'runtime.png'))).toBe(true);
  });

  test('results of one at work are refused', async () => {
    const { folder, account, run, go } = await begun();
    await expect(run.results({ to: folder, rebuild: false })).rejects.toMatchObject({ name: 'NothingToDo' });
    go();
    await account.settled();
  });
});
