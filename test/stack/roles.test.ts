/** What roles may do: each of these mistakes is one that no linter finds, and that a run meets on AWS only. */
import { describe, expect, test } from '@jest/globals';
import { type Action, actionsOf, isFor, resourcesOf } from '../support/iam/action-reference.ts';
import { type Granted, list, ofType, readTemplate, statementsOf } from '../support/stack/template.ts';

const template = readTemplate();
const statements = statementsOf(template);
const properties = (name: string) => template.Resources[name]?.Properties;
const name = ({ role, Sid }: Granted) => `${role}.${Sid}`;
const actions = actionsOf([...new Set(statements.flatMap(({ Action: of }) => list(of)))]);

/** Actions that are newer than the linter's copy of AWS's reference; they take no resource. */
const newer = ['eks:DescribeClusterVersions'];
const actionOf = (action: string): Action => actions[action] ?? { access: 'List', resources: [] };

describe('statements', () => {
  test('name actions that there are, one by one', () => {
    expect(Object.keys(actions).filter((action) => actions[action] === null)).toEqual(newer);
    expect(actionsOf(['s3:GetObjekt'])).toEqual({ 's3:GetObjekt': null });
    expect(statements.filter(({ Action: of }) => list(of).some((one) => one.includes('*')))).toEqual([]);
  });

  test('say why they are there, each by a name that stands once in its role', () => {
    const names = statements.map(name);
    expect(names.filter((one, place) => names.indexOf(one) !== place)).toEqual([]);
    expect(statements.filter(({ Sid }) => !Sid)).toEqual([]);
  });

  test('are about things that their actions take', () => {
    const wrong = statements.flatMap((statement) => {
      const resources = resourcesOf(template, statement);
      const useless = list(statement.Action).filter(
        (action) => !resources.some((resource) => isFor(actionOf(action), resource)),
      );
      const idle = resources.filter(
        (resource) => !list(statement.Action).some((action) => isFor(actionOf(action), resource)),
      );
      return [...useless, ...idle].map((one) => `${name(statement)}: ${one}`);
    });
    expect(wrong).toEqual([]);
  });

  test('are about all things only where an action takes none, or there is a reason', () => {
    const reasons: Record<string, string> = {
      'PlanTasksRole.ReadsDataFiles': 'requests name the buckets',
      'PodRole.ReadsDataFiles': 'requests name the buckets',
    };
    const wide = statements.filter((statement) =>
      resourcesOf(template, statement).some((resource) =>
        resource === '*'
          ? list(statement.Action).some((action) => actionOf(action).resources.length > 0)
          : resource.endsWith(':s3:::*'),
      ),
    );
    expect(wide.map(name).sort()).toEqual(Object.keys(reasons).sort());
  });

  test('change only what is the stack’s: by its name, or by tags that it carries or gets', () => {
    /** Things of EC2, EKS and Auto Scaling have names that others give. */
    const reasons: Record<string, string> = {
      'EnsureBastionRole.CreatesMachinesInTheStack':
        'what a machine is made from: the stack’s subnets and group',
    };
    const open = statements.filter(
      ({ Action: of, Condition = {} }) =>
        list(of).some(
          (action) =>
            /^(ec2|eks|autoscaling):/.test(action) && !/^(Read|List)$/.test(actionOf(action).access),
        ) && !/managedBy|ec2:CreateAction|ec2:LaunchTemplate|ec2:Vpc/.test(JSON.stringify(Condition)),
    );
    expect(open.map(name).sort()).toEqual(Object.keys(reasons).sort());
  });

  test('bind no question whether something is there to its tags', () => {
    // Of what is not there, AWS would say that it is not allowed: the bastion asks for what it was made for.
    const bound = statements.filter(
      ({ Action: of, Condition }) =>
        list(of).every((action) => /^(Read|List)$/.test(actionOf(action).access)) &&
        JSON.stringify(Condition ?? {}).includes('ResourceTag'),
    );
    expect(bound.map(name)).toEqual(['BastionRole.ReadsOurClusters']);
  });
});

