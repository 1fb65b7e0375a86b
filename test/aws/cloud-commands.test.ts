/** The commands that work on the stack and on what is beside it, as a user types them, on moto. */
import { CloudFormationClient, CreateStackCommand } from '@aws-sdk/client-cloudformation';
import { CreateClusterCommand, EKSClient } from '@aws-sdk/client-eks';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { command } from '../support/cli/project.ts';
import { eksRequest } from '../support/cloud/run.ts';
import { motoOfFile } from '../support/moto/shared-moto.ts';

const region = 'us-east-1';
const moto = motoOfFile();
beforeEach(async () => {
  await moto().reset();
});

const run = (...args: string[]) => command(args, { env: moto().env });

/** A stack with nothing of its own but a bucket and a network, and all outputs. */
async function stack(name = 'gcd-sfn'): Promise<{ bucket: string }> {
  const bucket = `${name}-runs`;
  const made = {
    Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: bucket } },
    Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } },
    Repository: { Type: 'AWS::ECR::Repository', Properties: { RepositoryName: `${name}-images` } },
  };
  const machine = (end: string) => `arn:aws:states:${region}:123456789012:stateMachine:${name}-${end}`;
  const values: Record<string, unknown> = {
    ...{ BucketName: { Ref: 'Bucket' }, VpcId: { Ref: 'Vpc' }, SubnetIds: 'subnet-1,subnet-2' },
    RepositoryUri: `123456789012.dkr.ecr.${region}.amazonaws.com/${name}-images`,
    ...{ RunMachineArn: machine('run'), CleanUpMachineArn: machine('cleanup') },
    ServerlessDeploymentBucketName: bucket,
  };
  const constant = [
    ...['ImageProjectName', 'TopicArn', 'ScheduleGroupName', 'SchedulerRoleArn', 'ClusterRoleArn'],
    ...['NodeRoleArn', 'PodRoleArn', 'BastionProfileArn', 'SshOnlyGroupId', 'NodeTemplateId'],
  ];
  for (const output of constant) values[output] = output;
  const Outputs = Object.fromEntries(Object.entries(values).map(([key, Value]) => [key, { Value }]));
  const TemplateBody = JSON.stringify({ Resources: made, Outputs });
  const Tags = [{ Key: 'managedBy', Value: 'gcd-sfn' }];
  await new CloudFormationClient({ region }).send(
    new CreateStackCommand({ StackName: name, TemplateBody, Tags }),
  );
  return { bucket };
}

async function cluster(name: string): Promise<void> {
  await new EKSClient({ region }).send(
    new CreateClusterCommand({
      name,
      roleArn: 'arn:aws:iam::123456789012:role/cluster',
      resourcesVpcConfig: {},
      accessConfig: { authenticationMode: 'API' },
      tags: { managedBy: 'gcd-sfn', 'gcd-sfn:stack': 'gcd-sfn' },
    }),
  );
}

describe('where there is no stack', () => {
  test('destroy has nothing to do', async () => {
    const { code, stderr, stdout } = await run('destroy', '--json');
    expect(stderr).toContain('there is no stack gcd-sfn in us-east-1: nothing to do');
    expect(JSON.parse(stdout)).toMatchObject({ outcome: 'absent', region, account: '123456789012' });
    expect(code).toBe(0);
  });

  test.each([['resources'], ['cleanup', '--all']])('%s says how to make one', async (...args) => {
    const { code, stderr } = await run(...args, '--stack', 'other', '--region', 'eu-west-1');
    expect(stderr).toContain('there is no stack other in eu-west-1');
    expect(stderr).toContain('gcd-sfn deploy --stack other --region eu-west-1');
    expect(code).toBe(3);
  });
});

describe('resources', () => {
  test('says what there is and what it costs', async () => {
    await stack();
    await cluster('c');
    const { code, stdout } = await run('resources');
    expect(stdout).toMatch(/^cluster c .*\$0\.10/m);
    expect(stdout).toMatch(/^\$0\.10 an hour, about \$0/m);
    expect(code).toBe(0);
    const { resources, cost } = JSON.parse((await run('resources', '--json')).stdout);
    expect(resources).toMatchObject([{ kind: 'cluster', name: 'c', cost: { perHour: 0.1 } }]);
    expect(cost.perHour).toBe(0.1);
  });

  test('says so when there is nothing', async () => {
    await stack();
    expect((await run('resources')).stdout).toBe('nothing exists besides stack gcd-sfn in us-east-1\n');
  });
});

describe('cleanup', () => {
  test('wants to know what', async () => {
    const { code, stderr } = await run('cleanup');
    expect(stderr).toContain('give exactly one of --cluster NAME, --all and --environments');
    expect(code).toBe(2);
    expect((await run('cleanup', '--all', '--cluster', 'c')).code).toBe(2);
  });

  test('has nothing to do where there is nothing', async () => {
    await stack();
    const { code, stderr, stdout } = await run('cleanup', '--all', '--json');
    expect(stderr).toContain('nothing exists besides stack gcd-sfn');
    expect(JSON.parse(stdout)).toEqual({ left: [] });
    expect(code).toBe(0);
  });
});

