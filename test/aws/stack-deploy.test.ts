/** The stack on moto's CloudFormation, with a small template: made, changed, left alone, removed. */

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStacksCommand,
  ListChangeSetsCommand,
} from '@aws-sdk/client-cloudformation';
import {
  CreateSecurityGroupCommand,
  CreateVpcEndpointCommand,
  DeleteSecurityGroupCommand,
  DeleteVpcEndpointsCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import { ECRClient, ListImagesCommand, PutImageCommand } from '@aws-sdk/client-ecr';
import { ListObjectsV2Command, PutBucketVersioningCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { CreateStateMachineCommand, SFNClient } from '@aws-sdk/client-sfn';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { callerOf } from '../../adapters/aws/client/caller.ts';
import { removeStack } from '../../adapters/aws/cloudformation/delete-stack.ts';
import { deployStack } from '../../adapters/aws/cloudformation/deploy-stack.ts';
import { foreignResources } from '../../adapters/aws/cloudformation/foreign-resources.ts';
import { StackClient } from '../../adapters/aws/cloudformation/stack-client.ts';
import { findStack } from '../../adapters/aws/cloudformation/stack-outputs.ts';
import { newS3Client } from '../../adapters/aws/s3/index.ts';
import { confirmDespiteRunning } from '../../cli/aws/stack/deploy-checks.ts';
import { findDeployedStack } from '../../cli/aws/stack/deployed-stack.ts';
import { DeployFailed, InUse, NotFound, NotOurs } from '../../core/errors/errors.ts';
import type { StackChange } from '../../ports/account/deployment.ts';
import { eksRequest } from '../support/cloud/run.ts';
import { motoOfFile } from '../support/moto/shared-moto.ts';

const region = 'us-west-2';
const access = { accessKeyId: 'testing', secretAccessKey: 'testing', sessionToken: null, region };
const deployment = { ServerlessDeploymentBucket: { Type: 'AWS::S3::Bucket', Properties: {} } };
const functionRole = {
  Type: 'AWS::IAM::Role',
  Properties: { AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [] } },
};
const code = {
  Type: 'AWS::Lambda::Function',
  Properties: {
    Runtime: 'nodejs22.x',
    Handler: 'handler.handler',
    Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
    Code: { S3Bucket: { Ref: 'ServerlessDeploymentBucket' }, S3Key: 'serverless/x/1795/One.zip' },
  },
};

motoOfFile();
let folder: string;
let name: string;
let count = 0;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gcd stack '));
  name = `stack-${++count}`;
  await packaged({ Queue: { Type: 'AWS::SQS::Queue', Properties: {} } });
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Adds an output to the package that other stacks may import. */
async function withExport(): Promise<void> {
  const path = join(folder, 'cloudformation-template-update-stack.json');
  const template = JSON.parse(await readFile(path, 'utf8'));
  const Outputs = { Exported: { Value: 'x', Export: { Name: `${name}-exported` } } };
  await writeFile(path, JSON.stringify({ ...template, Outputs }));
}

/** Writes a package with a function and these resources. */
async function packaged(
  more: Record<string, unknown>,
  zip = 'content of a zip',
  Parameters: Record<string, unknown> = {},
): Promise<void> {
  const write = (file: string, Resources: unknown) =>
    writeFile(
      join(folder, file),
      JSON.stringify({ Resources, ...(file.includes('update') && { Parameters }) }),
    );
  await write('cloudformation-template-create-stack.json', deployment);
  await write('cloudformation-template-update-stack.json', {
    ...deployment,
    Role: functionRole,
    One: code,
    ...more,
  });
  await writeFile(join(folder, 'One.zip'), zip);
}

const said: string[] = [];
const asked: { changes: StackChange[]; isNew: boolean }[] = [];
async function deploy(answer = true, parameters: Record<string, string | null> = {}) {
  said.length = 0;
  asked.length = 0;
  return deployStack({
    ...{ access, region, name, folder, parameters },
    confirm: async (changes, isNew) => {
      asked.push({ changes, isNew });
      return answer;
    },
    onPhase: (words) => said.push(words),
    onStep: ({ resource, status }) => said.push(`${resource} ${status}`),
  });
}
const remove = () => removeStack({ access, region, name, onPhase: () => {}, onStep: () => {} });

const cloudFormation = () => new CloudFormationClient({ region });
const stackNow = async () =>
  (await cloudFormation().send(new DescribeStacksCommand({ StackName: name }))).Stacks?.[0];
async function uploaded(): Promise<string[]> {
  const client = await newS3Client(access);
  const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: await bucketOf() }));
  return Contents.map(({ Key = '' }) => Key);
}
async function bucketOf(): Promise<string> {
  const resources = await new StackClient(access, name).resources();
  return resources.find((one) => one.name === 'ServerlessDeploymentBucket')?.id ?? '';
}

