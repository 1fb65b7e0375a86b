/** The policies for people: what the commands ask of AWS they allow, no more, and nothing that is not theirs. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { packageRoot } from '../support/cli/project.ts';
import { refusal } from '../support/iam/judge-requests.ts';
import { arnOf, place, policyForPeople } from '../support/iam/role-policies.ts';
import { actionsIn } from '../support/iam/sdk-actions.ts';
import { list, readTemplate, statementsOf } from '../support/stack/template.ts';

const template = readTemplate();
const actionsOf = (policy: string) =>
  new Set(statementsOf(template).flatMap(({ role, Action }) => (role === policy ? list(Action) : [])));

/** What a command's source brings, also what it loads when it is needed. */
function reached(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  const source = readFileSync(join(packageRoot, file), 'utf8');
  const imports = /(?:^(?:import|export) (?!type)[^;]*?from |\bimport\()'(\.[^']+\.ts)'/gm;
  for (const [, path = ''] of source.matchAll(imports))
    reached(relative(packageRoot, join(packageRoot, dirname(file), path)), seen);
  return seen;
}
const fileOf = (command: string): string => {
  const file = `cli/commands/${command}.ts`;
  return existsSync(join(packageRoot, file)) ? file : `cli/commands/${command}/${command}.ts`;
};
const askedBy = (commands: string[]) =>
  new Set(commands.flatMap((command) => [...reached(fileOf(command))].flatMap((one) => actionsIn(one))));

const looking = ['status', 'watch', 'top', 'logs', 'results', 'cost', 'resources'];
const starting = [...looking, 'start', 'resume', 'stop', 'schedule', 'cleanup', 'doctor', 'validate', 'menu'];

/** In adapters' methods that none of these commands calls. */
const ofOthers: Record<string, string> = {
  ...Object.fromEntries(
    [
      ...['ec2:DeleteKeyPair', 'ec2:DeleteLaunchTemplate', 'ec2:DeleteNetworkInterface'],
      ...['ec2:DeleteSecurityGroup', 'ec2:TerminateInstances', 'ecr:BatchDeleteImage', 'eks:DeleteCluster'],
      ...['eks:DeleteNodegroup', 'logs:DeleteLogGroup', 'logs:TagResource', 'sqs:DeleteQueue'],
    ].map((action) => [action, 'the clean-up machine removes']),
  ),
  'cloudformation:DescribeStackEvents': 'deploy follows',
  'cloudformation:ListStackResources': 'deploy and destroy look',
  'sns:Publish': 'the end of a run tells',
  'sns:SetSubscriptionAttributes': 'the end of a run does; it takes no resource, so nobody else gets it',
  'sts:GetCallerIdentity': 'everybody may',
};

describe('the researcher', () => {
  test('may all that the commands ask', () => {
    const may = actionsOf('ResearcherPolicy');
    const asked = askedBy(starting);
    expect(asked.size).toBeGreaterThan(40);
    expect([...asked].filter((action) => !may.has(action) && !ofOthers[action])).toEqual([]);
    for (const action of Object.keys(ofOthers)) expect([...asked]).toContain(action);
  });

  test('and no more', () => {
    const besides = ['iam:PassRole', 's3:AbortMultipartUpload'];
    const asked = askedBy(starting);
    expect(
      [...actionsOf('ResearcherPolicy')].filter((one) => !asked.has(one) && !besides.includes(one)),
    ).toEqual([]);
  });

  test('makes no cluster, no role and no stack, and looks into no machine', () => {
    const services = [...actionsOf('ResearcherPolicy')].filter(
      (action) => !/:(Describe|List|Get)/.test(action),
    );
    expect(services.sort()).toEqual([
      'iam:PassRole',
      's3:AbortMultipartUpload',
      's3:DeleteObject',
      's3:PutObject',
      'scheduler:CreateSchedule',
      'scheduler:DeleteSchedule',
      'sns:Subscribe',
      'states:StartExecution',
      'states:StopExecution',
    ]);
  });
});

test('the reader changes nothing, and may nothing that the researcher may not', () => {
  const may = [...actionsOf('ReaderPolicy')];
  expect(may.filter((action) => !/:(Describe|List|Get)/.test(action))).toEqual([]);
  expect(may.filter((action) => !actionsOf('ResearcherPolicy').has(action))).toEqual([]);
});

