/** What roles of the stack can do to things that are not the stack's: attacks, judged with conditions. */
import { describe, expect, test } from '@jest/globals';
import { refusal } from '../support/iam/judge-requests.ts';
import { arnOf, place, policiesOf } from '../support/iam/role-policies.ts';
import { readTemplate } from '../support/stack/template.ts';

const template = readTemplate();
const arn = (rest: string) => `arn:aws:${rest.replace('#', `${place.region}:${place.account}`)}`;
const denied = 'ImplicitlyDenied';

const judged = (
  role: string,
  action: string,
  resource: string,
  context: Record<string, string | string[]>,
) => {
  const { inline: policies } = policiesOf(template, role);
  const principal = arn(`sts::${place.account}:assumed-role/${role}/session`);
  const caller = { principal, role: arn(`iam::${place.account}:role/${role}`), policies, session: null };
  return refusal(caller, { operation: '', action, resource, context });
};

describe('groups of machines', () => {
  const group = arn('autoscaling:#:autoScalingGroup:0000:autoScalingGroupName/eks-any-0000');
  const tagged = (kind: string, tags: Record<string, string>) =>
    Object.fromEntries(Object.entries(tags).map(([key, value]) => [`${kind}/${key}`, value]));
  const has = (tags: Record<string, string>) => ({
    ...tagged('autoscaling:ResourceTag', tags),
    ...tagged('aws:ResourceTag', tags),
  });
  /** As EKS gives them to the groups of its nodegroups. */
  const ofEks = { 'eks:cluster-name': 'any', 'eks:nodegroup-name': 'any' };
  const ours = { managedBy: 'gcd-sfn', 'gcd-sfn:stack': place.stack };
  const others = { managedBy: 'gcd-sfn', 'gcd-sfn:stack': 'other' };

  const roles = ['EnsureNodegroupRole', 'ScaleNodesRole', 'ScaleDownRole', 'JanitorRole'];
  const can = [
    ...roles.map((role) => [role, 'autoscaling:SetDesiredCapacity'] as const),
    ...['ScaleDownRole', 'JanitorRole'].map(
      (role) => [role, 'autoscaling:TerminateInstanceInAutoScalingGroup'] as const,
    ),
  ];

  test.each(can)('%s may %s of the stack’s, and of nobody else’s', async (role, action) => {
    expect(await judged(role, action, group, has({ ...ofEks, ...ours }))).toBeUndefined();
    for (const tags of [{}, ofEks, { ...ofEks, ...others }, { ...ofEks, 'gcd-sfn:stack': place.stack }])
      expect([tags, await judged(role, action, group, has(tags))]).toEqual([tags, denied]);
  });

  test('become the stack’s by EnsureNodegroup, which takes none of another stack’s and none that is no nodegroup’s', async () => {
    const claim = (there: Record<string, string>, given: Record<string, string>) =>
      judged('EnsureNodegroupRole', 'autoscaling:CreateOrUpdateTags', group, {
        ...has(there),
        ...tagged('aws:RequestTag', given),
        'aws:TagKeys': Object.keys(given),
      });
    expect(await claim(ofEks, ours)).toBeUndefined();
    expect(await claim({ ...ofEks, ...ours }, ours)).toBeUndefined();
    expect(await claim({ ...ofEks, ...others }, ours)).toBe(denied);
    expect(await claim({}, ours)).toBe(denied);
    expect(await claim(ofEks, others)).toBe(denied);
    expect(await claim(ofEks, { ...ours, 'k8s.io/cluster-autoscaler/enabled': 'true' })).toBe(denied);
  });

  test('are claimed by nobody else', async () => {
    for (const role of roles.slice(1))
      expect(
        await judged(role, 'autoscaling:CreateOrUpdateTags', group, {
          ...has(ofEks),
          ...tagged('aws:RequestTag', ours),
          'aws:TagKeys': Object.keys(ours),
        }),
      ).toBe(denied);
  });
});

test('Notify publishes to the stack’s topic, and to no other that nobody has named', async () => {
  expect(await judged('NotifyRole', 'sns:Publish', arnOf(template, 'Topic'), {})).toBeUndefined();
  for (const topic of ['payroll', 'gcd-sfn', 'gcd-sfn-other'])
    expect([topic, await judged('NotifyRole', 'sns:Publish', arn(`sns:#:${topic}`), {})]).toEqual([
      topic,
      denied,
    ]);
});
