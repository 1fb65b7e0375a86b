/** The contract of inventories on moto, and what is AWS's own: whose things are, and in which order they are found. */

import { CloudWatchLogsClient, CreateLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  CreateLaunchTemplateCommand,
  CreateNetworkInterfaceCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  EC2Client,
  ImportKeyPairCommand,
  type ResourceType,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import { CreateRepositoryCommand, ECRClient, PutImageCommand } from '@aws-sdk/client-ecr';
import { CreateClusterCommand, CreateNodegroupCommand, EKSClient } from '@aws-sdk/client-eks';
import { CreateScheduleGroupCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, test } from '@jest/globals';
import { ownRole } from '../../adapters/aws/client/settings.ts';
import { sizeOfCopy } from '../../adapters/aws/inventory/copied-data.ts';
import { AwsInventory } from '../../adapters/aws/inventory/inventory.ts';
import type { JobsOf } from '../../adapters/aws/inventory/workers.ts';
import { newS3Client } from '../../adapters/aws/s3/index.ts';
import { EventBridgeSchedules } from '../../adapters/aws/scheduler/schedules.ts';
import type { Resources } from '../../adapters/kubernetes/types.ts';
import { existingResources } from '../../core/resources.ts';
import type { Execution } from '../../ports/account/executions.ts';
import { inventorySuite, scheduledSuite } from '../contract/suites/inventory.ts';
import { motoOfFile } from '../support/moto/shared-moto.ts';

const access = { ...ownRole, region: 'us-west-2' };
const region = 'us-west-2';
const publicKey = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ9yX2nL8eD2V2zfZJ5k5k8o9mUq3iQ0hQ8w4m1lqB1a';

const moto = motoOfFile();

let count = 0;
const owned = (stack: string, more: Record<string, string> = {}) => ({
  managedBy: 'gcd-sfn',
  'gcd-sfn:stack': stack,
  project: 'p',
  ...more,
});
const list = (tags: Record<string, string>) => Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
const specified = (ResourceType: ResourceType, tags: Record<string, string>) => [
  { ResourceType, Tags: list(tags) },
];

/** Workers of clusters, as the Kubernetes API shows them. */
function jobsIn(jobs: Map<string, { cluster: string; execution: string }>): JobsOf {
  return async (cluster) => ({
    async list<R extends keyof Resources>(resource: R, { labelSelector = '' }) {
      const [, wanted] = labelSelector.split('=');
      const items = [...jobs]
        .filter(([, job]) => resource === 'jobs' && job.cluster === cluster)
        .filter(([, { execution }]) => wanted === undefined || wanted === execution)
        .map(([name, { execution }]) => ({
          metadata: {
            name,
            labels: { 'gcd-sfn/execution': execution },
            creationTimestamp: new Date().toISOString(),
          },
        }));
      return items as object[] as Resources[R][];
    },
    async delete(_resource, name) {
      jobs.delete(name);
    },
  });
}

/** An account with nothing in it but a network and a bucket, of a stack of its own. */
async function empty(jobs = new Map<string, { cluster: string; execution: string }>()) {
  await moto().reset();
  const stack = `stack-${++count}`;
  const bucket = `${stack}-bucket`;
  await moto().bucket(bucket);
  const ec2 = new EC2Client({ region });
  const vpc = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }));
  const vpcId = vpc.Vpc?.VpcId ?? '';
  const subnet = await ec2.send(new CreateSubnetCommand({ VpcId: vpcId, CidrBlock: '10.0.0.0/20' }));
  const ecr = new ECRClient({ region });
  await ecr.send(new CreateRepositoryCommand({ repositoryName: `${stack}-images` }));
  const bucketClient = await newS3Client(access);
  const group = await new SchedulerClient({ region }).send(new CreateScheduleGroupCommand({ Name: stack }));
  expect(group.ScheduleGroupArn).toContain(stack);
  const roleArn = 'arn:aws:iam::123456789012:role/scheduler';
  const machineArn = 'arn:aws:states:us-west-2:123456789012:stateMachine:run';
  const schedules = new EventBridgeSchedules({ access, group: stack, roleArn, machineArn });
  const running: Execution[] = [];
  const executions = { running: async () => running };
  const place = { access, stack, bucket, bucketClient, repository: `${stack}-images`, vpcId };
  const options = { ...place, schedules, executions };
  const inventory = new AwsInventory({ ...options, kubernetes: jobsIn(jobs) });
  return {
    inventory,
    schedules,
    executions,
    running,
    stack,
    bucket,
    vpcId,
    subnetId: subnet.Subnet?.SubnetId ?? '',
    ec2,
    ecr,
  };
}
type Account = Awaited<ReturnType<typeof empty>>;