describe('deployStack', () => {
  test('makes a stack whose functions have the code that was uploaded', async () => {
    expect(await deploy()).toBe('created');
    expect(asked).toHaveLength(1);
    expect(asked[0]?.isNew).toBe(true);
    expect(asked[0]?.changes.map(({ type }) => type).sort()).toEqual([
      'AWS::IAM::Role',
      'AWS::Lambda::Function',
      'AWS::S3::Bucket',
      'AWS::SQS::Queue',
    ]);
    const stack = await stackNow();
    expect(stack?.StackStatus).toBe('UPDATE_COMPLETE');
    expect(stack?.Tags).toContainEqual({ Key: 'gcd-sfn:stack', Value: name });
    expect(said).toContain(`${name} CREATE_COMPLETE`);
    expect(said).toContain(`${name} UPDATE_COMPLETE`);
    expect(await uploaded()).toEqual([
      expect.stringMatching(/^functions\/One-[0-9a-f]{32}\.zip$/),
      expect.stringMatching(/^templates\/[0-9a-f]{32}\.json$/),
    ]);
  });

  describe('parameters', () => {
    const list = { Type: 'CommaDelimitedList', Default: '*' };
    const bucketTags = (more: Record<string, unknown> = {}) =>
      packaged(
        {
          Topic: {
            Type: 'AWS::SNS::Topic',
            Properties: { DisplayName: { 'Fn::Join': ['+', { Ref: 'DataBuckets' }] } },
          },
          ...more,
        },
        'content',
        { DataBuckets: list, PodPolicyArns: { ...list, Default: '' } },
      );
    const values = async () =>
      Object.fromEntries(
        ((await stackNow())?.Parameters ?? []).map((one) => [one.ParameterKey, one.ParameterValue]),
      );

    test('are as the template has them, until they are given', async () => {
      await bucketTags();
      await deploy();
      expect(await values()).toEqual({ DataBuckets: '*', PodPolicyArns: '' });
      expect(await deploy(true, { DataBuckets: 'a,b' })).toBe('changed');
      expect(asked[0]?.changes).toEqual([{ what: 'change', resource: 'Topic', type: 'AWS::SNS::Topic' }]);
      expect(await values()).toEqual({ DataBuckets: 'a,b', PodPolicyArns: '' });
    });

    test('stay as they are when a later deploy does not name them, also with another template', async () => {
      await bucketTags();
      await deploy(true, { DataBuckets: 'a,b', PodPolicyArns: 'p' });
      expect(await deploy()).toBe('unchanged');
      await bucketTags({ Second: { Type: 'AWS::SQS::Queue', Properties: {} } });
      expect(await deploy()).toBe('changed');
      expect(await values()).toEqual({ DataBuckets: 'a,b', PodPolicyArns: 'p' });
      expect(await deploy(true, { DataBuckets: null })).toBe('changed');
      expect(await values()).toEqual({ DataBuckets: '*', PodPolicyArns: 'p' });
    });

    test('a stack of before has none of them, and gets the template’s', async () => {
      await deploy();
      await bucketTags();
      expect(await deploy()).toBe('changed');
      expect(await values()).toEqual({ DataBuckets: '*', PodPolicyArns: '' });
    });
  });

  test('nobody is asked, and nothing is uploaded, when nothing has changed', async () => {
    await deploy();
    const keys = await uploaded();
    expect(await deploy()).toBe('unchanged');
    expect(asked).toEqual([]);
    expect(said).toContain('everything is there already');
    expect(await uploaded()).toEqual(keys);
  });

  test('changes what has changed, uploads only that, and keeps nothing of before', async () => {
    await deploy();
    const [zip] = await uploaded();
    await packaged({ Topic: { Type: 'AWS::SNS::Topic', Properties: {} } });
    expect(await deploy()).toBe('changed');
    expect(asked[0]?.isNew).toBe(false);
    expect(asked[0]?.changes).toContainEqual({ what: 'add', resource: 'Topic', type: 'AWS::SNS::Topic' });
    expect(asked[0]?.changes).toContainEqual({ what: 'remove', resource: 'Queue', type: 'AWS::SQS::Queue' });
    expect(said).toContain('1 of 2 files were new');
    const keys = await uploaded();
    expect(keys).toHaveLength(2);
    expect(keys[0]).toBe(zip);
  });

  test('other code is another key', async () => {
    await deploy();
    const [zip] = await uploaded();
    await packaged({ Queue: { Type: 'AWS::SQS::Queue', Properties: {} } }, 'other content');
    expect(await deploy()).toBe('changed');
    expect((await uploaded())[0]).not.toBe(zip);
  });

  test('makes nothing when the answer is no, be it new or not', async () => {
    expect(await deploy(false)).toBe('refused');
    await expect(stackNow()).rejects.toThrow('does not exist');
    await deploy();
    const template = await readFile(join(folder, 'cloudformation-template-update-stack.json'), 'utf8');
    await packaged({});
    expect(await deploy(false)).toBe('refused');
    const { Summaries = [] } = await cloudFormation().send(new ListChangeSetsCommand({ StackName: name }));
    expect(
      Summaries.filter(({ StackName, Status }) => StackName === name && Status === 'CREATE_COMPLETE'),
    ).toHaveLength(1);
    await writeFile(join(folder, 'cloudformation-template-update-stack.json'), template);
    expect(await deploy()).toBe('unchanged');
  });

  test('changes outputs, also where no resource changes', async () => {
    await deploy();
    const path = join(folder, 'cloudformation-template-update-stack.json');
    const template = JSON.parse(await readFile(path, 'utf8'));
    await writeFile(path, JSON.stringify({ ...template, Outputs: { Version: { Value: '0.9.1' } } }));
    expect(await deploy()).toBe('changed');
    expect(asked).toEqual([{ changes: [], isNew: false }]);
    expect((await stackNow())?.Outputs).toEqual([{ OutputKey: 'Version', OutputValue: '0.9.1' }]);
  });

  test('leaves no change set behind when something is in the way', async () => {
    await deploy();
    await packaged({});
    const refused = deployStack({
      ...{ access, region, name, folder },
      confirm: () => Promise.reject(new NotOurs('in the way')),
      onPhase: () => {},
      onStep: () => {},
    });
    await expect(refused).rejects.toThrow('in the way');
    const { Summaries = [] } = await cloudFormation().send(new ListChangeSetsCommand({ StackName: name }));
    expect(Summaries.filter(({ StackName }) => StackName === name)).toHaveLength(1);
  });

  test('leaves a stack alone that it did not make', async () => {
    await cloudFormation().send(
      new CreateStackCommand({
        StackName: name,
        TemplateBody: JSON.stringify({ Resources: { Topic: { Type: 'AWS::SNS::Topic' } } }),
      }),
    );
    await expect(deploy()).rejects.toThrow(NotOurs);
    expect(asked).toEqual([]);
  });

  test('says so when there is no package', async () => {
    await rm(join(folder, 'cloudformation-template-update-stack.json'));
    await expect(deploy()).rejects.toThrow(NotFound);
  });
});

