/** What single stages do that no walk shows. */
import { describe, expect, test } from '@jest/globals';
import { AlreadyStarted, BudgetExceeded, TookTooLong, UsageError } from '../../../core/errors/errors.ts';
import { estimate } from '../../../core/estimate/cost/run-cost.ts';
import { MemoryStore } from '../../../core/memory-store.ts';
import { platformOf } from '../../../core/platform.ts';
import { layout } from '../../../core/run-store/layout.ts';
import { isOver } from '../../../core/run-store/status/control.ts';
import { readCosts } from '../../../core/run-store/status/costs.ts';
import { readAll } from '../../../core/store.ts';
import { limitCost, sumCost } from '../../../functions/cost/limit-sum-cost.ts';
import { checkImage } from '../../../functions/image/check-confirm-image.ts';
import { notify } from '../../../functions/notify/notify.ts';
import { explain } from '../../../functions/notify/outcome.ts';
import { startScheduledRun } from '../../../functions/validate/start-scheduled-run.ts';
import { validate } from '../../../functions/validate/validate.ts';
import { createSchedule } from '../../../runs/aws/create-schedule.ts';
import { eksRequest } from '../../support/cloud/run.ts';
import { World } from '../../support/cloud/world.ts';
import { ManualClock } from '../../support/memory/manual-clock.ts';
import { MemoryAccount } from '../../support/memory-aws/account.ts';
import { MemoryPrices } from '../../support/memory-aws/prices.ts';
import { MemorySchedules } from '../../support/memory-aws/schedules.ts';

const prices = new MemoryPrices();
const list = await prices.list('us-west-2', 'm6i.large', false);

const offer = 2 * 0.000025 + 3 * 4e-7 + 2 * 5e-6 + 2 * 4e-7;
/** Of its orchestration. */
const workerHour = 90 * 4e-7 + 72 * 5e-6 + 1190 * 4e-7 + 6 * offer;
const workerOnce = 30 * 5e-6 + 3 * 4e-7;

describe('an estimate', () => {
  const scale = { nodes: 10, diskGiB: 20, hasBastion: true, workersPerNode: 2 };
  const request = {
    ...scale,
    batches: 300,
    tasks: 300,
    files: 0,
    repetitions: 1,
    builds: true,
    makesCluster: true,
  };

  test('names each part, and the day of its prices', () => {
    const { parts, perHour, once, pricesOf } = estimate(list, { ...request, work: null, longest: null });
    const expected = {
      instances: 10 * 0.096 + 0.0104,
      cluster: 0.1,
      disks: (208 * 0.08) / 730,
      addresses: 11 * 0.005,
      requests: expect.closeTo(20 * workerHour, 9),
    };
    expect(parts).toEqual(expected);
    expect(perHour).toBeCloseTo(0.96 + 0.0104 + 0.1 + 0.0228 + 0.055 + 20 * workerHour, 4);
    const functions = (300 + 300 * 0.004) * 0.0000133334;
    const batches = 300 * (2 * 0.000025 + offer) + 400 * 0.000025;
    expect(once).toBeCloseTo(6 * 0.005 + batches + 20 * workerOnce + functions, 6);
    expect(pricesOf).toBe('2026-11-22');
  });

  test('is a range when the work is known, and no shorter than the longest task; else it is the hour that counts', () => {
    const { seconds, dollars } = estimate(list, { ...request, work: 20 * 3600, longest: 60 });
    expect(seconds).toEqual({ low: 900 + 3600 * 0.8, high: 1500 + 3600 * 1.5 });
    expect(dollars!.low).toBeGreaterThan(1);
    expect(dollars!.high).toBeLessThan(3);
    expect(estimate(list, { ...request, work: 3600, longest: 7200 }).seconds?.low).toBe(900 + 7200 * 0.8);
    expect(estimate(list, { ...request, work: null, longest: null })).toMatchObject({
      dollars: null,
      seconds: null,
    });
  });

  test('says what the build of an image is of it, which may be there: its low end is without', () => {
    const known = { ...request, work: 3600, longest: 60 };
    const [with_, without] = [estimate(list, known), estimate(list, { ...known, builds: false })];
    expect(with_.notes).toContain('$0.03 of it builds the image, unless one of the same content is there');
    expect(without.notes.join()).not.toContain('image');
    expect(with_.dollars!.low).toBeCloseTo(without.dollars!.low, 9);
    expect(with_.dollars!.high - without.dollars!.high).toBeCloseTo(6 * 0.005, 9);
  });

  test('counts what a burstable type costs when it is busy, and says so', async () => {
    const burstable = estimate(await prices.list('us-west-2', 't3.medium', false), {
      ...request,
      work: 1,
      longest: 1,
    });
    expect(burstable.parts.instances).toBeCloseTo(10 * (0.096 + 2 * 0.05) + 0.0104, 6);
    expect(burstable.notes.join()).toContain('burstable');
    const bundled = estimate({ ...list, source: 'bundled' }, { ...request, work: 1, longest: 1 });
    expect(bundled.notes.join()).toContain('prices of 2026-11-22, which came with this version');
  });
});

