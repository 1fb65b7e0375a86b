/** What EksNodegroups asks of EKS, EC2 and Auto Scaling, and what it makes of what it finds. */
import { AutoScalingClient, DescribeAutoScalingGroupsCommand } from '@aws-sdk/client-auto-scaling';
import {
  DescribeInstanceTypeOfferingsCommand,
  DescribeLaunchTemplateVersionsCommand,
  DescribeSubnetsCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import { DeleteNodegroupCommand, DescribeNodegroupCommand, EKSClient } from '@aws-sdk/client-eks';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { parse } from 'yaml';
import { ScalingGroups } from '../../adapters/aws/eks/nodegroups/auto-scaling.ts';
import { machineOf } from '../../adapters/aws/eks/nodegroups/instance-type.ts';
import { NotFound } from '../../core/errors/errors.ts';
import type { NodegroupSpec } from '../../ports/cluster/nodegroups.ts';
import { nodegroupWanted } from '../contract/suites/nodegroups.ts';
import { oddS3 } from '../support/aws/scripted-s3.ts';
import { type EksAccount, eksAccount, makeRoles } from '../support/moto/eks-account.ts';
import { motoOfFile } from '../support/moto/shared-moto.ts';

let account: EksAccount;
const moto = motoOfFile(makeRoles);
beforeEach(async () => {
  account = await eksAccount();
  await account.clusters.create({ name: 'c', version: '1.34', tags: {} });
});

const clientSettings = () => ({ region: account.access.region as string });
const described = async (nodegroupName = 'g') => {
  const asked = { clusterName: 'c', nodegroupName };
  return (await new EKSClient(clientSettings()).send(new DescribeNodegroupCommand(asked))).nodegroup;
};
async function make(more: Partial<NodegroupSpec> = {}) {
  await account.nodegroups.create({ ...nodegroupWanted, ...more });
  return described();
}
async function template(Version: string) {
  const { launchTemplate } = (await described()) ?? {};
  const asked = { LaunchTemplateId: launchTemplate?.id, Versions: [Version] };
  const answer = await new EC2Client(clientSettings()).send(new DescribeLaunchTemplateVersionsCommand(asked));
  return answer.LaunchTemplateVersions?.[0]?.LaunchTemplateData;
}

const zonesOf = async (SubnetIds: string[]) => {
  const { Subnets = [] } = await new EC2Client(clientSettings()).send(
    new DescribeSubnetsCommand({ SubnetIds }),
  );
  return SubnetIds.map((id) => Subnets.find(({ SubnetId }) => SubnetId === id)?.AvailabilityZone);
};

/** Has machines of the type be there in the zones of these subnets only. */
async function offerIn(subnets: string[]): Promise<void> {
  const InstanceTypeOfferings =
    subnets.length > 0 ? (await zonesOf(subnets)).map((Location) => ({ Location })) : [];
  const send = EC2Client.prototype.send as unknown as (this: EC2Client, command: unknown) => unknown;
  jest.spyOn(EC2Client.prototype, 'send').mockImplementation(function (this: EC2Client, command: unknown) {
    if (command instanceof DescribeInstanceTypeOfferingsCommand)
      return Promise.resolve({ InstanceTypeOfferings });
    return send.call(this, command);
  } as never);
}
afterEach(() => void jest.restoreAllMocks());

describe('a nodegroup', () => {
  test('is made without nodes, of the machines that were wanted', async () => {
    expect(await make({ spot: true })).toMatchObject({
      capacityType: 'SPOT',
      instanceTypes: ['m6i.large'],
      amiType: 'AL2023_x86_64_STANDARD',
      scalingConfig: { minSize: 0, maxSize: 10, desiredSize: 0 },
      labels: { 'gcd-sfn/nodegroup': 'g', 'gcd-sfn/disk-gib': '20' },
      tags: { project: 'p', managedBy: 'gcd-sfn', 'gcd-sfn:cluster': 'c' },
      launchTemplate: { name: 'gcd-c-g', version: '1' },
    });
    expect(await account.nodegroups.find('c', 'g')).toMatchObject({ spot: true });
  });

  test("has a launch template of its own, made from the stack's", async () => {
    await make({ diskGiB: 33 });
    const data = await template('1');
    const userData = Buffer.from(data?.UserData ?? '', 'base64').toString();
    const [, part = ''] =
      /Content-Type: application\/node\.eks\.aws\n\n(.*)\n--gcd--\n$/s.exec(userData) ?? [];
    expect(parse(part)).toEqual({
      apiVersion: 'node.eks.aws/v1alpha1',
      kind: 'NodeConfig',
      spec: { kubelet: { config: { singleProcessOOMKill: true } } },
    });
    expect(data).toMatchObject({
      Monitoring: { Enabled: true },
      MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 1 },
      BlockDeviceMappings: [
        {
          DeviceName: '/dev/xvda',
          Ebs: { VolumeSize: 33, VolumeType: 'gp3', Throughput: 200, Encrypted: true },
        },
      ],
    });
    const tagged = Object.fromEntries(
      (data?.TagSpecifications ?? []).map(({ ResourceType, Tags = [] }) => [
        ResourceType,
        Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value])),
      ]),
    );
    const tags = { project: 'p', managedBy: 'gcd-sfn', 'gcd-sfn:cluster': 'c' };
    for (const type of ['instance', 'volume', 'network-interface']) expect(tagged[type]).toMatchObject(tags);
    expect(tagged.instance).toMatchObject({ 'gcd-sfn:stack': 's' });
  });

  test('that is made again gets a newer version of its template', async () => {
    await make({ diskGiB: 33 });
    await account.nodegroups.remove('c', 'g');
    expect((await make({ diskGiB: 44 }))?.launchTemplate).toMatchObject({ name: 'gcd-c-g', version: '2' });
    expect((await template('2'))?.BlockDeviceMappings?.[0]?.Ebs?.VolumeSize).toBe(44);
  });

  test('is a group of one zone each, so that nothing is ended to keep zones even', async () => {
    await make();
    const [first, second] = await Promise.all([described('g'), described('g-2')]);
    expect([first?.subnets?.length, second?.subnets?.length]).toEqual([1, 1]);
    expect(first?.subnets).not.toEqual(second?.subnets);
    expect(second?.labels).toMatchObject({ 'gcd-sfn/nodegroup': 'g' });
    expect((await account.nodegroups.list('c')).map(({ name }) => name)).toEqual(['g']);
  });

  test('that is half made is made whole; what is left of one that goes is told', async () => {
    const { nodegroups } = account;
    await make();
    const eks = new EKSClient(clientSettings());
    await eks.send(new DeleteNodegroupCommand({ clusterName: 'c', nodegroupName: 'g' }));
    expect(await nodegroups.find('c', 'g')).toBeUndefined();
    expect(await nodegroups.list('c')).toEqual([]);
    await make();
    expect(await nodegroups.find('c', 'g')).toMatchObject({ status: 'active' });
    await nodegroups.remove('c', 'g');
    await expect(described('g-2')).rejects.toThrow('g-2');
  });

  test('is made where there are machines of its type', async () => {
    const [, offered = ''] = account.options.subnetIds;
    await offerIn([offered]);
    await make();
    expect((await described('g'))?.subnets).toEqual([offered]);
    await expect(described('g-2')).rejects.toThrow('g-2');
    jest.restoreAllMocks();
    await offerIn([]);
    await expect(make({ name: 'h' })).rejects.toThrow(
      /^AWS has no m6i.large in the zones of the stack: \S+a, \S+b$/,
    );
  });

  test('has in another zone the nodes that one does not give, and ends none for that', async () => {
    const { nodegroups } = account;
    const zone = (await zonesOf(account.options.subnetIds))[0]?.at(-1) ?? '';
    await make({ tags: { ...nodegroupWanted.tags, 'moto:full': zone } });
    await nodegroups.resize('c', 'g', { desired: 3 });
    const { nodes, missing } = await nodegroups.nodes('c', 'g');
    expect(nodes).toEqual([]);
    expect(missing).toMatchObject([{ kind: 'capacity' }]);
    expect(await nodegroups.nodes('c', 'g', { since: Date.now() / 1000 + 60 })).toEqual({
      nodes: [],
      missing: [],
    });
    await nodegroups.find('c', 'g');
    await nodegroups.resize('c', 'g', { desired: 3 });
    const there = (await nodegroups.nodes('c', 'g')).nodes.map(({ name }) => name);
    expect(there).toHaveLength(3);
    await nodegroups.find('c', 'g');
    await nodegroups.resize('c', 'g', { desired: 4 });
    const after = (await nodegroups.nodes('c', 'g')).nodes.map(({ name }) => name);
    expect(after).toHaveLength(4);
    expect(after).toEqual(expect.arrayContaining(there));
    expect(await nodegroups.find('c', 'g')).toMatchObject({ desired: 4 });
  });

  test('does not count nodes that are being drained', async () => {
    const { nodegroups, inside } = account;
    await make();
    await nodegroups.resize('c', 'g', { desired: 4 });
    const names = (await nodegroups.nodes('c', 'g')).nodes.map(({ name }) => name);
    inside.specs.set(names[0] ?? '', { unschedulable: true });
    const taint = { key: 'node.cloudprovider.kubernetes.io/shutdown', effect: 'NoSchedule' };
    inside.specs.set(names[1] ?? '', { taints: [taint] });
    inside.specs.set(names[2] ?? '', { taints: [{ key: 'of-somebody', effect: 'NoSchedule' }] });
    const { nodes } = await nodegroups.nodes('c', 'g');
    expect(nodes.map(({ ready }) => ready)).toEqual([false, false, true, true]);
  });

  test('cannot be made in a cluster that is not there', async () => {
    await expect(make({ cluster: 'none' })).rejects.toThrow(NotFound);
  });

  test('is not asked for more than its maximum, and not while it changes', async () => {
    const { nodegroups } = account;
    await make({ maxNodes: 2 });
    await nodegroups.resize('c', 'g', { desired: 5 });
    // It is being changed: neither an error, nor heard.
    await nodegroups.resize('c', 'g', { desired: 0 });
    expect(await nodegroups.find('c', 'g')).toMatchObject({ status: 'active', desired: 2, maxNodes: 2 });
    await nodegroups.resize('c', 'g', { maxNodes: 1 });
    expect((await described())?.scalingConfig).toEqual({ minSize: 0, maxSize: 1, desiredSize: 1 });
  });

  test('that is degraded is made smaller all the same', async () => {
    const { nodegroups } = account;
    await make({ tags: { ...nodegroupWanted.tags, 'moto:status': 'DEGRADED' } });
    await nodegroups.resize('c', 'g', { desired: 2 });
    expect(await nodegroups.find('c', 'g')).toMatchObject({ status: 'active', desired: 2 });
    await nodegroups.resize('c', 'g', { desired: 0 });
    expect(await nodegroups.find('c', 'g')).toMatchObject({ desired: 0 });
  });

  test('wants fewer machines, by its own group, when some were ended', async () => {
    const { nodegroups } = account;
    await make();
    await nodegroups.resize('c', 'g', { desired: 3 });
    const { nodes } = await nodegroups.nodes('c', 'g');
    await nodegroups.terminate('c', 'g', [nodes[0]?.name ?? '', 'not-there']);
    const { AutoScalingGroups = [] } = await new AutoScalingClient(clientSettings()).send(
      new DescribeAutoScalingGroupsCommand({}),
    );
    expect(AutoScalingGroups.map((one) => one.DesiredCapacity).sort()).toEqual([0, 2]);
    expect(await nodegroups.find('c', 'g')).toMatchObject({ desired: 2 });
  });

  test('knows whose workers are on its nodes, but for those that have ended', async () => {
    const { nodegroups, inside } = account;
    await make();
    await nodegroups.resize('c', 'g', { desired: 2 });
    const [first, second] = (await nodegroups.nodes('c', 'g')).nodes.map((node) => node.name);
    const pod = (execution: string, node: string | undefined, phase: string, deleted = false) => ({
      metadata: {
        labels: { 'gcd-sfn/execution': execution },
        ...(deleted && { deletionTimestamp: new Date().toISOString() }),
      },
      ...(node && { spec: { nodeName: node, containers: [] } }),
      status: { phase },
    });
    inside.pods.push(
      pod('a-1', first, 'Running'),
      pod('a-1', first, 'Running'),
      pod('b-1', first, 'Running', true),
      pod('c-1', second, 'Failed'),
      pod('d-1', second, 'Succeeded'),
      pod('e-1', undefined, 'Pending'),
    );
    const { nodes } = await nodegroups.nodes('c', 'g');
    expect(nodes.map(({ executions }) => executions)).toEqual([['a-1', 'b-1'], []]);
    const unasked = await nodegroups.nodes('c', 'g', { users: false });
    expect(unasked.nodes.map(({ executions }) => executions)).toEqual([[], []]);
    // Which of them Auto Scaling would end, nobody knows.
    await nodegroups.find('c', 'g');
    await nodegroups.resize('c', 'g', { desired: 1 });
    expect(await nodegroups.find('c', 'g')).toMatchObject({ desired: 2 });
  });

  test('has machines that pods can count on', async () => {
    await make();
    expect(await machineOf(account.access)('c', 'g')).toEqual({
      vcpus: 2,
      memoryBytes: 8 * 2 ** 30,
      maxPods: 29,
      diskGiB: 20,
    });
    await expect(machineOf(account.access)('c', 'none')).rejects.toThrow(NotFound);
  });
});

