/** What a pod that somebody has taken over can do with the identity of its run: each attack is one request. */
import { runSimulation } from '@cloud-copilot/iam-simulate';
import { describe, expect, test } from '@jest/globals';
import { sessionPolicy } from '../../../../../adapters/aws/eks/session-policy.ts';

const account = '123456789012';
const place = {
  podRoleArn: `arn:aws:iam::${account}:role/gcd-sfn-PodRole-1`,
  ...{ bucket: 'stack', stack: 'gcd-sfn', region: 'eu-west-1', mayMore: false },
};
const wanted = {
  ...{ run: 'a', execution: 'a-1', cluster: 'c', tags: {} },
  queueUrl: `https://sqs.eu-west-1.amazonaws.com/${account}/gcd-sfn-a-1`,
  data: { bucket: 'lab', prefix: 'pv/2024*' },
};

/** Whether a role that may do everything may still do it in such a session. */
async function may(
  action: string,
  resource: string,
  {
    mayMore = false,
    context = {},
    data = wanted.data,
  }: { mayMore?: boolean; context?: Record<string, string>; data?: typeof wanted.data } = {},
): Promise<boolean> {
  const everything = { Effect: 'Allow', Action: '*', Resource: '*' };
  const answer = await runSimulation(
    {
      request: {
        ...{ principal: `arn:aws:sts::${account}:assumed-role/gcd-sfn-PodRole-1/pod`, action },
        resource: { resource, accountId: account },
        contextVariables: context,
      },
      sessionPolicy: JSON.parse(sessionPolicy({ ...place, mayMore }, { ...wanted, data })),
      identityPolicies: [{ name: 'role', policy: { Version: '2012-10-17', Statement: [everything] } }],
      ...{ serviceControlPolicies: [], resourceControlPolicies: [] },
    },
    {},
  );
  if (answer.resultType === 'error') throw new Error(JSON.stringify(answer.errors));
  return answer.overallResult === 'Allowed';
}
const queue = (name: string) => `arn:aws:sqs:eu-west-1:${account}:${name}`;