async function cluster(
  { stack, subnetId }: Account,
  name: string,
  tags: Record<string, string> = owned(stack),
): Promise<void> {
  const eks = new EKSClient({ region });
  const roleArn = 'arn:aws:iam::123456789012:role/cluster';
  const subnets = { subnetIds: [subnetId] };
  await eks.send(new CreateClusterCommand({ name, roleArn, resourcesVpcConfig: subnets, tags }));
}

async function nodegroup({ subnetId }: Account, clusterName: string, nodegroupName: string): Promise<void> {
  const nodeRole = 'arn:aws:iam::123456789012:role/node';
  await new EKSClient({ region }).send(
    new CreateNodegroupCommand({ clusterName, nodegroupName, nodeRole, subnets: [subnetId] }),
  );
}

const logGroup = (logGroupName: string, tags?: Record<string, string>) =>
  new CloudWatchLogsClient({ region }).send(
    new CreateLogGroupCommand({ logGroupName, ...(tags && { tags }) }),
  );

/** A thing of each kind. */
async function full(): Promise<Account> {
  const account = await empty(new Map([['run-r-1', { cluster: 'c', execution: 'r-1' }]]));
  const { stack, bucket, vpcId, subnetId, ec2, ecr } = account;
  for (const name of ['c', 'd']) await cluster(account, name);
  await nodegroup(account, 'c', 'g');
  const ofC = owned(stack, { 'gcd-sfn:cluster': 'c' });
  const GroupName = 'eks-cluster-sg-c-1234567';
  await ec2.send(new CreateSecurityGroupCommand({ GroupName, Description: 'of EKS', VpcId: vpcId }));
  await ec2.send(
    new CreateLaunchTemplateCommand({
      LaunchTemplateName: 'gcd-c-g',
      LaunchTemplateData: { InstanceType: 'm6i.large' },
      TagSpecifications: specified('launch-template', ofC),
    }),
  );
  await ec2.send(
    new RunInstancesCommand({
      ...{ ImageId: 'ami-1', MinCount: 1, MaxCount: 1, SubnetId: subnetId },
      TagSpecifications: specified('instance', { ...ofC, 'gcd-sfn:bastion': 'b' }),
    }),
  );
  await ec2.send(
    new ImportKeyPairCommand({
      KeyName: 'gcd-ada',
      PublicKeyMaterial: Buffer.from(publicKey),
      TagSpecifications: specified('key-pair', owned(stack)),
    }),
  );
  await putImage(ecr, `${stack}-images`, 'd1');
  await queue(`${stack}-r-1`, owned(stack, { 'gcd-sfn:execution': 'r-1' }));
  await moto().put(bucket, 'licences/r', 'licence');
  await moto().put(bucket, 'sources/1.zip', 'zip');
  await moto().put(bucket, 'runs/r/request.json', '{}');
  await moto().put(bucket, `data/pv-1/objects/${'a'.repeat(64)}/a.csv`, 'Power');
  await logGroup('/aws/eks/c/cluster', ofC);
  return account;
}