describe('a budget', () => {
  const limited = async (budgetUsd: number | null, before: object[] = []) => {
    const [store, clock] = [new MemoryStore(), new ManualClock(10_000)];
    await store.write(
      layout.plan,
      JSON.stringify({ batches: 10, tasks: 10, files: 10, expected: { seconds: null } }),
    );
    for (const [place, cost] of before.entries())
      await store.write(
        layout.cost(`r-${place}`),
        JSON.stringify({ pricesOf: '', once: 0, perHour: 0, ...cost }),
      );
    const request = eksRequest('r', { config: { budgetUsd } });
    const ports = { store, clock, prices };
    const begin = (built = true) => limitCost(ports)(request, { execution: 'r-9', startedAt: 9_700, built });
    return { store, clock, begin, end: () => sumCost(ports)({ execution: 'r-9' }) };
  };
  const perHour = 2 * 0.096 + 0.0104 + 0.1 + (48 * 0.08) / 730 + 3 * 0.005 + 4 * workerHour;

  test('becomes a deadline that leaves time to end, after which no more work is handed out; nor after a stop', async () => {
    const { store, begin } = await limited(10);
    const { deadline } = await begin();
    const functions = (300 + 10 * 0.004) * 0.0000133334;
    const batches = 10 * (2 * 0.000025 + offer) + 400 * 0.000025 + 10 * 2 * 4e-7;
    const single = 6 * 0.005 + batches + 4 * workerOnce + functions;
    expect(deadline).toBeCloseTo(9_700 + ((10 - single) / perHour) * 3600 - 300, 3);
    expect(await isOver(store, 'r-9', deadline! - 1)).toBe(false);
    expect(await isOver(store, 'r-9', deadline! + 1)).toBe(true);
    expect(await isOver(store, 'r-8', deadline! + 1)).toBe(false);
    await store.write(layout.control, JSON.stringify({ stop: 'drain' }));
    expect(await isOver(store, 'r-9', 0)).toBe(true);
  });

  test('counts what earlier executions have cost, those that nobody closed until their deadline', async () => {
    const closed = { from: 0, to: 3600, perHour: 2, once: 0.5, deadline: null };
    const left = { from: 1000, to: null, perHour: 3.6, once: 0, deadline: 2000 };
    const { begin } = await limited(10, [closed, left]);
    const { begin: alone } = await limited(10 - 2.5 - 1);
    expect((await begin()).deadline).toBeCloseTo((await alone()).deadline!, 3);
    const { begin: spent } = await limited(3.5, [closed, left]);
    await expect(spent()).rejects.toThrow(BudgetExceeded);
  });

  test('counts a build of the image only when there was one', async () => {
    const { begin, store } = await limited(10);
    const onceOf = async () => (await readCosts(store)).get('r-9')!.once;
    await begin(true);
    const built = await onceOf();
    await begin(false);
    expect(built - (await onceOf())).toBeCloseTo(6 * 0.005, 6);
  });

  test('the cost of an execution is that of its time, however often it is summed up', async () => {
    const { begin, end, clock } = await limited(null);
    expect((await begin()).deadline).toBeNull();
    clock.advance(3300);
    const { dollars } = await end();
    clock.advance(3600);
    expect((await end()).dollars).toBe(dollars);
    expect(dollars).toBeCloseTo(perHour + 0.045, 2);
  });
});

