/** What tests ask the imitated account, as its administrator. */

import {
  CloudFormationClient,
  DescribeStackResourceCommand,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import { CodeBuildClient, ListBuildsForProjectCommand } from '@aws-sdk/client-codebuild';
import {
  CreateSecurityGroupCommand,
  DeleteSecurityGroupCommand,
  DescribeInstancesCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import {
  DescribeNodegroupCommand,
  EKSClient,
  ListClustersCommand,
  ListNodegroupsCommand,
} from '@aws-sdk/client-eks';
import {
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreateUserCommand,
  IAMClient,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutBucketEncryptionCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import {
  DescribeExecutionCommand,
  type DescribeExecutionCommandOutput,
  paginateGetExecutionHistory,
  SFNClient,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { until } from '../../support/cli/project.ts';

export interface Keys {
  accessKeyId: string;
  secretAccessKey: string;
}

/** Makes a user that may do everything, in an account that does not judge yet. */
export async function administrator(endpoint: string): Promise<Keys> {
  const credentials = { accessKeyId: 'testing', secretAccessKey: 'testing' };
  const iam = new IAMClient({ endpoint, region: 'us-east-1', credentials });
  const UserName = 'administrator';
  await iam.send(new CreateUserCommand({ UserName }));
  const PolicyArn = 'arn:aws:iam::aws:policy/AdministratorAccess';
  await iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
  iam.destroy();
  return {
    accessKeyId: AccessKey?.AccessKeyId ?? '',
    secretAccessKey: AccessKey?.SecretAccessKey ?? '',
  };
}

/** Makes a user with a managed policy, and statements beside it. */
export async function userWith(
  iam: IAMClient,
  UserName: string,
  { policy: PolicyArn, statements = [] }: { policy: string; statements?: object[] },
): Promise<Keys> {
  await iam.send(new CreateUserCommand({ UserName }));
  await iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn }));
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: statements });
  if (statements.length > 0)
    await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'own', PolicyDocument }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
  return { accessKeyId: AccessKey?.AccessKeyId ?? '', secretAccessKey: AccessKey?.SecretAccessKey ?? '' };
}

export class Account {
  readonly #s3: S3Client;
  readonly #sfn: SFNClient;
  readonly #eks: EKSClient;
  readonly #ec2: EC2Client;
  readonly #sqs: SQSClient;
  readonly #cloudFormation: CloudFormationClient;
  readonly #codeBuild: CodeBuildClient;
  readonly #stack: string;

  constructor(endpoint: string, credentials: Keys, stack: string) {
    const settings = { endpoint, region: 'us-east-1', credentials };
    this.#s3 = new S3Client({ ...settings, forcePathStyle: true });
    this.#sfn = new SFNClient(settings);
    this.#eks = new EKSClient(settings);
    this.#ec2 = new EC2Client(settings);
    this.#sqs = new SQSClient(settings);
    this.#codeBuild = new CodeBuildClient(settings);
    this.#cloudFormation = new CloudFormationClient(settings);
    this.#stack = stack;
  }

  /** Makes a bucket with these objects. */
  async bucket(Bucket: string, objects: Record<string, Buffer>): Promise<void> {
    await this.#s3.send(new CreateBucketCommand({ Bucket }));
    await this.put(Bucket, objects);
  }

  async put(Bucket: string, objects: Record<string, Buffer>): Promise<void> {
    for (const [Key, Body] of Object.entries(objects))
      await this.#s3.send(new PutObjectCommand({ Bucket, Key, Body }));
  }

  /** Bytes of the objects below a prefix. */
  async sizes(Bucket: string, Prefix: string): Promise<number[]> {
    const { Contents = [] } = await this.#s3.send(new ListObjectsV2Command({ Bucket, Prefix }));
    return Contents.map(({ Size = 0 }) => Size);
  }

