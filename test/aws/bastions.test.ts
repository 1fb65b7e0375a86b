/** What Ec2Bastions asks of EC2, and what a bastion does when it starts. */
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateTagsCommand,
  DescribeInstanceAttributeCommand,
  DescribeInstancesCommand,
  DescribeVolumesCommand,
  EC2Client,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { debuggingTag } from '../../adapters/aws/client/tags.ts';
import { bastionScript, refreshScript } from '../../adapters/aws/ec2/bastion-user-data.ts';
import { AlreadyThere, NotFound } from '../../core/errors/errors.ts';
import { type EksAccount, eksAccount, makeRoles } from '../support/moto/eks-account.ts';
import { motoOfFile } from '../support/moto/shared-moto.ts';

let account: EksAccount;
let ec2: EC2Client;
motoOfFile(makeRoles);
beforeEach(async () => {
  account = await eksAccount();
  ec2 = new EC2Client({ region: account.access.region as string });
});

const wanted = { name: 'b', cluster: 'c', tags: { project: 'p', managedBy: 'gcd-sfn' } };
const instances = async () => {
  const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({}));
  return Reservations.flatMap(({ Instances = [] }) => Instances);
};

describe('a bastion', () => {
  test('is made as it must be', async () => {
    await account.bastions.create(wanted);
    const [found, ...others] = await instances();
    expect(others).toEqual([]);
    expect(found).toMatchObject({
      ImageId: 'resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64',
      InstanceType: 't3.micro',
      MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 1 },
      IamInstanceProfile: { Arn: 'arn:aws:iam::123456789012:instance-profile/bastion' },
    });
    const tags = Object.fromEntries((found?.Tags ?? []).map(({ Key, Value }) => [Key, Value]));
    expect(tags).toMatchObject({ ...wanted.tags, Name: 'b', 'gcd-sfn:bastion': 'b', 'gcd-sfn:cluster': 'c' });
    const { Volumes } = await ec2.send(new DescribeVolumesCommand({}));
    expect(Volumes).toMatchObject([{ Encrypted: true, Size: 8, VolumeType: 'gp3' }]);
    const { UserData } = await ec2.send(
      new DescribeInstanceAttributeCommand({ InstanceId: found?.InstanceId, Attribute: 'userData' }),
    );
    const script = Buffer.from(UserData?.Value ?? '', 'base64').toString();
    expect(script).toContain(`AWS_REGION='${account.access.region}'`);
    expect(script).toContain("describe-cluster --name 'c'");
  });

  test('is made once when two ask at the same time', async () => {
    const { bastions } = account;
    const other = { ...wanted, tags: { ...wanted.tags, project: 'q' } };
    // A token holds for some minutes: these are not the last of them.
    const now = Date.now();
    const clock = jest.spyOn(Date, 'now').mockReturnValue(now);
    const made = await Promise.allSettled([wanted, wanted, other].map((one) => bastions.create(one)));
    clock.mockRestore();
    expect(await instances()).toHaveLength(1);
    for (const one of made) if (one.status === 'rejected') expect(one.reason).toBeInstanceOf(AlreadyThere);
    expect(made.some(({ status }) => status === 'fulfilled')).toBe(true);
  });

  test('of another name is another', async () => {
    await account.bastions.create(wanted);
    await account.bastions.create({ ...wanted, name: 'other' });
    expect((await account.bastions.list()).map(({ name }) => name).sort()).toEqual(['b', 'other']);
    await account.bastions.remove('other');
    expect((await account.bastions.list()).map(({ name }) => name)).toEqual(['b']);
  });

  test('that is there twice all the same is one, and goes with both', async () => {
    const { bastions } = account;
    await bastions.create(wanted);
    const [first] = await instances();
    const TagSpecifications = [{ ResourceType: 'instance' as const, Tags: first?.Tags ?? [] }];
    const run = { ImageId: 'ami-12c6146b', MinCount: 1, MaxCount: 1, TagSpecifications };
    await ec2.send(new RunInstancesCommand(run));
    expect(await bastions.list()).toHaveLength(1);
    await bastions.stop('b');
    expect((await instances()).map(({ State }) => State?.Name)).toEqual(['stopped', 'stopped']);
    await bastions.start('b');
    expect((await instances()).filter(({ State }) => State?.Name === 'running')).toHaveLength(1);
    await bastions.remove('b');
    expect(await bastions.list()).toEqual([]);
  });

  test('that an older version debugs from is left to it for two hours after its start, and no longer', async () => {
    await account.bastions.create(wanted);
    const [{ InstanceId = '', LaunchTime } = {}] = await instances();
    const Tags = [{ Key: debuggingTag, Value: 'yes' }];
    await ec2.send(new CreateTagsCommand({ Resources: [InstanceId], Tags }));
    const found = await account.bastions.find('b');
    expect(found?.debuggedUntil).toBe((LaunchTime?.getTime() ?? 0) / 1000 + 7200);
    await account.bastions.lease('b', 1_900_000_000);
    expect(await account.bastions.find('b')).toMatchObject({ debuggedUntil: 1_900_000_000 });
  });

  test('says in words until when somebody debugs from it', async () => {
    await account.bastions.create(wanted);
    await account.bastions.lease('b', 1_800_000_000);
    expect((await instances())[0]?.Tags).toContainEqual({ Key: debuggingTag, Value: '2027-01-15T08:00:00Z' });
  });

  test('that is not there cannot be started', async () => {
    await expect(account.bastions.start('b')).rejects.toThrow(NotFound);
  });
});

