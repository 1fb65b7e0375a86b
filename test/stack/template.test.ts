/** What the template must hold: each of these is a mistake that costs money, a night or a secret, and no linter finds. */
import { describe, expect, test } from '@jest/globals';
import { partsOf } from '../../adapters/aws/cloudformation/stack-outputs.ts';
import { version } from '../../adapters/local/version.ts';
import { settingVariables } from '../../functions/lambda/settings.ts';
import { ofType, type Resource, readTemplate, statementsOf } from '../support/stack/template.ts';

const template = readTemplate();
const { Resources, Outputs } = template;
const all = Object.entries(Resources);
const functions = ofType(template, 'AWS::Lambda::Function');
const one = (type: string): Resource => {
  const found = ofType(template, type);
  expect(found).toHaveLength(1);
  return (found[0] as [string, Resource])[1];
};
const properties = (name: string) => Resources[name]?.Properties;
const tags = [
  { Key: 'managedBy', Value: 'gcd-sfn' },
  { Key: 'gcd-sfn:stack', Value: { Ref: 'AWS::StackName' } },
];

describe('the template', () => {
  // Where serverless puts a function's zip; deploying uploads it there, whatever the place is called.
  const text = JSON.stringify({ Resources, Outputs }, (key, value) => (key === 'S3Key' ? undefined : value));

  test('is the same for every account, region, partition and stage', () => {
    expect(text).not.toMatch(/canarystage|ap-southeast-4/);
    expect(text).not.toMatch(/\b(us|eu|ap|ca|sa|af|me|il|mx|cn)(-gov)?-[a-z]+-\d/);
    expect(text).not.toMatch(/\b\d{12}\b/);
    expect(text).not.toMatch(/arn:aws/);
  });

  test('has no name that two stacks of a region would both want', () => {
    for (const { Export } of Object.values(Outputs))
      if (Export) expect(JSON.stringify(Export)).toContain('AWS::StackName');
    const keys = ['FunctionName', 'LogGroupName', 'RoleName', 'BucketName', 'Name', 'TopicName'];
    // A permission names its function, and has no name.
    for (const [name, { Type, Properties }] of all)
      for (const key of [...keys, 'StateMachineName'])
        if (Properties?.[key] && Type !== 'AWS::Lambda::Permission')
          expect([name, JSON.stringify(Properties[key])]).toEqual([
            name,
            expect.stringContaining('AWS::StackName'),
          ]);
  });

  test('tags everything that can have tags', () => {
    const untaggable = new Set([
      'AWS::CloudFormation::CustomResource',
      'AWS::EC2::LaunchTemplate',
      'AWS::EC2::Route',
      'AWS::EC2::SubnetRouteTableAssociation',
      'AWS::EC2::VPCGatewayAttachment',
      'AWS::IAM::InstanceProfile',
      'AWS::IAM::ManagedPolicy',
      'AWS::Lambda::Permission',
      'AWS::S3::BucketPolicy',
    ]);
    const missing = all.filter(
      ([, { Type, Properties }]) =>
        !untaggable.has(Type) && JSON.stringify(Properties.Tags) !== JSON.stringify(tags),
    );
    expect(missing.map(([name]) => name)).toEqual([]);
  });
});