describe('destroy', () => {
  test('refuses while there is a cluster, and names it', async () => {
    await stack();
    await cluster('c');
    const { code, stderr } = await run('destroy', '--yes');
    expect(stderr).toContain('cluster c must be deleted before the stack');
    expect(stderr).toContain('gcd-sfn cleanup --all');
    expect(code).toBe(2);
  });

  test('refuses while its bucket holds runs, unless it may', async () => {
    const { bucket } = await stack();
    for (const name of ['one', 'two', 'three'])
      await moto().put(bucket, `runs/${name}/results/results.csv`, 'a');
    const by = 'arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_Researcher_1a/ben@lab.org';
    for (const run of ['one', 'two'])
      await moto().put(bucket, `runs/${run}/request.json`, JSON.stringify({ ...eksRequest(run), by }));
    const refused = await run('destroy', '--yes');
    expect(refused.stderr).toContain('contains 3 runs and their results: of ben@lab.org (2), somebody (1)');
    expect(refused.code).toBe(2);
    const { code, stderr, stdout } = await run('destroy', '--yes', '--delete-results', '--json');
    expect(stderr).toContain(
      '3 runs will be deleted from its bucket, and their results: of ben@lab.org (2), somebody (1)',
    );
    expect(stderr).toContain('stack gcd-sfn was deleted');
    expect(JSON.parse(stdout)).toMatchObject({ outcome: 'removed', kept: [] });
    expect(code).toBe(0);
    expect((await run('destroy')).stderr).toContain('nothing to do');
  });

  test('leaves a stack alone that it did not make', async () => {
    const TemplateBody = JSON.stringify({ Resources: { Topic: { Type: 'AWS::SNS::Topic' } } });
    await new CloudFormationClient({ region }).send(
      new CreateStackCommand({ StackName: 'gcd-sfn', TemplateBody }),
    );
    const { code, stderr } = await run('destroy', '--yes');
    expect(stderr).toContain('that gcd-sfn did not make');
    expect(code).toBe(2);
  });
});

describe('doctor --aws', () => {
  test('says whose the credentials are, and what there is of the stack', async () => {
    const none = await run('doctor', '--aws');
    expect(none.stdout).toMatch(/credentials +account 123456789012, arn:/);
    expect(none.stdout).toMatch(/stack +there is no stack gcd-sfn in us-east-1/);
    expect(none.stdout).toContain('gcd-sfn deploy');
    expect(none.code).toBe(0);
    await stack();
    expect((await run('doctor', '--aws')).stdout).toMatch(/stack +gcd-sfn in us-east-1: runs on a cluster/);
  });
});

describe('auth', () => {
  const ada = 'arn:aws:iam::123456789012:user/ada';

  test('lets somebody look, shows it, and takes it back', async () => {
    await stack();
    await cluster('c');
    const added = await run('auth', 'add', ada);
    expect(added.stderr).toContain(`${ada} may view workers on cluster c`);
    expect(added.code).toBe(0);
    expect((await run('auth', 'list')).stdout).toMatch(/user\/ada +AmazonEKSViewPolicy in gcd/);
    const { code, stdout } = await run('auth', 'remove', ada, '--cluster', 'c', '--json');
    expect(JSON.parse(stdout).entries).not.toContainEqual(expect.objectContaining({ principal: ada }));
    expect(code).toBe(0);
  });

  test.each([
    [['auth', 'add'], 'give the ARN of an IAM user or role', 2],
    [['auth', 'add', 'ada'], "'ada' is not the ARN", 2],
    [['auth', 'add', 'arn:aws:sts::123456789012:assumed-role/Students/me'], 'The role is Students', 2],
    [['auth', 'list', '--cluster', 'nowhere'], 'there is no cluster nowhere', 3],
    [['debug', '--address', '0.0.0.0/0'], 'that is 4,294,967,296 addresses', 2],
    [['debug', '--address', '198.51.100.7'], 'there is no cluster', 3],
  ])('%j: %s', async (args, says, wanted) => {
    await stack();
    const { code, stderr } = await run(...args);
    expect(stderr).toContain(says);
    expect(code).toBe(wanted);
  });
});

describe('which stack and where', () => {
  test('a name that cannot be is refused before anything is asked', async () => {
    const { code, stderr } = await run('resources', '--stack', 'no_such');
    expect(stderr).toContain("'no_such' is not a valid stack name");
    expect(code).toBe(2);
  });

  test('without a region it says how to give one', async () => {
    const { AWS_REGION, ...rest } = moto().env;
    const { code, stderr } = await command(['resources'], { env: { ...rest, AWS_REGION: '' } });
    expect(stderr).toContain('no AWS region is known');
    expect(code).toBe(2);
  });
});