describe('removeStack', () => {
  test('empties buckets, earlier versions included, and repositories', async () => {
    await packaged({
      Bucket: { Type: 'AWS::S3::Bucket', Properties: {} },
      Repository: { Type: 'AWS::ECR::Repository', Properties: { RepositoryName: 'images' } },
    });
    await deploy();
    const client = await newS3Client(access);
    const Bucket = await bucketOf();
    await client.send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'before there were versions' }));
    const VersioningConfiguration = { Status: 'Enabled' as const };
    await client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
    for (const Body of ['1', '2']) await client.send(new PutObjectCommand({ Bucket, Key: 'a', Body }));
    const ecr = new ECRClient({ region });
    const mediaType = 'application/vnd.oci.image.manifest.v1+json';
    const imageManifest = JSON.stringify({ schemaVersion: 2, mediaType, config: {}, layers: [] });
    const image = { repositoryName: 'images', imageTag: 'one', imageManifest };
    await ecr.send(new PutImageCommand(image));
    expect(await remove()).toEqual([]);
    await expect(ecr.send(new ListImagesCommand({ repositoryName: 'images' }))).rejects.toThrow(/not exist/);
    await expect(stackNow()).rejects.toThrow('does not exist');
    await expect(client.send(new ListObjectsV2Command({ Bucket }))).rejects.toThrow(/not exist/);
  });

  test('knows what others have put into its network, as GuardDuty does', async () => {
    await packaged({
      Network: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } },
      Own: {
        Type: 'AWS::EC2::SecurityGroup',
        Properties: { GroupDescription: 'own', VpcId: { Ref: 'Network' } },
      },
    });
    await deploy();
    const resources = await new StackClient(access, name).resources();
    const VpcId = resources.find(({ type }) => type === 'AWS::EC2::VPC')?.id ?? '';
    const own = resources.map(({ id }) => id);
    expect(await foreignResources(access, VpcId, own)).toEqual([]);
    const ec2 = new EC2Client({ region });
    const ServiceName = `com.amazonaws.${region}.guardduty-data`;
    const { VpcEndpoint } = await ec2.send(
      new CreateVpcEndpointCommand({ VpcId, ServiceName, VpcEndpointType: 'Interface' }),
    );
    const group = { GroupName: 'GuardDutyManagedSecurityGroup', Description: 'theirs', VpcId };
    const { GroupId } = await ec2.send(new CreateSecurityGroupCommand(group));
    expect(await foreignResources(access, VpcId, own)).toEqual([
      `VPC endpoint ${VpcEndpoint?.VpcEndpointId} (${ServiceName})`,
      `security group ${GroupId} (GuardDutyManagedSecurityGroup)`,
    ]);
    await ec2.send(new DeleteVpcEndpointsCommand({ VpcEndpointIds: [VpcEndpoint?.VpcEndpointId ?? ''] }));
    await ec2.send(new DeleteSecurityGroupCommand({ GroupId }));
    expect(await foreignResources(access, VpcId, own)).toEqual([]);
    await remove();
  });

  test('says what could not be removed, why, and what of others is in the way; goes on when it is called again', async () => {
    await packaged({
      Queue: { Type: 'AWS::SQS::Queue', Properties: {} },
      Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } },
      Subnet: {
        Type: 'AWS::EC2::Subnet',
        Properties: { VpcId: { Ref: 'Vpc' }, CidrBlock: '10.0.0.0/24' },
      },
      Own: {
        Type: 'AWS::EC2::VPCEndpoint',
        Properties: { VpcId: { Ref: 'Vpc' }, ServiceName: `com.amazonaws.${region}.s3`, RouteTableIds: [] },
      },
    });
    await withExport();
    await deploy();
    const resources = await new StackClient(access, name).resources();
    const idOf = (type: string) => resources.find((one) => one.type === type)?.id ?? '';
    const [VpcId, subnet] = [idOf('AWS::EC2::VPC'), idOf('AWS::EC2::Subnet')];
    const ec2 = new EC2Client({ region });
    const ServiceName = `com.amazonaws.${region}.guardduty-data`;
    const { VpcEndpoint } = await ec2.send(
      new CreateVpcEndpointCommand({ VpcId, ServiceName, VpcEndpointType: 'Interface', SubnetIds: [subnet] }),
    );
    const error = await remove().catch((thrown) => thrown);
    expect(error).toBeInstanceOf(DeployFailed);
    expect(error.exitCode).toBe(3);
    expect(error.message).toMatch(
      new RegExp(
        `^stack ${name} could not be removed: (Vpc \\(AWS::EC2::VPC\\): The vpc '${VpcId}'|Subnet \\(AWS::EC2::Subnet\\): The subnet '${subnet}') has dependencies and cannot be deleted`,
      ),
    );
    const endpoint = `VPC endpoint ${VpcEndpoint?.VpcEndpointId} (${ServiceName})`;
    expect(error.hint).toContain(`In the stack's network there is what gcd-sfn did not make: ${endpoint}. `);
    expect(error.hint).toContain('run gcd-sfn destroy again');
    expect((await stackNow())?.StackStatus).toBe('DELETE_FAILED');
    const left = await new StackClient(access, name).resources();
    expect(left.map(({ name: one }) => one).sort()).toEqual(['Subnet', 'Vpc']);
    await ec2.send(new DeleteVpcEndpointsCommand({ VpcEndpointIds: [VpcEndpoint?.VpcEndpointId ?? ''] }));
    await remove();
    await expect(stackNow()).rejects.toThrow('does not exist');
  });

  test('one that is not there is no error', async () => {
    expect(await remove()).toBeUndefined();
  });
});

