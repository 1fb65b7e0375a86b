/** Debugging on moto's EC2: machines, keys, and port 22. */
import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  CreateVpcCommand,
  DescribeKeyPairsCommand,
  DescribeSecurityGroupRulesCommand,
  EC2Client,
  ImportKeyPairCommand,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import { beforeEach, expect, test } from '@jest/globals';
import { iamName } from '../../adapters/aws/client/caller.ts';
import { ownRole } from '../../adapters/aws/client/settings.ts';
import { Ec2Debugging } from '../../adapters/aws/ec2/debugging.ts';
import { Ec2SshIngress } from '../../adapters/aws/ec2/ssh-ingress.ts';
import { newKey } from '../../cli/aws/debug/ssh-key.ts';
import { motoOfFile } from '../support/moto/shared-moto.ts';

const region = 'us-west-2';
const moto = motoOfFile();
let ec2: EC2Client;
let group: string;
let debugging: Ec2Debugging;
let door: Ec2SshIngress;
/** What machines were told, and what they answer. */
let told: string[];
let answer: string | undefined;
beforeEach(async () => {
  await moto().reset();
  ec2 = new EC2Client({ region });
  const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }));
  const made = await ec2.send(
    new CreateSecurityGroupCommand({ GroupName: 'SSH-ONLY', Description: 'ssh', VpcId: Vpc?.VpcId }),
  );
  group = made.GroupId ?? '';
  const access = { ...ownRole, region };
  told = [];
  const run = async (_: string, script: string) => {
    told.push(script);
    return answer;
  };
  debugging = new Ec2Debugging({ access, stack: 's', commands: { run } });
  door = new Ec2SshIngress({ access, securityGroupId: group });
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

async function rules() {
  const Filters = [{ Name: 'group-id', Values: [group] }];
  const { SecurityGroupRules = [] } = await ec2.send(new DescribeSecurityGroupRulesCommand({ Filters }));
  return SecurityGroupRules.filter(({ IsEgress }) => !IsEgress);
}
const openFor = async () =>
  (await rules()).map(({ FromPort, ToPort, CidrIpv4 }) => `${FromPort}-${ToPort} ${CidrIpv4}`).sort();

const ada = '198.51.100.7/32';
const bob = '203.0.113.1/32';
const later = 1_800_000_000;

test('port 22 is opened for one address, twice is no error, and closed for that one', async () => {
  await door.open(ada, later);
  await door.open(ada, later);
  await door.open(bob, later);
  expect(await openFor()).toEqual([`22-22 ${ada}`, `22-22 ${bob}`]);
  await door.close([ada]);
  expect(await openFor()).toEqual([`22-22 ${bob}`]);
  await door.close([ada]);
  await door.close([]);
  expect(await door.rules()).toEqual([{ address: bob, until: later }]);
});

test('each way has an end from the beginning, which is made later but not earlier', async () => {
  await door.open(ada, later);
  expect((await rules())[0]?.Tags).toContainEqual({ Key: 'gcd-sfn:until', Value: '2027-01-15T08:00:00Z' });
  expect(await door.extend(ada, later + 60)).toBe(true);
  await door.open(ada, later - 60);
  expect(await door.rules()).toEqual([{ address: ada, until: later + 60 }]);
  expect(await door.extend(bob, later)).toBe(false);
  expect(await openFor()).toEqual([`22-22 ${ada}`]);
});

test('a way that somebody opened otherwise has no end, is closed, or gets one', async () => {
  const IpRanges = [ada, bob].map((CidrIp) => ({ CidrIp }));
  const IpPermissions = [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges }];
  await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId: group, IpPermissions }));
  expect((await door.rules()).map(({ until }) => until)).toEqual([null, null]);
  await door.open(ada, later);
  await door.close([bob]);
  expect(await door.rules()).toEqual([{ address: ada, until: later }]);
});

const keyPairs = async () =>
  (await ec2.send(new DescribeKeyPairsCommand({ IncludePublicKey: true }))).KeyPairs ?? [];

