/** What AWS's services ask IAM with a role of the stack, without a request of ours: no imitation asks it. */
import { expect, test } from '@jest/globals';
import { refusal } from '../support/iam/judge-requests.ts';
import { arnOf, place, policiesOf } from '../support/iam/role-policies.ts';
import { ofType, readTemplate } from '../support/stack/template.ts';

const template = readTemplate();
const bucket = arnOf(template, 'Bucket');
const arn = (rest: string) => `arn:aws:${rest.replace('#', `${place.region}:${place.account}`)}`;

interface Asks {
  role: string;
  actions: string[];
  resource: string;
  /** Where AWS says so. */
  source: string;
}

const guide = 'https://docs.aws.amazon.com/step-functions/latest/dg';
/** What a state machine asks that writes a log. */
const logDelivery = (role: string): Asks => ({
  role,
  actions: [
    'logs:CreateLogDelivery',
    'logs:GetLogDelivery',
    'logs:UpdateLogDelivery',
    'logs:DeleteLogDelivery',
    'logs:ListLogDeliveries',
    'logs:PutResourcePolicy',
    'logs:DescribeResourcePolicies',
    'logs:DescribeLogGroups',
  ],
  resource: '*',
  source: `${guide}/cw-logs.html`,
});

const all: Asks[] = [
  logDelivery('RunMachineRole'),
  logDelivery('CleanUpMachineRole'),
  {
    role: 'RunMachineRole',
    actions: ['states:StartExecution'],
    resource: arn('states:#:stateMachine:gcd-sfn-run'),
    source: `${guide}/iam-policies-eg-dist-map.html`,
  },
  {
    role: 'RunMachineRole',
    actions: ['states:DescribeExecution', 'states:StopExecution'],
    resource: arn('states:#:execution:gcd-sfn-run/5f1c0e0e-9d6d-3e0a-b3cd-6d2f0e6c7a11:one'),
    source: `${guide}/iam-policies-eg-dist-map.html`,
  },
  {
    role: 'RunMachineRole',
    actions: ['s3:GetObject'],
    resource: `${bucket}/runs/one/batches.jsonl`,
    source: `${guide}/iam-policies-eg-dist-map.html`,
  },
  {
    role: 'RunMachineRole',
    actions: ['s3:PutObject', 's3:GetObject', 's3:ListMultipartUploadParts', 's3:AbortMultipartUpload'],
    resource: `${bucket}/runs/one/map-output/5f1c0e0e/manifest.json`,
    source: `${guide}/iam-policies-eg-dist-map.html`,
  },
  {
    role: 'RunMachineRole',
    actions: ['codebuild:StartBuild', 'codebuild:StopBuild', 'codebuild:BatchGetBuilds'],
    resource: arn('codebuild:#:project/gcd-sfn-image'),
    source: `${guide}/connect-codebuild.html`,
  },
  {
    role: 'RunMachineRole',
    actions: ['events:PutTargets', 'events:PutRule', 'events:DescribeRule'],
    resource: arn('events:#:rule/StepFunctionsGetEventForCodeBuildStartBuildRule'),
    source: `${guide}/connect-codebuild.html`,
  },
  {
    role: 'SchedulerRole',
    actions: ['states:StartExecution'],
    resource: arn('states:#:stateMachine:gcd-sfn-run'),
    source: 'https://docs.aws.amazon.com/scheduler/latest/UserGuide/setting-up.html',
  },
  {
    role: 'ImageProjectRole',
    actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    resource: arnOf(template, 'ImageProjectLogs').replace(/\*$/, 'log-stream:one'),
    source: 'https://docs.aws.amazon.com/codebuild/latest/userguide/setting-up-service-role.html',
  },
  {
    role: 'ImageProjectRole',
    actions: ['s3:GetObject', 's3:GetObjectVersion'],
    resource: `${bucket}/sources/one.zip`,
    source: 'https://docs.aws.amazon.com/codebuild/latest/userguide/setting-up-service-role.html',
  },
  {
    role: 'ImageProjectRole',
    actions: ['ecr:GetAuthorizationToken'],
    resource: '*',
    source: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html',
  },
  {
    role: 'ImageProjectRole',
    actions: [
      'ecr:BatchCheckLayerAvailability',
      'ecr:InitiateLayerUpload',
      'ecr:UploadLayerPart',
      'ecr:CompleteLayerUpload',
      'ecr:PutImage',
      'ecr:BatchGetImage',
      'ecr:GetDownloadUrlForLayer',
    ],
    resource: arnOf(template, 'Repository'),
    source: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html',
  },
  ...ofType(template, 'AWS::Lambda::Function').map(([, { Properties }]): Asks => {
    const name = Properties.FunctionName['Fn::Sub'].replace(/\$\{AWS::StackName\}/, place.stack);
    return {
      role: Properties.Role['Fn::GetAtt'][0],
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resource: arn(`logs:#:log-group:/aws/lambda/${name}:log-stream:2026/01/01/[1]abc`),
      source: 'https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html',
    };
  }),
];

const judged = (role: string, action: string, resource: string) => {
  const { inline: policies } = policiesOf(template, role);
  const principal = arn(`sts::${place.account}:assumed-role/${role}/session`);
  const caller = { principal, role: arn(`iam::${place.account}:role/${role}`), policies, session: null };
  return refusal(caller, { operation: '', action, resource, context: {} });
};

test.each(all)('$role may what is asked with it: $resource', async ({ role, actions, resource, source }) => {
  for (const action of actions)
    expect([source, action, await judged(role, action, resource)]).toEqual([source, action, undefined]);
});

test('and what nobody asks is not', async () => {
  expect(await judged('SchedulerRole', 'states:StartExecution', arn('states:#:stateMachine:other'))).toBe(
    'ImplicitlyDenied',
  );
  expect(await judged('ImageProjectRole', 's3:GetObject', `${bucket}/runs/one/request.json`)).toBe(
    'ImplicitlyDenied',
  );
});
