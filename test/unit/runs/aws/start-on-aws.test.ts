/** `start --cluster`, to its end, with an account in memory. */
import { existsSync, readdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { readRemote } from '../../../../adapters/local/runs/remote-file.ts';
import type { Asking } from '../../../../cli/aws/confirm.ts';
import { start } from '../../../../cli/commands/start/start.ts';
import { AccessDenied, NotFound, ProjectInvalid, QuotaExceeded } from '../../../../core/errors/errors.ts';
import { layout } from '../../../../core/run-store/layout.ts';
import { exists, readAll } from '../../../../core/store.ts';
import { config, nobody, options, parts, projectOf } from '../../../support/cloud/begin.ts';
import { memoryCloud } from '../../../support/cloud/client.ts';
import { newWorld } from '../../../support/cloud/run.ts';
import { err, out, printed } from '../../../support/jest/captured-output.ts';

describe('start --cluster', () => {
  test('asks AWS nothing when a link would take along what is not in the project', async () => {
    const { folder } = await projectOf();
    const elsewhere = await projectOf();
    symlinkSync(elsewhere.folder, join(folder, 'weights'));
    const connect = () => Promise.reject(new Error('asked AWS'));
    const asked = parts(memoryCloud(await newWorld({}, [])), nobody, { connect });
    await expect(start(options(folder), asked)).rejects.toThrow(/weights is a link to .*outside/);
    const config = 'data_bucket: s3://data\nregion: us-west-2\nfollow_links: weights/\n';
    writeFileSync(join(folder, 'config.yaml'), config);
    await expect(start(options(folder), asked)).rejects.toThrow('asked AWS');
  });

  test('says before the question what the image takes, and what it does not', async () => {
    const { folder } = await projectOf({ '.env.local': 'x', 'b.log': 'x', '.gcdignore': '*.log\n' });
    const elsewhere = await projectOf();
    symlinkSync(elsewhere.folder, join(folder, 'weights'));
    writeFileSync(join(folder, 'config.yaml'), `${config}follow_links: [weights]\n`);
    let before = '';
    const asking: Asking = {
      interactive: true,
      ask: async () => {
        before = err();
        return false;
      },
    };
    const account = memoryCloud(await newWorld({}, []));
    await expect(start(options(folder), parts(account, asking))).rejects.toThrow('nothing was done');
    expect(before).toMatch(/image +takes 5 files of the project, [\d.]+ (B|KiB)/);
    expect(before).toContain('left out, as they may hold secrets: .env.local');
    expect(before).toContain('left out, as .gcdignore says: b.log');
    expect(before).toContain(
      `from outside: weights, which leads to ${realpathSync(elsewhere.folder)}: 2 files`,
    );
    await start(options(folder, { dryRun: true, json: true }), parts(account));
    expect(JSON.parse(out()).image).toMatchObject({
      files: 5,
      leftOut: [
        { path: '.env.local', why: 'secret' },
        { path: 'b.log', why: 'ignored' },
      ],
    });
  });

  test.each(['results', '.gcd'])('asks AWS nothing when %s is a link out of the project', async (link) => {
    const { folder } = await projectOf();
    const elsewhere = await projectOf();
    symlinkSync(elsewhere.folder, join(folder, link));
    const asked = {
      ...parts(memoryCloud(await newWorld({}, [])), nobody, {
        connect: () => Promise.reject(new Error('asked AWS')),
      }),
      check: () => Promise.reject(new Error('looked at the code')),
    };
    await expect(start(options(folder), asked)).rejects.toThrow(ProjectInvalid);
    expect(readdirSync(elsewhere.folder).sort()).toEqual(['config.yaml', 'entrypoint.py']);
  });

  test('begins the run, follows it to its end, and brings the results here', async () => {
    const { folder } = await projectOf();
    const world = await newWorld({}, []);
    const account = memoryCloud(world);
    const code = await start(options(folder, { scalenodes: 3, instance_type: 'm6i.xlarge' }), parts(account));
    expect(code).toBe(0);
    expect(readdirSync(join(folder, 'results')).sort()).toEqual([
      'error.csv',
      'logs.csv',
      'performance.txt',
      'report.html',
      'results.csv',
    ]);
    expect(readFileSync(join(folder, 'results/results.csv'), 'utf8').trim().split('\n')).toHaveLength(7);
    expect(err()).toMatch(/^run calm-owls of .*, on AWS: stack gcd-sfn in us-west-2, account 1, as anna$/m);
    expect(err()).toMatch(/^ +keys +those of /m);
    expect(err()).toContain('3 files, 6 tasks, in');
    expect(err()).toMatch(/cluster +lab in us-west-2, to be made: about 12 minutes, and \$0.10 an hour/);
    expect(err()).toMatch(/nodes +3 × m6i.xlarge, 2 workers each/);
    expect(err()).toMatch(/time +not known: none of its tasks has run before/);
    expect(err()).toMatch(/cost +\$\d+\.\d\d an hour and \$\d\.\d+ once, by the prices of 2026-11-22/);
    expect(err()).toMatch(/cost: about \$\d/);
    expect(out()).toContain('Total tasks   6');
    // What it left on AWS, and here.
    const request = JSON.parse((await readAll(world.store('calm-owls'), layout.request)).toString());
    expect(request.target).toMatchObject({
      kind: 'eks',
      cluster: { name: 'lab' },
      nodegroup: { name: 'gcd-m6i-xlarge', instanceType: 'm6i.xlarge' },
      nodes: 3,
      workersPerNode: 2,
      bastion: 'lab-bastion',
      image: { digest: 'd1', source: 'stack-bucket/sources/d1.zip' },
    });
    expect(request.workers).toBe(6);
    expect(request.by).toBe('arn:aws:iam::1:user/anna');
    expect(request.projectKey).toMatch(/-[0-9a-f]{12}$/);
    expect((await readAll(account.bucket, 'sources/d1.zip')).toString()).toBe('zip');
    expect(readRemote(join(folder, '.gcd/runs/calm-owls'))).toMatchObject({
      stack: 'gcd-sfn',
      region: 'us-west-2',
      bucket: 'stack-bucket',
      seen: { state: 'done', succeeded: 6, failed: 0, total: 6 },
    });
  });

  test('tells a time range and dollars when its tasks have run before', async () => {
    const { folder } = await projectOf();
    const world = await newWorld({}, []);
    await start(options(folder), parts(memoryCloud(world)));
    printed.err = [];
    expect(await start(options(folder, { dryRun: true, name: 'second' }), parts(memoryCloud(world)))).toBe(0);
    expect(err()).toMatch(/time +.* to .*, as its tasks took before/);
    expect(err()).toMatch(/cost +\$\d+\.\d+ to \$\d+\.\d+: /);
    expect(err()).not.toContain('to be made');
    expect(existsSync(join(folder, '.gcd/runs/second'))).toBe(false);
    expect(await exists(world.store('second'), layout.request)).toBe(false);
  });

  test('says what a burstable type really costs', async () => {
    const { folder } = await projectOf();
    const world = await newWorld({}, []);
    await start(options(folder, { dryRun: true, instance_type: 't3.large' }), parts(memoryCloud(world)));
    expect(err()).toContain('a burstable type that is kept busy costs more than its list price');
  });

  test('an unknown cluster without --create and without a terminal is an error that names those that are there', async () => {
    const { folder } = await projectOf();
    const world = await newWorld({}, []);
    await start(options(folder, { cluster: 'other' }), parts(memoryCloud(world)));
    const again = start(options(folder, { create: false, name: 'second' }), parts(memoryCloud(world)));
    await expect(again).rejects.toMatchObject({
      name: 'UsageError',
      message: 'there is no cluster lab in us-west-2',
      hint: '--create creates it. Existing clusters: other',
    });
    expect(existsSync(join(folder, '.gcd/runs/second'))).toBe(false);
  });

  test.each([true, false])('on a terminal it is a question, and %s is the answer', async (answer) => {
    const { folder } = await projectOf();
    const world = await newWorld({}, []);
    const questions: string[] = [];
    const asking: Asking = {
      interactive: true,
      ask: async (question) => {
        questions.push(question);
        return answer;
      },
    };
    const started = start(options(folder, { create: false }), parts(memoryCloud(world), asking));
    if (answer) expect(await started).toBe(0);
    else await expect(started).rejects.toMatchObject({ name: 'RunInterrupted' });
    expect(questions).toEqual(['Cluster lab does not exist. Create it and start the run?']);
    expect(world.account.executions.size).toBe(answer ? 1 : 0);
    expect(existsSync(join(folder, '.gcd/runs/calm-owls'))).toBe(answer);
  });

  test('--yes asks nothing', async () => {
    const { folder } = await projectOf();
    const asking: Asking = { ...nobody, interactive: true };
    const world = await newWorld({}, []);
    expect(await start(options(folder, { yes: true }), parts(memoryCloud(world), asking))).toBe(0);
  });

  test('a folder with data that is not there is an error', async () => {
    const { folder } = await projectOf({ 'config.yaml': 'data_bucket: ./data\n' });
    const account = memoryCloud(await newWorld({}, []));
    await expect(start(options(folder), parts(account))).rejects.toMatchObject({
      name: 'NothingToDo',
      message: expect.stringContaining('the place that data_bucket names is not there'),
    });
  });

  test('without a stack nothing is left', async () => {
    const { folder } = await projectOf();
    const world = await newWorld({}, []);
    const connect = () => Promise.reject(new NotFound('there is no stack gcd-sfn'));
    await expect(start(options(folder), parts(memoryCloud(world), nobody, { connect }))).rejects.toThrow(
      'there is no stack gcd-sfn',
    );
    expect(existsSync(join(folder, '.gcd'))).toBe(false);
  });

  describe('with workers for which no node has room', () => {
    const faults: [settings: string, message: string][] = [
      [
        'pod: {resources: {requests: {cpu: 3}}}',
        '- resources.requests.cpu: 3 is more than its share of the node, ',
      ],
      [
        'memory_per_worker: 16Gi',
        'memory_per_worker is 16 GiB, but each of 2 workers on a node of gcd-m6i-large ',
      ],
      [
        'workers_per_node: 100',
        'no room for 100 workers on a node of gcd-m6i-large (2 vCPUs, 8 GiB, 520 GiB of disk)',
      ],
    ];
    test.each(faults)(
      '%s is refused before anything is made, also by a dry run',
      async (settings, message) => {
        const { folder } = await projectOf({ 'config.yaml': `${config}${settings}\n` });
        const world = await newWorld({}, []);
        for (const dryRun of [true, false]) {
          const starting = start(options(folder, { dryRun }), parts(memoryCloud(world)));
          await expect(starting).rejects.toMatchObject({
            ...{ name: 'ConfigInvalid', exitCode: 2, message: expect.stringContaining(message) },
            hint: expect.any(String),
          });
        }
        expect(world.account.executions.size).toBe(0);
        expect(existsSync(join(folder, '.gcd/runs/calm-owls'))).toBe(false);
      },
    );

    test('nothing is refused if nobody may look at the instance type', async () => {
      const { folder } = await projectOf({ 'config.yaml': `${config}${faults[0]?.[0]}\n` });
      const world = await newWorld({}, []);
      world.account.refuse('quotas.offer', new AccessDenied('not allowed: offer'));
      expect(await start(options(folder, { dryRun: true }), parts(memoryCloud(world)))).toBe(0);
    });
  });

  describe('in an account that lacks something', () => {
    const standard = 'Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances';

    test('it is said before anything is made, and the run goes as far as it can', async () => {
      const { folder } = await projectOf();
      const world = await newWorld({}, []);
      world.account.quotas.set(standard, 5);
      expect(await start(options(folder, { scalenodes: 2 }), parts(memoryCloud(world)))).toBe(0);
      expect(err()).toMatch(
        /account +2 × m6i.large and the bastion need 6 vCPUs, and the quota is 5 .*bastion is not started/,
      );
      expect(err()).toContain('--quota-code L-1216C47A --desired-value 6');
    });

    test('a run that can have no node is refused, and leaves nothing; a dry run shows why', async () => {
      const { folder } = await projectOf();
      const world = await newWorld({}, []);
      world.account.quotas.set(standard, 1);
      await expect(start(options(folder), parts(memoryCloud(world)))).rejects.toMatchObject({
        ...{ name: 'QuotaExceeded', exitCode: 3, message: expect.stringContaining('not a single node') },
        hint: expect.stringContaining('aws service-quotas request-service-quota-increase'),
      });
      expect(world.account.executions.size).toBe(0);
      expect(existsSync(join(folder, '.gcd/runs/calm-owls'))).toBe(false);
      expect(await start(options(folder, { dryRun: true }), parts(memoryCloud(world)))).toBe(0);
      expect(err()).toContain('not a single node');
    });

    test('one that nobody may look at goes on', async () => {
      const { folder } = await projectOf();
      const world = await newWorld({}, []);
      for (const verb of ['quota', 'machines', 'offer'])
        world.account.refuse(`quotas.${verb}`, new AccessDenied(`not allowed: ${verb}`));
      expect(await start(options(folder), parts(memoryCloud(world)))).toBe(0);
      expect(err()).toContain('cannot check the quota of concurrent builds: not allowed: quota');
    });
  });

  test('a licence file goes to its own place and nowhere else', async () => {
    const { folder } = await projectOf({
      'config.yaml': `${config}solver_name: MOSEK\nsolver_lic_file_local_source: ./secret.lic\nsolver_lic_target_path_in_images_dest: /root/mosek\n`,
      'secret.lic': 'TOP SECRET',
    });
    const world = await newWorld({}, []);
    const begun = Promise.withResolvers<void>();
    const account = memoryCloud(world, { begin: () => begun.promise });
    expect(await start(options(folder, { detach: true }), parts(account))).toBe(0);
    expect(Buffer.from(world.account.licences.get('calm-owls')!.content).toString()).toBe('TOP SECRET');
    expect((await readAll(world.store('calm-owls'), layout.request)).toString()).not.toContain('TOP SECRET');
    begun.resolve();
    await account.settled();
    expect(world.account.licences.size).toBe(0);
  });

  test('an address is asked before its first run begins, and not again; a trouble with that stops no run', async () => {
    const { folder } = await projectOf({ 'config.yaml': `${config}notify: me@example.org\n` });
    const world = await newWorld({}, []);
    const before: number[] = [];
    const begin = async () => void before.push(world.account.invited.length);
    expect(await start(options(folder), parts(memoryCloud(world, { begin })))).toBe(0);
    expect(before).toEqual([1]);
    expect(err()).toContain(
      'me@example.org gets notifications once confirmed: AWS has sent a mail with a link',
    );
    expect(world.account.sent.map(({ to }) => to)).toEqual(['me@example.org']);
    printed.err = [];
    expect(await start(options(folder, { name: 'second' }), parts(memoryCloud(world)))).toBe(0);
    expect(world.account.invited).toEqual(['me@example.org']);
    expect(err()).not.toContain('me@example.org');
    world.account.refuse('notifier.invite', new AccessDenied('not allowed: sns:Subscribe'));
    expect(await start(options(folder, { name: 'third' }), parts(memoryCloud(world)))).toBe(0);
    expect(err()).toContain('me@example.org may get no notification: not allowed: sns:Subscribe');
  });

  test('results are copied to saved_bucket, too', async () => {
    const { folder } = await projectOf({
      'config.yaml': `${config}saved_bucket: kept\nsaved_path_cloud: losses\n`,
    });
    const account = memoryCloud(await newWorld({}, []));
    expect(await start(options(folder), parts(account))).toBe(0);
    const kept = account.others.get('kept/losses/calm-owls/')!;
    expect((await readAll(kept, 'results.csv')).toString()).toBe(
      readFileSync(join(folder, 'results/results.csv'), 'utf8'),
    );
  });

  test('what fails at the beginning leaves nothing, and the name is free again', async () => {
    const { folder } = await projectOf();
    const world = await newWorld({}, []);
    world.account.refuse('executions.start', new AccessDenied('not allowed: states:StartExecution'));
    await expect(start(options(folder), parts(memoryCloud(world)))).rejects.toThrow('StartExecution');
    expect(await exists(world.store('calm-owls'), layout.request)).toBe(false);
    expect(existsSync(join(folder, '.gcd/runs/calm-owls'))).toBe(false);
    world.account.refuse('executions.start', undefined);
    expect(await start(options(folder), parts(memoryCloud(world)))).toBe(0);
  });

  test('a name that the stack has is refused', async () => {
    const [one, other] = [await projectOf(), await projectOf()];
    const world = await newWorld({}, []);
    await start(options(one.folder), parts(memoryCloud(world)));
    await expect(start(options(other.folder), parts(memoryCloud(world)))).rejects.toMatchObject({
      name: 'UsageError',
      message: "run 'calm-owls' exists already in stack gcd-sfn",
    });
  });

  test('a failure is told with its cause, exit code and what to do', async () => {
    const { folder } = await projectOf();
    const world = await newWorld({}, []);
    const failing = { EnsureNodegroup: new QuotaExceeded('the account may have 0 machines of this kind') };
    const code = await start(options(folder), parts(memoryCloud(world, { failing })));
    expect(code).toBe(3);
    expect(err()).toContain('error: QuotaExceeded: the account may have 0 machines of this kind');
    expect(err()).toMatch(/when the cause is fixed: gcd-sfn resume calm-owls/);
  });
});