describe('a worker', () => {
  test.each([
    ['s3:GetObject', 'arn:aws:s3:::stack/runs/a/request.json'],
    ['s3:GetObject', 'arn:aws:s3:::stack/licences/a'],
    ['s3:PutObject', 'arn:aws:s3:::stack/runs/a/parts/1/b.jsonl'],
    ['s3:PutObject', 'arn:aws:s3:::stack/runs/a/outputs/w-0/0'],
    ['s3:PutObject', 'arn:aws:s3:::stack/runs/a/workers/w.json'],
    ['s3:PutObject', 'arn:aws:s3:::stack/runs/a/logs/w.jsonl'],
    ['s3:GetObject', 'arn:aws:s3:::lab/pv/2024*/x.csv'],
    ['s3:ListBucket', 'arn:aws:s3:::lab'],
    ['sqs:ReceiveMessage', queue('gcd-sfn-a-1')],
    ['states:SendTaskSuccess', '*'],
    ['states:SendTaskFailure', '*'],
  ])('may %s %s', async (action, resource) => {
    expect(await may(action, resource)).toBe(true);
    if (!resource.includes('lab')) expect(await may(action, resource, { mayMore: true })).toBe(true);
  });

  test.each([
    ['s3:GetObject', 'arn:aws:s3:::stack/runs/b/request.json'],
    ['s3:GetObject', 'arn:aws:s3:::stack/runs/a-b/request.json'],
    ['s3:GetObject', 'arn:aws:s3:::stack/licences/b'],
    ['s3:GetObject', 'arn:aws:s3:::stack/licences/a-b'],
    ['s3:GetObject', 'arn:aws:s3:::stack/sources/d.zip'],
    ['s3:GetObject', 'arn:aws:s3:::stack/requests/nightly.json'],
    ['s3:GetObject', 'arn:aws:s3:::stack/projects/p/durations.jsonl'],
    ['s3:PutObject', 'arn:aws:s3:::stack/runs/a/request.json'],
    ['s3:PutObject', 'arn:aws:s3:::stack/runs/a/results/report.html'],
    ['s3:PutObject', 'arn:aws:s3:::stack/runs/a/claim.json'],
    ['s3:PutObject', 'arn:aws:s3:::stack/runs/a/batches.jsonl'],
    ['s3:PutObject', 'arn:aws:s3:::stack/runs/a/costs/a-1.json'],
    ['s3:PutObject', 'arn:aws:s3:::stack/runs/a/control.json'],
    ['s3:PutObject', 'arn:aws:s3:::stack/runs/b/parts/1/b.jsonl'],
    ['s3:DeleteObject', 'arn:aws:s3:::stack/runs/a/parts/1/b.jsonl'],
    ['sqs:ReceiveMessage', queue('gcd-sfn-b-1')],
    ['sqs:ReceiveMessage', queue('gcd-sfn-a-b-1')],
  ])('may not %s %s, whatever else the account lets it do', async (action, resource) => {
    expect(await may(action, resource)).toBe(false);
    expect(await may(action, resource, { mayMore: true })).toBe(false);
  });

  test('sees the names of its own objects only', async () => {
    const list = (prefix: string) =>
      may('s3:ListBucket', 'arn:aws:s3:::stack', { context: { 's3:prefix': prefix } });
    expect([await list('runs/a/parts/'), await list('runs/'), await list('runs/b/')]).toEqual([
      true,
      false,
      false,
    ]);
  });

  test('reads no bucket but the one of its data', async () => {
    const others = [
      'arn:aws:s3:::payroll/x',
      'arn:aws:s3:::lab/other/x.csv',
      'arn:aws:s3:::lab/pv/2024/x.csv',
    ];
    for (const other of others) expect([other, await may('s3:GetObject', other)]).toEqual([other, false]);
  });

  describe('with data that was copied from a folder', () => {
    const digest = 'd'.repeat(64);
    const data = { bucket: 'stack', prefix: `data/pv-1/${digest}/` };

    test('reads the files of its project, and no others of the stack', async () => {
      for (const mayMore of [false, true]) {
        const reads = (key: string) => may('s3:GetObject', `arn:aws:s3:::stack/${key}`, { data, mayMore });
        expect(await reads(`data/pv-1/objects/${digest}/a.csv`)).toBe(true);
        for (const key of [
          `data/pv-1/${digest}/listing.jsonl`,
          `data/pv-12/objects/${digest}/a.csv`,
          `data/other/objects/${digest}/a.csv`,
          'runs/b/request.json',
          'sources/d.zip',
          'licences/b',
        ])
          expect([key, await reads(key)]).toEqual([key, false]);
        const list = (prefix: string) =>
          may('s3:ListBucket', 'arn:aws:s3:::stack', { data, mayMore, context: { 's3:prefix': prefix } });
        expect([await list('data/pv-1/'), await list(''), await list('runs/b/')]).toEqual([
          false,
          false,
          false,
        ]);
        expect(
          await may('s3:PutObject', `arn:aws:s3:::stack/data/pv-1/objects/${digest}/a.csv`, {
            data,
            mayMore,
          }),
        ).toBe(false);
      }
    });

    test("reads nothing of the stack's bucket when a request names another place there", async () => {
      for (const prefix of ['', 'runs/', 'data/pv-1/']) {
        const forged = { bucket: 'stack', prefix };
        for (const key of ['runs/b/request.json', `data/pv-1/objects/${digest}/a.csv`])
          expect(await may('s3:GetObject', `arn:aws:s3:::stack/${key}`, { data: forged })).toBe(false);
      }
    });
  });

  test('may what the account has given its role beside, once it has', async () => {
    const table = `arn:aws:dynamodb:eu-west-1:${account}:table/t`;
    expect([
      await may('dynamodb:GetItem', table),
      await may('dynamodb:GetItem', table, { mayMore: true }),
    ]).toEqual([false, true]);
    expect(await may('s3:PutObject', 'arn:aws:s3:::theirs/x', { mayMore: true })).toBe(true);
  });
});

test('the policy is as short as STS takes it, with names as long as they can be', () => {
  const long = {
    run: 'r'.repeat(40),
    execution: `${'r'.repeat(40)}-1`,
    queueUrl: `https://sqs/1/${'q'.repeat(80)}`,
  };
  const policy = sessionPolicy(
    { ...place, bucket: 'b'.repeat(63), stack: 's'.repeat(40), region: 'ap-southeast-4' },
    { ...wanted, ...long, data: { bucket: 'd'.repeat(63), prefix: 'p'.repeat(200) } },
  );
  expect(policy.length).toBeLessThanOrEqual(2048);
});