test('describes security groups and their rules in characters that EC2 takes', () => {
  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpRange.html
  const taken = /^[a-zA-Z0-9. _\-:/()#,@[\]+=&;{}!$*]{1,255}$/;
  const descriptions = ofType(template, 'AWS::EC2::SecurityGroup').flatMap(([name, { Properties }]) => [
    [name, Properties.GroupDescription],
    ...[...(Properties.SecurityGroupIngress ?? []), ...(Properties.SecurityGroupEgress ?? [])].map(
      (rule: { Description?: string }) => [name, rule.Description],
    ),
  ]);
  expect(descriptions.length).toBeGreaterThan(4);
  for (const [name, description] of descriptions)
    expect([name, description]).toEqual([name, expect.stringMatching(taken)]);
});

test('the outputs are what the command line reads, and no more', () => {
  // The last is serverless's own, for `serverless deploy`.
  expect(Object.keys(Outputs).sort()).toEqual(
    [
      ...[
        'BucketName',
        'RepositoryUri',
        'ImageProjectName',
        'TopicArn',
        'NotifyTopics',
        'RunMachineArn',
        'CleanUpMachineArn',
      ],
      ...[
        'ScheduleGroupName',
        'SchedulerRoleArn',
        'ClusterRoleArn',
        'NodeRoleArn',
        'PodRoleArn',
        'PlanTasksRoleArn',
      ],
      ...['BastionProfileArn', 'VpcId', 'SubnetIds', 'SshOnlyGroupId', 'NodeTemplateId'],
      ...['MaxNodes', 'InstanceTypes', 'MaxDiskGiB'],
      ...['Version', 'ServerlessDeploymentBucketName'],
      // For people, who attach them.
      ...['ReaderPolicyArn', 'ResearcherPolicyArn'],
    ].sort(),
  );
  expect(Outputs.Version?.Value).toBe(version());
  const parts = Object.fromEntries(Object.keys(Outputs).map((name) => [name, 'registry/name']));
  const id = 'arn:aws:cloudformation:eu-west-1:123456789012:stack/gcd-sfn/1';
  expect(partsOf('gcd-sfn', id, parts)).toMatchObject({ region: 'eu-west-1', repository: { name: 'name' } });
});

test('every function that counts or makes nodes knows the limits of the stack, and nobody else needs them', () => {
  const knowing = functions
    .filter(([, { Properties }]) => Properties.Environment?.Variables.GCD_MAX_NODES !== undefined)
    .map(
      ([name, { Properties }]) =>
        [name.replace('LambdaFunction', ''), Properties.Environment.Variables] as const,
    );
  expect(knowing.map(([name]) => name).sort()).toEqual(
    ['EnsureNodegroup', 'Janitor', 'ReserveWorkers', 'ScaleDown', 'ScaleNodes', 'Validate'].sort(),
  );
  for (const [, variables] of knowing)
    expect(variables).toMatchObject({
      GCD_MAX_NODES: { Ref: 'MaxNodes' },
      GCD_INSTANCE_TYPES: { Ref: 'InstanceTypes' },
      GCD_MAX_DISK_GIB: { Ref: 'MaxDiskGiB' },
    });
});

describe('functions', () => {
  test('run on what AWS supports for longest, on Graviton', () => {
    for (const [, { Properties }] of functions)
      expect(Properties).toMatchObject({ Runtime: 'nodejs24.x', Architectures: ['arm64'] });
  });

  test('have a role each', () => {
    const roles = functions.map(([, { Properties }]) => Properties.Role['Fn::GetAtt'][0]);
    expect(new Set(roles).size).toBe(functions.length);
    for (const role of roles)
      expect(
        all.filter(
          ([, { Type, Properties }]) =>
            Type === 'AWS::Lambda::Function' && Properties.Role['Fn::GetAtt'][0] === role,
        ),
      ).toHaveLength(1);
  });

  test('write into log groups of the stack, which are there first and forget', () => {
    const groups = ofType(template, 'AWS::Logs::LogGroup');
    for (const [, { Properties }] of groups) expect(Properties.RetentionInDays).toBe(30);
    for (const [, { Properties, DependsOn }] of functions) {
      const group = groups.find(
        ([, { Properties: of }]) =>
          of.LogGroupName['Fn::Sub'] === `/aws/lambda/${Properties.FunctionName['Fn::Sub']}`,
      );
      expect(DependsOn).toContain(group?.[0]);
      const [role] = Properties.Role['Fn::GetAtt'];
      const writes = statementsOf(template).find((one) => one.role === role && one.Sid === 'WritesItsLog');
      expect(writes?.Resource).toEqual({ 'Fn::GetAtt': [group?.[0], 'Arn'] });
    }
  });

  test('get the variables that their ports ask for, and what is none of their business they do not get', () => {
    const known = new Set<string>(Object.values(settingVariables));
    for (const [, { Properties }] of functions)
      for (const name of Object.keys(Properties.Environment?.Variables ?? {})) expect(known).toContain(name);
    // Before there is a network.
    expect(properties('ChooseZonesLambdaFunction').Environment).toBeUndefined();
    const givenTo = (name: string) =>
      functions.filter(([, { Properties }]) => Properties.Environment?.Variables[name]).map(([one]) => one);
    expect(givenTo('GCD_CLUSTER_ROLE_ARN')).toEqual(['EnsureClusterLambdaFunction']);
    expect(givenTo('GCD_TOPIC_ARN')).toEqual(['NotifyLambdaFunction']);
  });

  test('that gather have the disk for it, and all that handle runs have time', () => {
    expect(properties('GatherLambdaFunction').EphemeralStorage).toEqual({ Size: 10240 });
    for (const name of ['PlanTasks', 'Gather', 'Report'])
      expect(properties(`${name}LambdaFunction`).Timeout).toBe(900);
  });
});

describe('the bucket', () => {
  test('is private, encrypted, and forgets what was left half done', () => {
    const bucket = properties('Bucket');
    expect(Object.values(bucket.PublicAccessBlockConfiguration)).toEqual([true, true, true, true]);
    expect(bucket.BucketEncryption.ServerSideEncryptionConfiguration).toHaveLength(1);
    const { Rules } = bucket.LifecycleConfiguration;
    expect(Rules).toContainEqual(
      expect.objectContaining({
        Status: 'Enabled',
        AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
      }),
    );
    // What runs leave is never removed by its age.
    for (const { Prefix, ExpirationInDays } of Rules) if (ExpirationInDays) expect(Prefix).toBe('licences/');
  });

  test('keeps a licence file for longer than any execution may take', () => {
    const { Rules } = properties('Bucket').LifecycleConfiguration;
    const [{ ExpirationInDays }] = Rules.filter(({ Prefix }: { Prefix: string }) => Prefix === 'licences/');
    for (const [, { Properties }] of ofType(template, 'AWS::StepFunctions::StateMachine')) {
      const text = Properties.DefinitionString['Fn::Sub'] ?? Properties.DefinitionString;
      const { TimeoutSeconds } = JSON.parse(Array.isArray(text) ? text[0] : text);
      expect(TimeoutSeconds).toBeGreaterThan(0);
      expect(ExpirationInDays).toBeGreaterThan(TimeoutSeconds / 86_400);
    }
  });

  test('stays when an update of the stack would replace it', () => {
    expect(Resources.Bucket?.UpdateReplacePolicy).toBe('Retain');
  });

  test('answers over TLS only, as does the one with the code', () => {
    for (const bucket of ['Bucket', 'ServerlessDeploymentBucket']) {
      const policy = ofType(template, 'AWS::S3::BucketPolicy').find(
        ([, { Properties }]) => Properties.Bucket.Ref === bucket,
      );
      const [statement] = policy?.[1].Properties.PolicyDocument.Statement ?? [];
      expect(statement).toMatchObject({
        Effect: 'Deny',
        Principal: '*',
        Action: 's3:*',
        Condition: { Bool: { 'aws:SecureTransport': false } },
      });
      expect(statement.Resource).toHaveLength(2);
    }
  });
});

describe('the network', () => {
  test('has two public subnets in two zones that were chosen by id, and no NAT gateway', () => {
    const subnets = ofType(template, 'AWS::EC2::Subnet').map(([, { Properties }]) => Properties);
    expect(subnets.map(({ AvailabilityZone }) => AvailabilityZone)).toEqual([
      { 'Fn::GetAtt': ['Zones', 'First'] },
      { 'Fn::GetAtt': ['Zones', 'Second'] },
    ]);
    for (const { MapPublicIpOnLaunch } of subnets) expect(MapPublicIpOnLaunch).toBe(true);
    expect(all.filter(([, { Type }]) => /NatGateway|EIP$/.test(Type))).toEqual([]);
    expect(ofType(template, 'AWS::EC2::SubnetRouteTableAssociation')).toHaveLength(2);
    expect(one('AWS::EC2::VPC').Properties).toMatchObject({
      EnableDnsSupport: true,
      EnableDnsHostnames: true,
    });
  });

  test('reaches S3 without leaving AWS', () => {
    expect(one('AWS::EC2::VPCEndpoint').Properties).toMatchObject({
      VpcEndpointType: 'Gateway',
      RouteTableIds: [{ Ref: 'Routes' }],
    });
  });

  test('lets nobody in', () => {
    const group = template.Resources.SshOnly!.Properties;
    expect(group.GroupName).toBe('SSH-ONLY');
    expect(group.SecurityGroupIngress ?? []).toEqual([]);
    expect(ofType(template, 'AWS::EC2::SecurityGroupIngress')).toEqual([]);
    expect(group.SecurityGroupEgress).toEqual([expect.objectContaining({ FromPort: 443, ToPort: 443 })]);
  });

  test("lets the bastion reach the clusters' API servers, whose names lead to private addresses here", () => {
    const bastion = { 'Fn::GetAtt': ['SshOnly', 'GroupId'] };
    expect(template.Resources.ClusterApi!.Properties).toMatchObject({
      VpcId: { Ref: 'Vpc' },
      SecurityGroupIngress: [
        { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, SourceSecurityGroupId: bastion },
      ],
      SecurityGroupEgress: [{ CidrIp: '127.0.0.1/32' }],
    });
    const { Environment } = template.Resources.EnsureClusterLambdaFunction!.Properties;
    expect(Environment.Variables.GCD_CLUSTER_API_GROUP_ID).toEqual({
      'Fn::GetAtt': ['ClusterApi', 'GroupId'],
    });
    expect(template.Resources.EnsureBastionLambdaFunction!.Properties.Environment.Variables).toMatchObject({
      GCD_SSH_ONLY_GROUP_ID: { Ref: 'SshOnly' },
    });
  });
});

describe('machines of the cluster', () => {
  const { LaunchTemplateData } = one('AWS::EC2::LaunchTemplate').Properties;

  test('keep their role from pods', () => {
    expect(LaunchTemplateData.MetadataOptions).toMatchObject({
      HttpTokens: 'required',
      HttpPutResponseHopLimit: 1,
    });
  });

  test('have encrypted disks that go with them', () => {
    for (const { Ebs } of LaunchTemplateData.BlockDeviceMappings)
      expect(Ebs).toMatchObject({ Encrypted: true, DeleteOnTermination: true });
  });

  test('carry the tags, and so do their disks', () => {
    const specified = LaunchTemplateData.TagSpecifications as { ResourceType: string; Tags: unknown }[];
    for (const kind of ['instance', 'volume'])
      expect(specified).toContainEqual({ ResourceType: kind, Tags: tags });
  });

  test('leave what EKS must decide to EKS', () => {
    // A nodegroup that is given these as well is refused.
    for (const key of [
      'IamInstanceProfile',
      'NetworkInterfaces',
      'InstanceMarketOptions',
      'ImageId',
      'InstanceType',
    ])
      expect(LaunchTemplateData).not.toHaveProperty(key);
  });
});

test('images do not pile up for ever', () => {
  const { rules } = JSON.parse(one('AWS::ECR::Repository').Properties.LifecyclePolicy.LifecyclePolicyText);
  const ends = rules.map(({ selection }: { selection: { tagStatus: string } }) => selection.tagStatus);
  expect(ends.sort()).toEqual(['tagged', 'untagged']);
});

test('only tags that are layers to build on can be written anew in the repository', () => {
  expect(one('AWS::ECR::Repository').Properties).toMatchObject({
    ImageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
    ImageTagMutabilityExclusionFilters: [{ ImageTagMutabilityExclusionFilterValue: 'cache-*' }],
  });
});