describe('roles are passed', () => {
  const passing = statements.filter(({ Action: of }) => list(of).includes('iam:PassRole'));

  test('one by one, to the services that take them', () => {
    const passed = passing.map(({ role, Resource, Condition }) => [
      role,
      Object(Resource)['Fn::GetAtt'][0],
      Condition?.StringEquals?.['iam:PassedToService'],
    ]);
    expect(passed).toEqual([
      ['EnsureBastionRole', 'BastionRole', 'ec2.amazonaws.com'],
      ['EnsureClusterRole', 'ClusterRole', 'eks.amazonaws.com'],
      ['EnsureNodegroupRole', 'NodeRole', ['eks.amazonaws.com', 'ec2.amazonaws.com']],
      ['ReserveWorkersRole', 'PodRole', 'pods.eks.amazonaws.com'],
      ['ResearcherPolicy', 'SchedulerRole', 'scheduler.amazonaws.com'],
    ]);
    for (const { Action: of } of passing) expect(of).toBe('iam:PassRole');
  });

  test('and made by AWS for its own services, the first time in an account', () => {
    const made = statements.filter(({ Action: of }) => list(of).includes('iam:CreateServiceLinkedRole'));
    const services = made.map(({ role, Condition }) => [
      role,
      Condition?.StringEquals?.['iam:AWSServiceName'],
    ]);
    expect(services).toEqual([
      ['EnsureClusterRole', 'eks.amazonaws.com'],
      [
        'EnsureNodegroupRole',
        ['eks-nodegroup.amazonaws.com', 'autoscaling.amazonaws.com', 'spot.amazonaws.com'],
      ],
    ]);
    for (const statement of made)
      for (const resource of resourcesOf(template, statement))
        expect(resource).toMatch(/^arn:p:iam::a:role\/aws-service-role\/[\w-]+\.amazonaws\.com\/\*$/);
  });
});

describe('roles', () => {
  test('are taken by AWS services, and by those for this account only', () => {
    for (const [role, { Properties }] of ofType(template, 'AWS::IAM::Role')) {
      const [{ Principal, Condition }] = Properties.AssumeRolePolicyDocument.Statement;
      expect(Object.keys(Principal)).toEqual(['Service']);
      // These two take roles of their own account alone.
      if (!['lambda.amazonaws.com', 'ec2.amazonaws.com'].includes(Principal.Service))
        expect([role, Condition]).toEqual([
          role,
          { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
        ]);
    }
  });

  test('that Pod Identity gives can have tags of the session', () => {
    const [{ Principal, Action: of }] = properties('PodRole').AssumeRolePolicyDocument.Statement;
    expect(Principal.Service).toBe('pods.eks.amazonaws.com');
    expect(of).toEqual(['sts:AssumeRole', 'sts:TagSession']);
  });

  test('of pods may do nothing to the account but read, write and report what they are handed', () => {
    const may = statements.filter(({ role }) => role === 'PodRole').flatMap(({ Action: of }) => list(of));
    expect([...new Set(may)].sort()).toEqual([
      'kms:Decrypt',
      's3:AbortMultipartUpload',
      's3:GetObject',
      's3:ListBucket',
      's3:PutObject',
      'sqs:ChangeMessageVisibility',
      'sqs:DeleteMessage',
      'sqs:ReceiveMessage',
      'states:SendTaskFailure',
      'states:SendTaskHeartbeat',
      'states:SendTaskSuccess',
    ]);
  });

  test('that act on clusters have entries there, and in AWS only find them', () => {
    const { Variables } = properties('EnsureClusterLambdaFunction').Environment;
    const people = (variable: string): string[] =>
      [...String(Variables[variable]['Fn::Sub']).matchAll(/\$\{(\w+)\.Arn\}/g)].map(([, role = '']) => role);
    const writers = people('GCD_WRITER_ROLE_ARNS');
    const readers = people('GCD_READER_ROLE_ARNS');
    expect(writers).toEqual([
      'ReserveWorkersRole',
      'StartWorkersRole',
      'StopWorkersRole',
      'TearDownRole',
      'JanitorRole',
    ]);
    const reaching = statements.filter(({ Sid }) => Sid === 'ConnectsToClusters');
    for (const { Action: of } of reaching) expect(of).toBe('eks:DescribeCluster');
    expect(reaching.map(({ role }) => role).sort()).toEqual([...writers, ...readers].sort());
    // An entry is made anew for a role that was made anew: to see that, it is asked for.
    const recognised = statements.find(({ Sid }) => Sid === 'ReadsRoles')?.Resource;
    for (const role of [...writers, ...readers, 'BastionRole'])
      expect(recognised).toContainEqual({ 'Fn::GetAtt': [role, 'Arn'] });
    expect(Variables.GCD_BASTION_ROLE_ARN).toEqual({ 'Fn::GetAtt': ['BastionRole', 'Arn'] });
  });
});