describe('its script', () => {
  let at: string;
  beforeEach(() => {
    at = mkdtempSync(join(tmpdir(), 'gcd-bastion-'));
  });
  afterEach(() => rmSync(at, { recursive: true }));

  /** Runs it with an AWS CLI and a curl that answer as given. */
  function refresh(cluster: string, kubectl = 'kubectl of ', sum?: string): string[] {
    const bin = (name: string, body: string) => {
      writeFileSync(join(at, name), `#!/bin/bash\necho "${name} $*" >> ${at}/calls\n${body}`);
      chmodSync(join(at, name), 0o755);
    };
    writeFileSync(join(at, 'calls'), '');
    bin(
      'aws',
      `if [ "$2" = describe-cluster ]; then echo "${cluster}"; else echo config > "\${@: -1}"; fi\n`,
    );
    bin(
      'curl',
      `url="\${@: -1}"
case "$url" in
  *stable-*.txt) echo "v$(basename "$url" .txt | cut -d- -f2).7" ;;
  *.sha256) ${sum === undefined ? `sha256sum ${at}/kubectl.new | cut -d' ' -f1` : `echo ${sum}`} ;;
  *) while [ "$1" != -o ]; do shift; done; echo "${kubectl}$url" > "$2" ;;
esac\n`,
    );
    writeFileSync(join(at, 'refresh'), refreshScript({ cluster: 'c', region: 'eu-west-1', at }));
    const env = { ...process.env, PATH: `${at}:${process.env.PATH}` };
    execFileSync('bash', [join(at, 'refresh')], { env, stdio: 'pipe' });
    return readFileSync(join(at, 'calls'), 'utf8').trim().split('\n');
  }
  const has = (name: string) => existsSync(join(at, name));
  const read = (name: string) => readFileSync(join(at, name), 'utf8').trim();

  test('is one that bash understands', () => {
    execFileSync('bash', ['-n'], { input: bastionScript({ cluster: 'c', region: 'eu-west-1' }) });
  });

  test('waits for the cluster', () => {
    expect(refresh('CREATING\t1.34\tNone')).toHaveLength(1);
    expect(has('kubectl')).toBe(false);
  });

  test("gets the newest kubectl of the cluster's version, and its configuration, once", () => {
    refresh('ACTIVE\t1.34\thttps://one');
    expect(read('kubectl')).toBe('kubectl of https://dl.k8s.io/release/v1.34.7/bin/linux/amd64/kubectl');
    expect(read('kubeconfig')).toBe('config');
    expect(refresh('ACTIVE\t1.34\thttps://one')).toHaveLength(1);
  });

  test('follows the cluster that comes after', () => {
    refresh('ACTIVE\t1.34\thttps://one');
    const calls = refresh('ACTIVE\t1.35\thttps://two');
    expect(read('kubectl')).toContain('v1.35.7');
    expect(calls.at(-1)).toBe(`aws eks update-kubeconfig --name c --kubeconfig ${at}/kubeconfig.new`);
    expect(read('endpoint')).toBe('https://two');
  });

  test('takes no kubectl whose sum is another', () => {
    expect(() => refresh('ACTIVE\t1.34\thttps://one', 'evil of ', '0'.repeat(64))).toThrow();
    expect(has('kubectl')).toBe(false);
  });
});
