/** test/support/iam/judge-requests.ts: what IAM would refuse of what moto lets through is found, with conditions, and on whose behalf. */
import {
  AutoScalingClient,
  CreateAutoScalingGroupCommand,
  SetDesiredCapacityCommand,
} from '@aws-sdk/client-auto-scaling';
import { CreateLaunchTemplateCommand, DescribeSubnetsCommand, EC2Client } from '@aws-sdk/client-ec2';
import {
  CreateAddonCommand,
  CreateClusterCommand,
  CreateNodegroupCommand,
  EKSClient,
} from '@aws-sdk/client-eks';
import {
  CreateRoleCommand,
  IAMClient,
  ListUserPoliciesCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { CreateScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { refusals } from '../support/iam/judge-requests.ts';
import { Moto } from '../support/moto/moto.ts';

let moto: Moto;
const settings = () => ({ endpoint: moto.endpoint, region: 'us-east-1' });
const testing = { accessKeyId: 'testing', secretAccessKey: 'testing' };
const arn = (rest: string) => `arn:aws:${rest.replace('#', 'us-east-1:123456789012')}`;
const tags = { managedBy: 'gcd-sfn' };
let made = 0;

beforeAll(async () => {
  moto = await Moto.start();
  await moto.bucket('some', { 'runs/a': 'a' });
});
// What is refused here on purpose is no mistake of the suite's.
afterAll(() => moto?.stop().catch((error) => expect(String(error)).toContain('IAM would not allow')));

/** Credentials of a new role that may do what the statements say. */
async function role(Statement: object[], Policy?: object) {
  const RoleName = `role-${++made}`;
  const iam = new IAMClient({ ...settings(), credentials: testing });
  const document = (Statements: object[]) => JSON.stringify({ Version: '2012-10-17', Statement: Statements });
  const AssumeRolePolicyDocument = document([
    { Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' },
  ]);
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
  const PolicyDocument = document(Statement.map((one) => ({ Effect: 'Allow', Resource: '*', ...one })));
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'own', PolicyDocument }));
  const session = {
    RoleArn: Role?.Arn,
    RoleSessionName: 'test',
    ...(Policy && { Policy: document([Policy]) }),
  };
  const { Credentials } = await new STSClient({ ...settings(), credentials: testing }).send(
    new AssumeRoleCommand(session),
  );
  const credentials = {
    accessKeyId: Credentials?.AccessKeyId ?? '',
    secretAccessKey: Credentials?.SecretAccessKey ?? '',
    sessionToken: Credentials?.SessionToken ?? '',
  };
  /** What IAM would have refused to this role, without its name. */
  const refused = async () =>
    (await refusals(moto.endpoint))
      .filter((line) => line.startsWith(`${RoleName}: `))
      .map((line) => line.slice(RoleName.length + 2));
  return { settings: { ...settings(), credentials, maxAttempts: 1 }, refused };
}

test('what a role may do is not refused, and what it may not do is, with the request that takes it', async () => {
  const { settings, refused } = await role([
    { Action: 's3:GetObject', Resource: 'arn:aws:s3:::some/runs/*' },
  ]);
  const s3 = new S3Client({ ...settings, forcePathStyle: true });
  await s3.send(new GetObjectCommand({ Bucket: 'some', Key: 'runs/a' }));
  expect(await refused()).toEqual([]);
  await s3.send(new ListObjectsV2Command({ Bucket: 'some', Prefix: 'runs/' }));
  expect(await refused()).toEqual([
    's3:ListBucket on arn:aws:s3:::some {"s3:prefix":"runs/"} (for s3:ListObjectsV2): ImplicitlyDenied',
  ]);
});

test('who may not list is not told what is absent: reading that takes the list', async () => {
  const read = { Action: 's3:GetObject', Resource: 'arn:aws:s3:::some/runs/*' };
  const list = { Action: 's3:ListBucket', Condition: { StringLike: { 's3:prefix': 'runs/*' } } };
  for (const [statements, refusedOnes] of [
    [[read], 1],
    [[read, list], 0],
  ] as const) {
    const { settings, refused } = await role([...statements]);
    const s3 = new S3Client({ ...settings, forcePathStyle: true });
    await expect(s3.send(new GetObjectCommand({ Bucket: 'some', Key: 'runs/none' }))).rejects.toThrow();
    expect(await refused()).toHaveLength(refusedOnes);
  }
});

test('conditions hold: tags of what there is, and of what is asked for', async () => {
  const network = { subnetIds: ['subnet-1', 'subnet-2'] };
  const eks = new EKSClient({ ...settings(), credentials: testing });
  for (const [name, given] of [
    ['ours', tags],
    ['others', { managedBy: 'somebody' }],
  ] as const)
    await eks.send(
      new CreateClusterCommand({
        name,
        tags: given,
        roleArn: arn('iam::123456789012:role/c'),
        resourcesVpcConfig: network,
      }),
    );
  const { settings: own, refused } = await role([
    {
      Action: 'eks:CreateAddon',
      Condition: { StringEquals: { 'aws:ResourceTag/managedBy': 'gcd-sfn' } },
    },
    { Action: 'sqs:CreateQueue', Condition: { StringEquals: { 'aws:RequestTag/managedBy': 'gcd-sfn' } } },
    { Action: 'sqs:TagQueue' },
  ]);
  const asRole = new EKSClient(own);
  for (const clusterName of ['ours', 'others'])
    await asRole.send(new CreateAddonCommand({ clusterName, addonName: 'vpc-cni' }));
  const sqs = new SQSClient(own);
  await sqs.send(new CreateQueueCommand({ QueueName: 'tagged', tags }));
  await sqs.send(new CreateQueueCommand({ QueueName: 'bare' }));
  expect(await refused()).toEqual([
    expect.stringContaining(`eks:CreateAddon on ${arn('eks:#:cluster/others')} `),
    expect.stringContaining(`sqs:CreateQueue on ${arn('sqs:#:bare')} `),
  ]);
});

