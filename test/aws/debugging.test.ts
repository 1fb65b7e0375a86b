/** Debugging on moto's EC2: keys, marks, and port 22. */
import {
  CreateSecurityGroupCommand,
  CreateVpcCommand,
  DescribeInstancesCommand,
  DescribeKeyPairsCommand,
  DescribeSecurityGroupsCommand,
  EC2Client,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import { beforeEach, expect, test } from '@jest/globals';
import { iamName } from '../../adapters/aws/caller.ts';
import { ownRole } from '../../adapters/aws/client-settings.ts';
import { Ec2Debugging } from '../../adapters/aws/ec2-debugging.ts';
import { newKey } from '../../cli/cloud/ssh-key.ts';
import { motoOfFile } from '../support/moto-of-file.ts';

const region = 'us-west-2';
const moto = motoOfFile();
let ec2: EC2Client;
let group: string;
let debugging: Ec2Debugging;
beforeEach(async () => {
  await moto().reset();
  ec2 = new EC2Client({ region });
  const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }));
  const made = await ec2.send(
    new CreateSecurityGroupCommand({ GroupName: 'SSH-ONLY', Description: 'ssh', VpcId: Vpc?.VpcId }),
  );
  group = made.GroupId ?? '';
  debugging = new Ec2Debugging({ access: { ...ownRole, region }, stack: 's', securityGroupId: group });
});

async function bastion(name: string): Promise<void> {
  const Tags = Object.entries({ managedBy: 'gcd-sfn', 'gcd-sfn:bastion': name }).map(([Key, Value]) => ({
    Key,
    Value,
  }));
  await ec2.send(
    new RunInstancesCommand({
      ...{ ImageId: 'ami-1', MinCount: 1, MaxCount: 1 },
      TagSpecifications: [{ ResourceType: 'instance', Tags }],
    }),
  );
}

async function openFor(): Promise<string[]> {
  const { SecurityGroups = [] } = await ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: [group] }));
  return (SecurityGroups[0]?.IpPermissions ?? []).flatMap(
    ({ FromPort, ToPort, IpRanges = [], Ipv6Ranges = [] }) =>
      [...IpRanges.map(({ CidrIp }) => CidrIp), ...Ipv6Ranges.map(({ CidrIpv6 }) => CidrIpv6)].map(
        (from) => `${FromPort}-${ToPort} ${from}`,
      ),
  );
}

test('port 22 is opened for one address, twice is no error, and closed for that one or for all', async () => {
  await debugging.open('198.51.100.7/32');
  await debugging.open('198.51.100.7/32');
  await debugging.open('203.0.113.1/32');
  expect((await openFor()).sort()).toEqual(['22-22 198.51.100.7/32', '22-22 203.0.113.1/32']);
  expect(await debugging.close('198.51.100.7/32')).toEqual({
    closed: ['198.51.100.7/32'],
    stillOpen: ['203.0.113.1/32'],
  });
  expect(await openFor()).toEqual(['22-22 203.0.113.1/32']);
  await debugging.open('198.51.100.8/32');
  expect((await debugging.close(null)).closed.sort()).toEqual(['198.51.100.8/32', '203.0.113.1/32']);
  expect(await openFor()).toEqual([]);
  expect(await debugging.close(null)).toEqual({ closed: [], stillOpen: [] });
});

test('the public half of a key is kept, and replaced', async () => {
  for (let time = 0; time < 2; time++) await debugging.keepKey('gcd-ada', newKey('gcd-ada').publicKey);
  const { KeyPairs = [] } = await ec2.send(new DescribeKeyPairsCommand({}));
  expect(KeyPairs.map(({ KeyName }) => KeyName)).toEqual(['gcd-ada']);
  expect(KeyPairs[0]?.Tags).toContainEqual({ Key: 'managedBy', Value: 'gcd-sfn' });
  expect(KeyPairs[0]?.Tags).toContainEqual({ Key: 'gcd-sfn:stack', Value: 's' });
});

test('a bastion is found by its name, marked, and not marked any more', async () => {
  await bastion('c-bastion');
  const machine = await debugging.machine('c-bastion');
  expect(machine?.id).toMatch(/^i-/);
  const marked = async () => {
    const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({}));
    const tags = Reservations[0]?.Instances?.[0]?.Tags ?? [];
    return tags.some(({ Key }) => Key === 'gcd-sfn:debugging');
  };
  await debugging.mark('c-bastion', true);
  expect(await marked()).toBe(true);
  await debugging.mark('c-bastion', false);
  expect(await marked()).toBe(false);
  expect(await debugging.machine('d-bastion')).toBeUndefined();
  await debugging.mark('d-bastion', true);
});

test.each([
  ['arn:aws:iam::123456789012:user/ada', 'ada'],
  ['arn:aws:iam::123456789012:user/team/ada', 'ada'],
  ['arn:aws:sts::123456789012:assumed-role/Researcher/session-7', 'Researcher'],
  ['arn:aws:iam::123456789012:root', 'root'],
])('iamName: %s', (arn, name) => {
  expect(iamName(arn)).toBe(name);
});