test('both fit into what IAM takes of a managed policy', () => {
  for (const name of ['ReaderPolicy', 'ResearcherPolicy']) {
    const text = JSON.stringify(policyForPeople(template, name));
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html; a stack's name may be 24 longer.
    const longer = 24 * (text.split(place.stack).length - 1) + 400;
    expect(text.length + longer).toBeLessThan(6144);
  }
});

describe('judged with conditions', () => {
  const bucket = arnOf(template, 'Bucket');
  const arn = (rest: string) => `arn:aws:${rest.replace('#', `${place.region}:${place.account}`)}`;
  const judged = (policy: string, action: string, resource: string, context = {}) => {
    const user = arn(`iam::${place.account}:user/ada`);
    const policies = [policyForPeople(template, policy)];
    const caller = { principal: user, role: user, policies, session: null };
    return refusal(caller, { operation: '', action, resource, context });
  };
  const machine = (name: string) => arn(`states:#:stateMachine:${name}`);
  const execution = (name: string) => arn(`states:#:execution:${name}:one-1`);
  const passed = (service: string) => ({ 'iam:PassedToService': service });

  test.each([
    ['s3:GetObject', `${bucket}/runs/one/results/results.csv`, {}],
    ['s3:ListBucket', bucket, { 's3:prefix': 'licences/' }],
    ['s3:ListBucket', bucket, { 's3:prefix': 'data/pv-1/objects/' }],
    ['states:DescribeExecution', execution('gcd-sfn-run'), {}],
    ['cloudformation:DescribeStacks', arn('cloudformation:#:stack/gcd-sfn/1'), {}],
  ])('both may %s on %s', async (action, resource, context) => {
    for (const policy of ['ReaderPolicy', 'ResearcherPolicy'])
      expect([policy, await judged(policy, action, resource, context)]).toEqual([policy, undefined]);
  });

  test.each([
    ['states:StartExecution', machine('gcd-sfn-run'), {}],
    ['states:StartExecution', machine('gcd-sfn-cleanup'), {}],
    ['states:StopExecution', execution('gcd-sfn-run'), {}],
    ['s3:PutObject', `${bucket}/runs/one/control.json`, {}],
    ['s3:PutObject', `${bucket}/licences/one`, {}],
    ['s3:PutObject', `${bucket}/data/pv-1/objects/0/a.csv`, {}],
    ['s3:AbortMultipartUpload', `${bucket}/data/pv-1/objects/0/a.csv`, {}],
    ['iam:PassRole', arnOf(template, 'SchedulerRole'), passed('scheduler.amazonaws.com')],
  ])('the researcher may %s on %s, the reader may not', async (action, resource, context) => {
    expect(await judged('ResearcherPolicy', action, resource, context)).toBeUndefined();
    expect(await judged('ReaderPolicy', action, resource, context)).toBe('ImplicitlyDenied');
  });

  test.each([
    ['s3:GetObject', `${bucket}/licences/one`, {}],
    ['s3:GetObject', `${bucket}/sources/one.zip`, {}],
    ['s3:GetObject', `${bucket}/data/pv-1/objects/0/a.csv`, {}],
    ['s3:DeleteObject', `${bucket}/data/pv-1/objects/0/a.csv`, {}],
    ['s3:GetObject', 'arn:aws:s3:::other/data.csv', {}],
    ['s3:ListBucket', 'arn:aws:s3:::other-bucket', {}],
    ['s3:ListBucket', bucket, {}],
    ['s3:DeleteBucket', bucket, {}],
    ['states:StartExecution', machine('other-run'), {}],
    ['states:StopExecution', execution('gcd-sfn-cleanup'), {}],
    ['states:StopExecution', execution('other-run'), {}],
    ['iam:PassRole', arnOf(template, 'SchedulerRole'), passed('lambda.amazonaws.com')],
    ['iam:PassRole', arnOf(template, 'PodRole'), passed('scheduler.amazonaws.com')],
    ['cloudformation:DescribeStacks', arn('cloudformation:#:stack/other/1'), {}],
    ['scheduler:CreateSchedule', arn('scheduler:#:schedule/other/nightly'), {}],
  ])('neither may %s on %s', async (action, resource, context) => {
    for (const policy of ['ReaderPolicy', 'ResearcherPolicy'])
      expect([policy, await judged(policy, action, resource, context)]).toEqual([policy, 'ImplicitlyDenied']);
  });
});