describe('findStack', () => {
  const outputs = [
    ...['BucketName', 'ImageProjectName', 'TopicArn', 'RunMachineArn', 'CleanUpMachineArn', 'SubnetIds'],
    ...['ScheduleGroupName', 'SchedulerRoleArn', 'ClusterRoleArn', 'NodeRoleArn', 'PodRoleArn', 'VpcId'],
    ...['BastionProfileArn', 'SshOnlyGroupId', 'NodeTemplateId', 'RepositoryUri'],
  ];
  async function made(without: string[]): Promise<void> {
    const Value = (output: string) =>
      ({ SubnetIds: 'subnet-1,subnet-2', RepositoryUri: '1.dkr.ecr.us-west-2.amazonaws.com/a/b' })[output] ??
      `the ${output}`;
    const Outputs = Object.fromEntries(
      outputs.filter((one) => !without.includes(one)).map((one) => [one, { Value: Value(one) }]),
    );
    const TemplateBody = JSON.stringify({ Resources: { Topic: { Type: 'AWS::SNS::Topic' } }, Outputs });
    await cloudFormation().send(new CreateStackCommand({ StackName: name, TemplateBody }));
  }

  test('knows what everything is called', async () => {
    await made([]);
    expect(await findStack({ access, name })).toMatchObject({
      ...{ version: null, isChanging: false },
      ...{
        name,
        region,
        account: '123456789012',
        bucket: 'the BucketName',
        topicArn: 'the TopicArn',
        notifyTopics: [],
      },
      subnetIds: ['subnet-1', 'subnet-2'],
      repository: { name: 'a/b', uri: '1.dkr.ecr.us-west-2.amazonaws.com/a/b' },
    });
  });

  test('finds none where there is none', async () => {
    expect(await findStack({ access, name })).toBeUndefined();
  });

  test('names what is missing, and how to fix it', async () => {
    await made(['VpcId', 'TopicArn']);
    const error = await findStack({ access, name }).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(NotFound);
    expect(error.message).toMatch(/lacks TopicArn, VpcId$/);
    expect(error.hint).toContain(`gcd-sfn deploy --stack ${name} --region us-west-2`);
  });
});