describe('machines that do not start', () => {
  const activity = (code: string, message: string, start: string) =>
    `<member><StatusCode>${code}</StatusCode><StatusMessage>${message}</StatusMessage><StartTime>${start}</StartTime></member>`;

  test('say why, since the number was changed, each reason once', async () => {
    const full =
      'Could not launch On-Demand Instances. VcpuLimitExceeded - You have requested more vCPU capacity';
    const none =
      'We currently do not have sufficient m6i.large capacity in the Availability Zone you requested';
    const activities = [
      activity('Failed', full, '2026-11-22T10:02:00Z'),
      activity('Failed', full, '2026-11-22T10:01:30Z'),
      activity('Failed', none, '2026-11-22T10:01:00Z'),
      activity('Successful', 'fine', '2026-11-22T10:00:30Z'),
      activity('Failed', 'AccessDenied of yesterday', '2026-11-21T10:00:00Z'),
    ];
    const server = await oddS3((_, response) => {
      response.setHeader('content-type', 'text/xml');
      response.end(
        `<DescribeScalingActivitiesResponse><DescribeScalingActivitiesResult><Activities>${activities.join('')}</Activities></DescribeScalingActivitiesResult></DescribeScalingActivitiesResponse>`,
      );
    });
    process.env.AWS_ENDPOINT_URL = server.endpoint;
    try {
      const groups = new ScalingGroups(account.access);
      expect(await groups.failures('eks-g', new Date('2026-11-22T10:00:00Z'))).toEqual([
        { kind: 'quota', message: full },
        { kind: 'capacity', message: none },
      ]);
    } finally {
      process.env.AWS_ENDPOINT_URL = moto().endpoint;
      await server.stop();
    }
  });
});