async function putImage(ecr: ECRClient, repositoryName: string, imageTag: string): Promise<void> {
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const imageManifest = JSON.stringify({ schemaVersion: 2, mediaType, config: {}, layers: [] });
  await ecr.send(new PutImageCommand({ repositoryName, imageTag, imageManifest }));
}

async function queue(QueueName: string, tags: Record<string, string>): Promise<void> {
  await new SQSClient({ region }).send(new CreateQueueCommand({ QueueName, tags }));
}

const everything = { cluster: null };
const named = async ({ inventory }: Account) =>
  (await existingResources(inventory, everything)).map(({ kind, name }) => `${kind} ${name}`);

inventorySuite('AWS', async () => (await full()).inventory);
scheduledSuite('AWS', async () => {
  const { inventory, schedules, bucket } = await empty();
  return {
    ...{ inventory, schedules },
    upload: (key) => moto().put(bucket, key, 'zip'),
    store: (key, source) => moto().put(bucket, key, JSON.stringify({ target: { image: { source } } })),
  };
});

describe('whose things are', () => {
  test('what has no tags of ours, or those of another stack, is left alone', async () => {
    const account = await empty();
    const { stack, ec2 } = account;
    await cluster(account, 'somebodys', { managedBy: 'terraform' });
    await cluster(account, 'of-another-stack', owned(`${stack}-2`));
    await logGroup('/aws/eks/somebodys/cluster');
    await queue(`${stack}-2-r-1`, owned(`${stack}-2`, { 'gcd-sfn:execution': 'r-1' }));
    await ec2.send(
      new ImportKeyPairCommand({ KeyName: 'gcd-mine', PublicKeyMaterial: Buffer.from(publicKey) }),
    );
    // The stack's own: for all clusters.
    await ec2.send(
      new CreateLaunchTemplateCommand({
        LaunchTemplateName: 'of-the-stack',
        LaunchTemplateData: { InstanceType: 'm6i.large' },
        TagSpecifications: specified('launch-template', owned(stack)),
      }),
    );
    // A node, which goes with its group.
    await ec2.send(
      new RunInstancesCommand({
        ...{ ImageId: 'ami-1', MinCount: 1, MaxCount: 1 },
        TagSpecifications: specified('instance', owned(stack, { 'gcd-sfn:cluster': 'c' })),
      }),
    );
    expect(await named(account)).toEqual([]);
  });

  test('results of runs are none of it', async () => {
    const account = await empty();
    await moto().put(account.bucket, 'runs/r/results/results.csv', 'a');
    await moto().put(account.bucket, 'projects/p/durations.json', '{}');
    expect(await named(account)).toEqual([]);
  });

  test('a log group of a cluster is known also when the cluster is gone', async () => {
    const account = await empty();
    await cluster(account, 'c');
    await logGroup('/aws/eks/c/cluster');
    const [found] = await existingResources(account.inventory, everything);
    await account.inventory.remove(found!);
    expect(await named(account)).toEqual(['log-group /aws/eks/c/cluster']);
  });
});

test('what was uploaded for a start, or for a schedule that is gone, is found', async () => {
  const account = await empty();
  await moto().put(account.bucket, 'requests/nightly.json', '{}');
  await moto().put(account.bucket, 'sources/1.zip', 'zip');
  expect(await named(account)).toEqual(['upload sources/1.zip', 'upload requests/nightly.json']);
});