  /** Has what is written into a bucket from now on encrypted with a key of KMS. */
  async encrypt(Bucket: string, KMSMasterKeyID: string): Promise<void> {
    const ApplyServerSideEncryptionByDefault = { SSEAlgorithm: 'aws:kms', KMSMasterKeyID } as const;
    await this.#s3.send(
      new PutBucketEncryptionCommand({
        Bucket,
        ServerSideEncryptionConfiguration: { Rules: [{ ApplyServerSideEncryptionByDefault }] },
      }),
    );
  }

  async keys(Bucket: string, Prefix: string): Promise<string[]> {
    const { Contents = [] } = await this.#s3.send(new ListObjectsV2Command({ Bucket, Prefix }));
    return Contents.map(({ Key = '' }) => Key);
  }

  async read(Bucket: string, Key: string): Promise<string> {
    const { Body } = await this.#s3.send(new GetObjectCommand({ Bucket, Key }));
    return (await Body?.transformToString()) ?? '';
  }

  #arn(machine: 'run' | 'cleanup', execution: string): string {
    return `arn:aws:states:us-east-1:123456789012:execution:${this.#stack}-${machine}:${execution}`;
  }

  stop(execution: string): Promise<unknown> {
    return this.#sfn.send(
      new StopExecutionCommand({ executionArn: this.#arn('run', execution), cause: 'by hand' }),
    );
  }

  /** Undefined: there was none of this name. */
  async execution(
    machine: 'run' | 'cleanup',
    name: string,
  ): Promise<DescribeExecutionCommandOutput | undefined> {
    try {
      return await this.#sfn.send(new DescribeExecutionCommand({ executionArn: this.#arn(machine, name) }));
    } catch (error) {
      if ((error as Error).name === 'ExecutionDoesNotExist') return undefined;
      throw error;
    }
  }

  /** How an execution has ended, when it has. */
  async ended(machine: 'run' | 'cleanup', name: string): Promise<DescribeExecutionCommandOutput> {
    let found: DescribeExecutionCommandOutput | undefined;
    await until(
      async () => {
        found = await this.execution(machine, name);
        return found !== undefined && found.status !== 'RUNNING';
      },
      `the end of ${machine} ${name}`,
      100_000,
    );
    return found as DescribeExecutionCommandOutput;
  }

  /** States that an execution has entered, in order. */
  async entered(machine: 'run' | 'cleanup', name: string): Promise<string[]> {
    const found: string[] = [];
    const asked = { executionArn: this.#arn(machine, name), includeExecutionData: false };
    for await (const { events = [] } of paginateGetExecutionHistory({ client: this.#sfn }, asked))
      found.push(...events.flatMap(({ stateEnteredEventDetails: entered }) => entered?.name ?? []));
    return found;
  }

  /** What the stack says of itself. */
  async outputs(): Promise<Record<string, string>> {
    const { Stacks = [] } = await this.#cloudFormation.send(
      new DescribeStacksCommand({ StackName: this.#stack }),
    );
    return Object.fromEntries(
      (Stacks[0]?.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]),
    );
  }

  /** A part of the stack, by its name in the template. */
  async part(LogicalResourceId: string): Promise<string> {
    const { StackResourceDetail } = await this.#cloudFormation.send(
      new DescribeStackResourceCommand({ StackName: this.#stack, LogicalResourceId }),
    );
    return StackResourceDetail?.PhysicalResourceId ?? '';
  }

  /** Puts a security group into a VPC, as GuardDuty does by itself. @returns its id */
  async putIntoNetwork(VpcId: string): Promise<string> {
    const group = { GroupName: 'GuardDutyManagedSecurityGroup', Description: 'theirs', VpcId };
    return (await this.#ec2.send(new CreateSecurityGroupCommand(group))).GroupId ?? '';
  }

  removeGroup(GroupId: string): Promise<unknown> {
    return this.#ec2.send(new DeleteSecurityGroupCommand({ GroupId }));
  }

  /** Builds of a project, so far. */
  async builds(projectName: string): Promise<number> {
    return (await this.#codeBuild.send(new ListBuildsForProjectCommand({ projectName }))).ids?.length ?? 0;
  }

  async clusters(): Promise<string[]> {
    return (await this.#eks.send(new ListClustersCommand({}))).clusters ?? [];
  }

  /** What still works, or costs, of runs: machines of nodegroups, nodes that are wanted, queues. */
  async working(): Promise<{ machines: string[]; wanted: number; queues: string[] }> {
    let wanted = 0;
    for (const clusterName of await this.clusters()) {
      const { nodegroups = [] } = await this.#eks.send(new ListNodegroupsCommand({ clusterName }));
      for (const nodegroupName of nodegroups) {
        const { nodegroup } = await this.#eks.send(
          new DescribeNodegroupCommand({ clusterName, nodegroupName }),
        );
        wanted += nodegroup?.scalingConfig?.desiredSize ?? 0;
      }
    }
    const Filters = [
      { Name: 'instance-state-name', Values: ['pending', 'running'] },
      { Name: 'tag-key', Values: ['eks:nodegroup-name'] },
    ];
    const { Reservations = [] } = await this.#ec2.send(new DescribeInstancesCommand({ Filters }));
    const { QueueUrls = [] } = await this.#sqs.send(new ListQueuesCommand({}));
    return {
      machines: Reservations.flatMap(({ Instances = [] }) =>
        Instances.map(({ InstanceId = '' }) => InstanceId),
      ),
      wanted,
      queues: QueueUrls,
    };
  }

  close(): void {
    const clients = [
      this.#s3,
      this.#sfn,
      this.#eks,
      this.#ec2,
      this.#sqs,
      this.#cloudFormation,
      this.#codeBuild,
    ];
    for (const client of clients) client.destroy();
  }
}
