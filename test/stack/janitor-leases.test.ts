/** What the janitor may do to end what somebody debugs: the stack's own port 22 and bastions, and nothing beside. */
import { expect, test } from '@jest/globals';
import { refusal } from '../support/iam/judge-requests.ts';
import { place, policiesOf } from '../support/iam/role-policies.ts';
import { readTemplate } from '../support/stack/template.ts';

const { inline } = policiesOf(readTemplate(), 'JanitorRole');
const role = `arn:aws:iam::${place.account}:role/janitor`;
const caller = { principal: role, role, policies: inline, session: null };
const ec2 = (rest: string) => `arn:aws:ec2:${place.region}:${place.account}:${rest}`;

const tagged = (tags: Record<string, string>) =>
  Object.fromEntries(Object.entries(tags).map(([key, value]) => [`aws:ResourceTag/${key}`, value]));
const ours = tagged({ managedBy: 'gcd-sfn', 'gcd-sfn:stack': place.stack });
const others = tagged({ managedBy: 'gcd-sfn', 'gcd-sfn:stack': 'other' });
const keys = (...names: string[]) => ({ 'aws:TagKeys': names });
const mark = keys('gcd-sfn:debugging');
const door = ec2('security-group/sshonly');
const machine = ec2('instance/i-1');

const may = async (action: string, resource: string, context: Record<string, string | string[]> = {}) =>
  (await refusal(caller, { operation: action, action, resource, context })) === undefined;

test.each([
  ['ec2:DescribeSecurityGroupRules', '*', {}],
  ['ec2:RevokeSecurityGroupIngress', door, ours],
  ['ec2:DeleteTags', machine, { ...ours, ...mark }],
  ['ec2:StopInstances', machine, ours],
])('it may %s on %s %j', async (action, resource, context) => {
  expect(await may(action, resource, context as Record<string, string>)).toBe(true);
});

test.each([
  ['a group of somebody else', 'ec2:RevokeSecurityGroupIngress', ec2('security-group/sg-1'), ours],
  ['the group of another stack', 'ec2:RevokeSecurityGroupIngress', door, others],
  ['opening anything', 'ec2:AuthorizeSecurityGroupIngress', door, ours],
  ['what goes out', 'ec2:RevokeSecurityGroupEgress', door, ours],
  ['making a lease longer', 'ec2:CreateTags', machine, { ...ours, ...mark }],
  ['a machine without tags', 'ec2:StopInstances', machine, {}],
  ['the bastion of another stack', 'ec2:StopInstances', machine, others],
  ['the mark of another stack', 'ec2:DeleteTags', machine, { ...others, ...mark }],
  ['other tags', 'ec2:DeleteTags', machine, { ...ours, ...keys('managedBy') }],
  ['other tags beside it', 'ec2:DeleteTags', machine, { ...ours, ...keys('gcd-sfn:debugging', 'managedBy') }],
  // Without names, EC2 removes all tags.
  ['all tags', 'ec2:DeleteTags', machine, ours],
  ['the tags of something else', 'ec2:DeleteTags', ec2('volume/vol-1'), { ...ours, ...mark }],
  ['telling the bastion anything', 'ssm:SendCommand', machine, ours],
])('but not %s', async (_, action, resource, context) => {
  expect(await may(action, resource, context as Record<string, string>)).toBe(false);
});