describe('a schedule', () => {
  const at = { schedule: 'daily', time: '2026-11-22T06:00:00Z' };
  async function scheduled() {
    const schedules = new MemorySchedules(new MemoryAccount({ clock: new ManualClock(0) }));
    const [bucket, stores] = [new MemoryStore(), new Map<string, MemoryStore>()];
    const runStore = (run: string) => stores.get(run) ?? stores.set(run, new MemoryStore()).get(run)!;
    await bucket.write('daily.json', JSON.stringify(eksRequest('stored')));
    await createSchedule({ schedules })({
      name: 'daily',
      expression: 'rate(1 day)',
      timezone: null,
      request: 'daily.json',
    });
    return { schedules, bucket, runStore, stores };
  }

  test('gives each of its times one run, whose execution may ask again', async () => {
    const ports = await scheduled();
    const begin = startScheduledRun(ports);
    expect(await begin({ ...at, execution: 'x' })).toBe('daily-20261122-0600');
    expect(await begin({ ...at, execution: 'x' })).toBe('daily-20261122-0600');
    await expect(begin({ ...at, execution: 'y' })).rejects.toThrow(AlreadyStarted);
    expect(await begin({ ...at, time: '2026-11-23T06:00:00Z', execution: 'y' })).toBe('daily-20261123-0600');
    const request = await readAll(ports.runStore('daily-20261122-0600'), layout.request);
    expect(JSON.parse(request.toString())).toMatchObject({
      run: 'daily-20261122-0600',
      requestedAt: 1_795_327_200,
    });
  });

  test('of two executions at once one has the run', async () => {
    const begin = startScheduledRun(await scheduled());
    const outcomes = await Promise.allSettled(
      ['x', 'y', 'z'].map((execution) => begin({ ...at, execution })),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  test.each([
    [{ name: 'no spaces' }, /is no name/],
    [{ expression: 'every day' }, /is no time/],
    [{ expression: 'cron(0 6 * * *)' }, /is no time/],
    [{ expression: 'rate(2 days)' }, /there is a schedule daily already/],
  ])('%j is refused', async (wrong, message) => {
    const ports = await scheduled();
    const right = { name: 'daily', expression: 'rate(1 day)', timezone: null, request: 'daily.json' };
    await createSchedule(ports)(right);
    await expect(createSchedule(ports)({ ...right, ...wrong })).rejects.toThrow(message);
    await expect(createSchedule(ports)({ ...right, ...wrong })).rejects.toThrow(UsageError);
    expect(await ports.schedules.list()).toEqual([right]);
    await ports.schedules.remove('daily');
    expect(await ports.schedules.list()).toEqual([]);
  });
});

describe('a message', () => {
  test.each([
    [
      { Error: 'NotFound', Cause: '{"errorMessage":"no plan","errorType":"NotFound","stackTrace":[]}' },
      'no plan',
    ],
    [{ Error: 'NotFound', Cause: 'no plan' }, 'no plan'],
    [{ Error: 'States.Timeout' }, 'a state timed out'],
    [{ Error: 'Odd', Cause: '' }, 'it failed with Odd'],
    [{ Error: 'Odd', Cause: '{"a":1}' }, '{"a":1}'],
  ])('makes a sentence of %j', (failure, cause) => {
    expect(explain(failure)).toEqual({ error: failure.Error, cause });
  });

  test('goes once an execution, and to nobody when nobody is named', async () => {
    const world = new World();
    const ports = world.ports('r');
    const to = { kind: 'email', address: 'me@example.org' } as const;
    const ended = (run: string, execution: string, more: object = {}) => ({
      execution,
      state: { run, execution, outcome: {}, failures: {}, ...more },
    });
    await notify(ports)(null, ended('r', 'r-1'));
    for (let times = 0; times < 2; times++) await notify(ports)(to, ended('r', 'r-1'));
    const gathered = { succeeded: 1, failed: 1, unfinished: 0 };
    await notify(ports)(to, ended('x'.repeat(200), 'r-2', { gathered }));
    expect(world.account.sent.map(({ subject }) => subject.length)).toEqual([24, 100]);
    expect(world.account.sent[1]?.text).toContain('Tasks: 1 succeeded, 1 failed, 0 not done.');
  });
});

describe('what a run wants', () => {
  const validated = (options: Parameters<typeof eksRequest>[1]) =>
    validate({ clock: new ManualClock(7) })(
      eksRequest('r', options),
      { bucket: 'b', prefix: 'runs/r/' },
      'r-1',
    );

  test('is said once, with the tags that everything gets', () => {
    const { target, cluster, startedAt, store } = validated({});
    expect([cluster, startedAt, store.batches]).toEqual(['c', 7, 'runs/r/batches.jsonl']);
    const tags = { grant: 'A-1', project: 'p', managedBy: 'gcd-sfn' };
    expect(target).toMatchObject({
      kind: 'eks',
      cluster: { tags },
      nodegroup: { cluster: 'c', tags },
      bastion: { tags },
    });
  });

  test('fits the processor, all of it', () => {
    const nodegroup = { name: 'g', instanceType: 'c7gn.large', spot: false, maxNodes: 1, diskGiB: 8 };
    const { target } = validated({ target: { nodegroup } });
    const build = { type: 'ARM_CONTAINER', image: 'aws/codebuild/amazonlinux-aarch64-standard:3.0' };
    expect(target).toMatchObject({
      image: { platform: 'linux/arm64', build },
      nodegroup: { amiType: 'AL2023_ARM_64_STANDARD' },
    });
    const graviton = [
      'a1.large',
      't4g.nano',
      'm7gd.xlarge',
      'im4gn.large',
      'is4gen.large',
      'g5g.xlarge',
      'x2gd.large',
      'hpc7g.4xlarge',
    ];
    const others = [
      'm6i.large',
      'g5.xlarge',
      'g4dn.xlarge',
      'g6e.large',
      'gr6.large',
      't3.medium',
      'u-6tb1.metal',
      'r7a.large',
    ];
    expect(graviton.filter((type) => platformOf(type).architecture !== 'arm64')).toEqual([]);
    expect(others.filter((type) => platformOf(type).architecture !== 'x86_64')).toEqual([]);
  });

  test('has the layers of each project and processor apart', () => {
    const cacheOf = (project: { projectKey?: string; projectName?: string }, options = {}) => {
      const request = { ...eksRequest('r', options), ...project };
      const at = { bucket: 'b', prefix: 'runs/r/' };
      const { target } = validate({ clock: new ManualClock(7) })(request, at, 'r-1');
      return target.kind === 'eks' ? target.image.cache : '';
    };
    const projectKey = 'gismo-0123456789ab';
    expect(cacheOf({ projectKey })).toBe('cache-gismo-0123456789ab-amd64');
    const nodegroup = { name: 'g', instanceType: 'c7gn.large', spot: false, maxNodes: 1, diskGiB: 8 };
    expect(cacheOf({ projectKey }, { target: { nodegroup } })).toBe('cache-gismo-0123456789ab-arm64');
    // Requests of earlier versions have no key. A tag has at most 128 characters.
    expect(cacheOf({ projectName: 'Ä project' })).toBe('cache--project-amd64');
    const tag = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
    expect(cacheOf({ projectName: 'p'.repeat(255) })).toMatch(tag);
    expect(cacheOf({ projectKey: 'k'.repeat(100) })).toMatch(tag);
  });

  test('must be what a cluster can reach', () => {
    const dataBucket = { kind: 'folder', path: '/home/me/data' } as const;
    expect(() => validated({ config: { dataBucket } })).toThrow('/home/me/data, a folder of your machine');
    expect(() => validated({ config: { solverLicenceTarget: null } })).toThrow(UsageError);
  });

  test('gives a worker the memory that it needs itself', () => {
    const validatedWith = (mebibytes: number) => () =>
      validated({ config: { memoryPerWorkerBytes: mebibytes * 2 ** 20 } });
    expect(validatedWith(63)).toThrow(
      'memory_per_worker is 63 MiB: on a cluster, a worker needs at least 64 MiB',
    );
    expect(validatedWith(64)).not.toThrow();
  });
});

test("another run's build is waited for, but not for ever", async () => {
  const world = new World({ looks: 1000 });
  const { images, clock } = world.ports('');
  await images.build({ digest: 'd', source: '', platform: '', cache: '' });
  const check = checkImage({ images, clock });
  expect((await check({ digest: 'd', since: world.clock.now() })).state).toBe('pending');
  world.clock.advance(3600);
  await expect(check({ digest: 'd', since: world.clock.now() - 3600 })).rejects.toThrow(TookTooLong);
});