test('groups of machines carry whose they are, in every zone, once they are claimed', async () => {
  const tags = { ...nodegroupWanted.tags, managedBy: 'gcd-sfn', 'gcd-sfn:stack': 'lab', project: 'p' };
  await make({ tags });
  const groups = async () => {
    const { AutoScalingGroups = [] } = await new AutoScalingClient(clientSettings()).send(
      new DescribeAutoScalingGroupsCommand({}),
    );
    return AutoScalingGroups.map(({ Tags = [] }) =>
      Object.fromEntries(
        Tags.map(({ Key = '', Value, PropagateAtLaunch }) => [Key, [Value, PropagateAtLaunch]]),
      ),
    );
  };
  const owner = { managedBy: ['gcd-sfn', false], 'gcd-sfn:stack': ['lab', false] };
  expect(await groups()).toHaveLength(2);
  for (const one of await groups()) expect(one).not.toMatchObject({ 'gcd-sfn:stack': expect.anything() });
  for (let times = 0; times < 2; times++) await account.nodegroups.claim({ ...nodegroupWanted, tags });
  for (const one of await groups()) {
    expect(one).toMatchObject(owner);
    // What EKS has given them stays, and nothing else comes.
    expect(one['eks:cluster-name']?.[0]).toBe('c');
    expect(one.project).toBeUndefined();
  }
});