describe('copied data', () => {
  const digest = 'a'.repeat(64);
  const request = (bucket: string, project: string) =>
    JSON.stringify({ config: { dataBucket: { kind: 's3', bucket, prefix: `data/${project}/${digest}/` } } });

  async function copies(account: Account, ...projects: string[]) {
    for (const project of projects) {
      await moto().put(account.bucket, `data/${project}/${digest}/listing.jsonl`, '{}');
      for (const name of ['a.csv', 'sub/b.csv'])
        await moto().put(account.bucket, `data/${project}/objects/${digest}/${name}`, 'Power');
    }
  }

  test('of each project is one thing, which goes as a whole and alone', async () => {
    const account = await empty();
    await copies(account, 'pv-1', 'pv-12');
    expect(await named(account)).toEqual(['data pv-1', 'data pv-12']);
    const client = await newS3Client(access);
    expect(await sizeOfCopy(client, account.bucket, 'pv-1')).toMatchObject({ files: 2, bytes: 10 });
    const [first] = await existingResources(account.inventory, everything);
    await account.inventory.remove(first!);
    expect(await account.inventory.describe(first!)).toBe('deleted');
    expect(await named(account)).toEqual(['data pv-12']);
  });

  test('is not left over while a run or a schedule reads it', async () => {
    const account = await empty();
    const { bucket, running, schedules } = account;
    await copies(account, 'of-run', 'of-schedule', 'of-nobody');
    await moto().put(bucket, 'runs/r/request.json', request(bucket, 'of-run'));
    await moto().put(bucket, 'requests/nightly.json', request(bucket, 'of-schedule'));
    await moto().put(bucket, 'requests/gone.json', request(bucket, 'of-nobody'));
    running.push({ name: 'r-1', run: 'r', state: 'running' }, { name: 'x-1', run: 'x', state: 'running' });
    const when = { expression: 'rate(1 day)', timezone: null };
    await schedules.create({ name: 'nightly', ...when, request: 'requests/nightly.json' });
    const data = async () => (await named(account)).filter((one) => one.startsWith('data '));
    expect(await data()).toEqual(['data of-nobody']);
    running.length = 0;
    expect(await data()).toEqual(['data of-nobody', 'data of-run']);
    await schedules.remove('nightly');
    expect(await data()).toEqual(['data of-nobody', 'data of-run', 'data of-schedule']);
  });
});

describe('network interfaces', () => {
  const cni = (name: string) => [{ Key: 'cluster.k8s.amazonaws.com/name', Value: name }];

  test('those that the CNI left are removed, others are not', async () => {
    const account = await empty();
    const { ec2, subnetId } = account;
    await ec2.send(new CreateNetworkInterfaceCommand({ SubnetId: subnetId, Description: 'mine' }));
    const left = await ec2.send(
      new CreateNetworkInterfaceCommand({
        SubnetId: subnetId,
        TagSpecifications: [{ ResourceType: 'network-interface', Tags: cni('c') }],
      }),
    );
    const id = left.NetworkInterface?.NetworkInterfaceId;
    const [found, ...rest] = await existingResources(account.inventory, { cluster: 'c' });
    expect(found).toMatchObject({ kind: 'network-interface', name: id, cluster: 'c' });
    expect(rest).toEqual([]);
    await account.inventory.remove(found!);
    await account.inventory.remove(found!);
    expect(await account.inventory.describe(found!)).toBe('deleted');
  });
});

describe('workers', () => {
  test('a cluster that cannot be looked into does not keep the rest from being found', async () => {
    const account = await empty();
    await cluster(account, 'c');
    const { stack, bucket, vpcId, schedules, executions } = account;
    const inventory = new AwsInventory({
      ...{ access, stack, bucket, vpcId, schedules, executions, repository: `${stack}-images` },
      bucketClient: await newS3Client(access),
      kubernetes: async () => {
        throw new Error('401');
      },
    });
    expect((await existingResources(inventory, everything)).map(({ kind }) => kind)).toEqual(['cluster']);
  });
});

test('an image with two tags goes with both', async () => {
  const account = await empty();
  const { ecr, stack, inventory } = account;
  for (const tag of ['one', 'two']) await putImage(ecr, `${stack}-images`, tag);
  for (let look = 0; look < 3; look++)
    for (const image of await existingResources(inventory, everything)) await inventory.remove(image);
  expect(await named(account)).toEqual([]);
});