describe('what a deploy meets', () => {
  const account = () => ({ access, region, account: '123456789012', arn: 'arn', stack: name });

  test('a stack, however little of it is there, with its version and with what is running', async () => {
    expect(await findDeployedStack(account())).toBeUndefined();
    const client = new SFNClient({ region });
    const machines: string[] = [];
    for (const end of ['run', 'cleanup']) {
      const definition = { StartAt: 'A', States: { A: { Type: 'Wait', Seconds: 60, End: true } } };
      const { stateMachineArn = '' } = await client.send(
        new CreateStateMachineCommand({
          name: `${name}-${end}`,
          definition: JSON.stringify(definition),
          roleArn: 'arn:aws:iam::123456789012:role/machine',
        }),
      );
      machines.push(stateMachineArn);
    }
    const Outputs = {
      ...{ Version: { Value: '0.9.1' }, BucketName: { Value: { Ref: 'Bucket' } } },
      ...{ RunMachineArn: { Value: machines[0] }, CleanUpMachineArn: { Value: machines[1] } },
    };
    const Resources = { Bucket: { Type: 'AWS::S3::Bucket', Properties: {} } };
    await cloudFormation().send(
      new CreateStackCommand({ StackName: name, TemplateBody: JSON.stringify({ Resources, Outputs }) }),
    );
    const before = await findDeployedStack(account());
    expect(before?.version).toBe('0.9.1');
    const cloud = before!.cloud!;
    const leave = { yes: true, force: false };
    const nobody = { interactive: false, ask: async () => false };
    await confirmDespiteRunning(cloud, leave, nobody);
    await cloud.executions.start('run', 'calm-owls-1', { run: 'calm-owls' });
    const by = 'arn:aws:iam::123456789012:user/anna';
    const request = { ...eksRequest('calm-owls'), projectName: 'solar', by, requestedAt: 1_800_000_000 };
    await cloud.store('runs/calm-owls/').write('request.json', JSON.stringify(request));
    await expect(confirmDespiteRunning(cloud, leave, nobody)).rejects.toThrow(
      /run calm-owls of project solar, by anna, started .*\(execution calm-owls-1\)/,
    );
    await cloud.executions.stop('calm-owls-1', 'test');
    await cloud.executions.start('cleanup', 'calm-owls-1-cleanup', { run: 'calm-owls' });
    await expect(confirmDespiteRunning(cloud, leave, nobody)).rejects.toThrow(InUse);
  });
});

test('callerOf says whose credentials they are', async () => {
  expect(await callerOf(access)).toEqual({
    account: '123456789012',
    arn: expect.stringContaining(':'),
    region,
  });
});
