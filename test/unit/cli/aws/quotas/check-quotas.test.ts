/** What an account can have of a run, before anything is made. */
import { describe, expect, test } from '@jest/globals';
import {
  checkRunQuotas,
  checkStackQuotas,
  type RunNeeds,
} from '../../../../../cli/aws/quotas/check-quotas.ts';
import { machineQuota } from '../../../../../cli/aws/quotas/codes.ts';
import { AccessDenied } from '../../../../../core/errors/errors.ts';
import { ManualClock } from '../../../../support/memory/manual-clock.ts';
import { MemoryAccount } from '../../../../support/memory-aws/account.ts';
import { MemoryQuotas } from '../../../../support/memory-aws/quotas.ts';

const standard = 'Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances';
const spots = 'All Standard (A, C, D, H, I, M, R, T, Z) Spot Instance Requests';
const newAccount = () => new MemoryAccount({ clock: new ManualClock(1_800_000_000) });
const want = (more: Partial<RunNeeds> = {}): RunNeeds => ({
  ...{ region: 'us-west-2', cluster: 'lab', instanceType: 'm6i.large', spot: false, nodes: 2 },
  ...{ hasBastion: true, makesCluster: true, clusters: 0, subnetIds: ['subnet-1', 'subnet-2'] },
  ...more,
});
const look = (account: MemoryAccount, more: Partial<RunNeeds> = {}) =>
  checkRunQuotas(new MemoryQuotas(account), want(more));
const node = (more = {}) => ({ instanceType: 'm6i.large', vcpus: 2, spot: false, cluster: null, ...more });

describe('vCPUs', () => {
  test('an account that has been there for long has room, and nothing else is said', async () => {
    const findings = await look(newAccount());
    expect(findings).toEqual([
      {
        level: 'ok',
        says: `2 × m6i.large and the bastion need 6 vCPUs, and the quota is 1000 (${standard}), of which none is in use`,
      },
    ]);
  });

  test('5 are enough for two nodes, and not for the bastion, which comes after them', async () => {
    const account = newAccount();
    account.quotas.set(standard, 5);
    const [first, plan] = await look(account);
    expect(first?.level).toBe('note');
    expect(first?.says).toBe(
      `2 × m6i.large and the bastion need 6 vCPUs, and the quota is 5 (${standard}), of which none is in use: the nodes have priority, and the bastion is not started while they run`,
    );
    expect(first?.hint).toBe(
      [
        'Request an increase: aws service-quotas request-service-quota-increase --region us-west-2 --service-code ec2 --quota-code L-1216C47A --desired-value 6',
        'or https://us-west-2.console.aws.amazon.com/servicequotas/home/services/ec2/quotas/L-1216C47A',
      ].join('\n'),
    );
    expect(plan?.says).toContain("m6i.large is not in AWS's free plan");
  });

  test.each([
    [{ nodes: 3 }, [], 'the run gets 2 nodes', 'note'],
    [{ nodes: 2, hasBastion: false }, [], 'need 4 vCPUs', 'ok'],
    [{ nodes: 2 }, [node({ vcpus: 3 })], '3 are in use: the run gets 1 node', 'note'],
    [{ nodes: 2 }, [node({ vcpus: 4 })], '4 are in use: not a single node could start', 'impossible'],
    // Nodes of the cluster are there for the run, too; spot nodes and other families count elsewhere.
    [{ nodes: 1 }, [node({ vcpus: 4, cluster: 'lab' })], 'none is in use', 'ok'],
    [
      { nodes: 1 },
      [node({ vcpus: 4, spot: true }), node({ instanceType: 'g5.xlarge', vcpus: 4 })],
      'none is in use',
      'ok',
    ],
    [{ nodes: 1 }, [node({ instanceType: 't3.micro', vcpus: 2 })], '2 are in use', 'note'],
  ])('of 5, %j beside %j', async (more, machines, says, level) => {
    const account = newAccount();
    account.quotas.set(standard, 5);
    account.machines.push(...machines);
    const [first] = await look(account, more);
    expect([first?.level, first?.says]).toEqual([level, expect.stringContaining(says)]);
  });

  test('spot has a quota of its own, which the bastion does not need', async () => {
    const account = newAccount();
    account.quotas.set(standard, 0).set(spots, 4);
    const [first] = await look(account, { spot: true });
    expect([first?.level, first?.says]).toEqual([
      'ok',
      expect.stringContaining(`2 × m6i.large need 4 vCPUs, and the quota is 4 (${spots})`),
    ]);
  });

  test.each([
    ['m6i.large', 'L-1216C47A'],
    ['t3.micro', 'L-1216C47A'],
    ['im4gn.large', 'L-1216C47A'],
    ['g5.xlarge', 'L-DB2E81BA'],
    ['p4d.24xlarge', 'L-417A185B'],
    ['x2gd.large', 'L-7295265B'],
    ['inf2.xlarge', 'L-1945791B'],
    ['hpc7a.12xlarge', undefined],
    ['trn1.2xlarge', undefined],
    ['dl1.24xlarge', undefined],
    ['mac2.metal', undefined],
  ])('%s is counted by %s', (type, code) => expect(machineQuota(type, false)?.code).toBe(code));
});

test('offerings: nowhere is impossible, somewhere is said', async () => {
  const account = newAccount();
  account.zonesWithout.add('az2');
  expect(await look(account)).toContainEqual({
    level: 'note',
    says: 'AWS offers m6i.large in az1 only, not in az2: all nodes start there',
  });
  account.zonesWithout.add('az1');
  const offer = { level: 'impossible', isOffer: true };
  expect(await look(account)).toContainEqual(
    expect.objectContaining({
      ...offer,
      says: expect.stringContaining('AWS offers no m6i.large in the zones'),
    }),
  );
  expect(await look(newAccount(), { instanceType: 'nonsense' })).toContainEqual(
    expect.objectContaining(offer),
  );
});

test('builds, functions, clusters and networks', async () => {
  const account = newAccount();
  account.quotas
    .set('Concurrently running builds for Linux/Medium environment', 0)
    .set('Concurrent executions', 5)
    .set('Clusters', 1)
    .set('VPCs per Region', 1);
  const findings = await look(account, { clusters: 1 });
  const says = (text: string) => expect.objectContaining({ says: expect.stringContaining(text) });
  expect(findings).toContainEqual(says('the quota of concurrent builds is 0'));
  expect(findings).toContainEqual(says('functions at the same time, and the quota is 5'));
  expect(findings).toContainEqual(
    expect.objectContaining({
      level: 'impossible',
      says: expect.stringContaining('us-west-2 has 1 clusters'),
    }),
  );
  expect((await look(account, { clusters: 1, makesCluster: false })).map(({ level }) => level)).not.toContain(
    'impossible',
  );
  expect(await checkStackQuotas(new MemoryQuotas(account), 'us-west-2')).toEqual([
    expect.objectContaining({
      level: 'impossible',
      says: expect.stringContaining('us-west-2 already has 1 of 1'),
    }),
  ]);
});

test('what may not be looked at is said, with the permission, and is no reason not to go on', async () => {
  const account = newAccount();
  const denied = new AccessDenied('not allowed: servicequotas:GetServiceQuota', { hint: 'add it' });
  for (const verb of ['quotas.quota', 'quotas.offer']) account.refuse(verb, denied);
  const findings = await look(account);
  expect(findings.map(({ level }) => level)).not.toContain('impossible');
  expect(findings).toContainEqual({
    level: 'note',
    says: 'cannot check the quota of concurrent builds: not allowed: servicequotas:GetServiceQuota',
    hint: 'add it',
  });
});