test('a role that is passed on is asked for, and for which service', async () => {
  const target = arn('iam::123456789012:role/scheduler');
  const to = (service: string) => ({
    Action: 'iam:PassRole',
    Resource: target,
    Condition: { StringEquals: { 'iam:PassedToService': service } },
  });
  for (const [service, refusedOnes] of [
    ['scheduler.amazonaws.com', 0],
    ['states.amazonaws.com', 1],
  ] as const) {
    const { settings, refused } = await role([{ Action: 'scheduler:CreateSchedule' }, to(service)]);
    await new SchedulerClient(settings).send(
      new CreateScheduleCommand({
        Name: `on-${refusedOnes}`,
        FlexibleTimeWindow: { Mode: 'OFF' },
        ScheduleExpression: 'rate(1 day)',
        Target: { Arn: arn('states:#:stateMachine:m'), RoleArn: target },
      }),
    );
    expect(await refused()).toHaveLength(refusedOnes);
  }
});

test('a nodegroup takes what EKS tries on behalf of who makes it: machines of its template, with their tags', async () => {
  const ec2 = new EC2Client({ ...settings(), credentials: testing });
  const { Subnets: [{ SubnetId = '' } = {}] = [] } = await ec2.send(new DescribeSubnetsCommand({}));
  const { LaunchTemplate } = await ec2.send(
    new CreateLaunchTemplateCommand({
      LaunchTemplateName: 'nodes',
      LaunchTemplateData: {
        TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'managedBy', Value: 'gcd-sfn' }] }],
      },
    }),
  );
  const nodeRole = arn('iam::123456789012:role/nodes');
  const { settings: own, refused } = await role([
    { Action: ['eks:CreateNodegroup', 'eks:TagResource', 'ec2:Describe*'] },
    { Action: ['iam:GetRole', 'iam:ListAttachedRolePolicies', 'iam:PassRole'], Resource: nodeRole },
    { Action: 'iam:CreateServiceLinkedRole' },
    {
      Action: 'ec2:RunInstances',
      Condition: { ArnLike: { 'ec2:LaunchTemplate': arn('ec2:#:launch-template/*') } },
    },
  ]);
  await new EKSClient(own).send(
    new CreateNodegroupCommand({
      clusterName: 'ours',
      nodegroupName: 'n',
      nodeRole,
      subnets: [SubnetId],
      launchTemplate: { id: LaunchTemplate?.LaunchTemplateId },
      instanceTypes: ['m6i.large'],
      tags,
    }),
  );
  const [line, ...more] = await refused();
  expect(more).toEqual([]);
  expect(line).toContain(`ec2:CreateTags on ${arn('ec2:#:instance/i-0')} `);
  expect(line).toContain('(for eks:CreateNodegroup): ImplicitlyDenied');
});

test('a group of machines is known by its tags', async () => {
  const group = 'eks-some';
  await new AutoScalingClient({ ...settings(), credentials: testing }).send(
    new CreateAutoScalingGroupCommand({
      AutoScalingGroupName: group,
      AvailabilityZones: ['us-east-1a'],
      LaunchTemplate: { LaunchTemplateName: 'nodes', Version: '$Latest' },
      MinSize: 0,
      MaxSize: 1,
      Tags: [{ Key: 'eks:cluster-name', Value: 'ours' }],
    }),
  );
  for (const [cluster, refusedOnes] of [
    ['ours', 0],
    ['others', 1],
  ] as const) {
    const { settings, refused } = await role([
      {
        Action: 'autoscaling:SetDesiredCapacity',
        Condition: { StringEquals: { 'autoscaling:ResourceTag/eks:cluster-name': cluster } },
      },
    ]);
    await new AutoScalingClient(settings).send(
      new SetDesiredCapacityCommand({ AutoScalingGroupName: group, DesiredCapacity: 0 }),
    );
    expect(await refused()).toHaveLength(refusedOnes);
  }
});

test('the policy of a session bounds what its role may do', async () => {
  const { settings, refused } = await role([{ Action: 's3:*' }], {
    Effect: 'Allow',
    Action: 's3:GetObject',
    Resource: 'arn:aws:s3:::some/runs/*',
  });
  const s3 = new S3Client({ ...settings, forcePathStyle: true });
  await s3.send(new GetObjectCommand({ Bucket: 'some', Key: 'runs/a' }));
  expect(await refused()).toEqual([]);
  await s3.send(new ListObjectsV2Command({ Bucket: 'some' }));
  expect(await refused()).toHaveLength(1);
});

test('a request of which nobody has said what it is about cannot be judged, and is told', async () => {
  const { settings, refused } = await role([{ Action: 'iam:*' }]);
  await new IAMClient(settings).send(new ListUserPoliciesCommand({ UserName: 'x' })).catch(() => undefined);
  expect(await refused()).toEqual([expect.stringContaining('does not say its resource')]);
});

test('who may do everything is not judged', async () => {
  const { settings, refused } = await role([{ Action: '*' }]);
  await new IAMClient(settings).send(new ListUserPoliciesCommand({ UserName: 'x' })).catch(() => undefined);
  expect(await refused()).toEqual([]);
});