/** A key pair of somebody else. */
async function imported(name: string, publicKey: string, tags: Record<string, string>): Promise<void> {
  const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  const TagSpecifications = Tags.length > 0 ? [{ ResourceType: 'key-pair' as const, Tags }] : [];
  const PublicKeyMaterial = Buffer.from(publicKey);
  await ec2.send(new ImportKeyPairCommand({ KeyName: name, PublicKeyMaterial, TagSpecifications }));
}

test('the public half of a key is kept, and replaced by another', async () => {
  const keys = [newKey('gcd-ada'), newKey('gcd-ada')].map(({ publicKey }) => publicKey);
  for (const key of keys) await debugging.keepKey('gcd-ada', key);
  const [pair, ...others] = await keyPairs();
  expect(others).toEqual([]);
  expect(pair?.PublicKey).toContain(keys[1]?.split(' ')[1]);
  expect(pair?.Tags).toContainEqual({ Key: 'managedBy', Value: 'gcd-sfn' });
  expect(pair?.Tags).toContainEqual({ Key: 'gcd-sfn:stack', Value: 's' });
  await debugging.keepKey('gcd-ada', keys[1] as string);
  expect((await keyPairs())[0]?.KeyPairId).toBe(pair?.KeyPairId);
});

test.each([
  [{}, 'there is a key pair gcd-ada in EC2 that gcd-sfn did not make'],
  [{ managedBy: 'terraform' }, 'there is a key pair gcd-ada in EC2 that gcd-sfn did not make'],
  [
    { managedBy: 'gcd-sfn', 'gcd-sfn:stack': 'other' },
    'there is a key pair gcd-ada in EC2 with another key, which stack other uses',
  ],
])('a key pair of that name with tags %j is left alone', async (tags, message) => {
  await imported('gcd-ada', newKey('theirs').publicKey, tags);
  const before = await keyPairs();
  const refused = debugging.keepKey('gcd-ada', newKey('gcd-ada').publicKey);
  await expect(refused).rejects.toMatchObject({
    name: 'NotOurs',
    exitCode: 2,
    message,
    hint: expect.stringMatching(/delete/),
  });
  expect(await keyPairs()).toEqual(before);
});

test('a key that another stack keeps, too, does for both', async () => {
  const { publicKey } = newKey('gcd-ada');
  await imported('gcd-ada', publicKey, { managedBy: 'gcd-sfn', 'gcd-sfn:stack': 'other' });
  await debugging.keepKey('gcd-ada', publicKey);
  expect(await keyPairs()).toHaveLength(1);
});

test('a bastion is found by its name', async () => {
  await bastion('c-bastion');
  expect((await debugging.machine('c-bastion'))?.id).toMatch(/^i-/);
  expect(await debugging.machine('d-bastion')).toBeUndefined();
});

const machine = { id: 'i-1', address: null };
const { publicKey } = newKey('gcd-ada');

test('a machine that lets somebody in tells its own key', async () => {
  const [kind, key] = newKey('host').publicKey.split(' ');
  answer = `${kind} ${key} root@ip-10-64-0-7\n`;
  expect(await debugging.letIn(machine, publicKey, later)).toBe(`${kind} ${key}`);
  expect(told[0]).toContain(publicKey.split(' ')[1]);
  expect(await debugging.letOut(machine, publicKey)).toBe(true);
});

test('one that does not answer has let nobody in or out', async () => {
  answer = undefined;
  expect(await debugging.letIn(machine, publicKey, later)).toBeUndefined();
  expect(await debugging.letOut(machine, null)).toBe(false);
});

test.each(['', 'ssh-rsa AAAA', 'ssh-ed25519 AAAA', '\u001b]0;x'])(
  'one that does not say who it is is not trusted: %j',
  async (said) => {
    answer = said;
    await expect(debugging.letIn(machine, publicKey, later)).rejects.toThrow('did not report its host key');
  },
);

test.each([
  ['arn:aws:iam::123456789012:user/ada', 'ada'],
  ['arn:aws:iam::123456789012:user/team/ada', 'ada'],
  ['arn:aws:sts::123456789012:assumed-role/Researcher/session-7', 'Researcher'],
  ['arn:aws:iam::123456789012:root', 'root'],
])('iamName: %s', (arn, name) => {
  expect(iamName(arn)).toBe(name);
});
