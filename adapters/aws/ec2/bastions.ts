/** Bastions, as machines of EC2 that are found by their tags. */
import { createHash } from 'node:crypto';
import {
  CreateTagsCommand,
  DeleteTagsCommand,
  EC2Client,
  type Instance,
  paginateDescribeInstances,
  type ResourceType,
  RunInstancesCommand,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { bastionMachine, defaultDebugSeconds } from '../../../core/bastion.ts';
import { AlreadyThere, NotFound } from '../../../core/errors/errors.ts';
import type { Bastion, BastionSpec, Bastions } from '../../../ports/cluster/bastions.ts';
import type { Asked } from '../client/errors.ts';
import { ask, cloudError, nameOf } from '../client/problems.ts';
import { clientSettings } from '../client/settings.ts';
import type { AwsAccess } from '../s3/client.ts';
import { bastionScript } from './bastion-user-data.ts';
import { leaseText, secondsOfLease } from './lease-tag.ts';

/** Holds the bastion's name. */
export const bastionTag = 'gcd-sfn:bastion';
/** Whoever debugs puts it on the machine, with the time at which that is to end, and takes it off after. */
export const debuggingTag = 'gcd-sfn:debugging';

/** Always the newest: EC2 looks it up when the machine is made. */
const image = 'resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64';
const rootDevice = '/dev/xvda';
const tagged: ResourceType[] = ['instance', 'volume', 'network-interface'];

const statuses: Record<string, Bastion['status']> = {
  pending: 'starting',
  running: 'running',
  stopping: 'stopping',
  stopped: 'stopped',
  'shutting-down': 'removed',
  terminated: 'removed',
};
const statusOf = ({ State }: Instance): Bastion['status'] => statuses[State?.Name ?? ''] ?? 'starting';
const isThere = (instance: Instance): boolean => statusOf(instance) !== 'removed';

export interface Ec2BastionsOptions {
  access: AwsAccess;
  subnetId: string;
  securityGroupId: string;
  profileArn: string;
}

export class Ec2Bastions implements Bastions {
  readonly #client: EC2Client;
  readonly #options: Ec2BastionsOptions;

  constructor(options: Ec2BastionsOptions) {
    this.#options = options;
    this.#client = new EC2Client(clientSettings(options.access));
  }

  async find(name: string): Promise<Bastion | undefined> {
    const all = await this.#instances(name);
    const found = all.find(isThere) ?? all[0];
    return found && bastionOf(found);
  }

  async list(): Promise<Bastion[]> {
    const found = new Map<string, Bastion>();
    for (const instance of (await this.#instances(null)).filter(isThere)) {
      const bastion = bastionOf(instance);
      if (!found.has(bastion.name)) found.set(bastion.name, bastion);
    }
    return [...found.values()];
  }

  async create({ name, cluster, tags }: BastionSpec): Promise<void> {
    const { subnetId, securityGroupId, profileArn } = this.#options;
    const before = await this.#instances(name);
    if (before.some(isThere)) throw new AlreadyThere(`there is a bastion ${name} already`);
    const all = { ...tags, [bastionTag]: name, 'gcd-sfn:cluster': cluster, Name: name };
    const Tags = Object.entries(all).map(([Key, Value]) => ({ Key, Value }));
    const region = await this.#client.config.region();
    const { Instances = [] } = await ask(instanceAsked('RunInstances', name), () =>
      this.#client.send(
        new RunInstancesCommand({
          MinCount: 1,
          MaxCount: 1,
          // Two runs that begin together, or one that does not see yet what it made, get the same machine.
          ClientToken: tokenOf(name, before),
          ImageId: image,
          InstanceType: bastionMachine.instanceType,
          // Slow when it is busy for long, rather than dearer.
          CreditSpecification: { CpuCredits: 'standard' },
          SubnetId: subnetId,
          SecurityGroupIds: [securityGroupId],
          IamInstanceProfile: { Arn: profileArn },
          BlockDeviceMappings: [
            {
              DeviceName: rootDevice,
              Ebs: {
                VolumeSize: bastionMachine.diskGiB,
                VolumeType: 'gp3',
                Encrypted: true,
                DeleteOnTermination: true,
              },
            },
          ],
          MetadataOptions: { HttpEndpoint: 'enabled', HttpTokens: 'required', HttpPutResponseHopLimit: 1 },
          UserData: Buffer.from(bastionScript({ cluster, region })).toString('base64'),
          TagSpecifications: tagged.map((ResourceType) => ({ ResourceType, Tags })),
        }),
      ),
    );
    // What another request with this token made, and was removed since.
    if (Instances[0] && !isThere(Instances[0]))
      throw new AlreadyThere(`bastion ${name} was removed a moment ago`);
  }

  async start(name: string): Promise<void> {
    const there = (await this.#instances(name)).filter(isThere);
    if (there.length === 0) throw new NotFound(`there is no bastion ${name}`);
    if (there.some((one) => statusOf(one) !== 'stopped')) return;
    await this.#change('StartInstances', name, there.slice(0, 1), (InstanceIds) =>
      this.#client.send(new StartInstancesCommand({ InstanceIds })),
    );
  }

  async stop(name: string): Promise<void> {
    const up = (await this.#instances(name)).filter((one) => ['starting', 'running'].includes(statusOf(one)));
    await this.#change('StopInstances', name, up, (InstanceIds) =>
      this.#client.send(new StopInstancesCommand({ InstanceIds })),
    );
  }

  async lease(name: string, until: number): Promise<void> {
    const shorter = (await this.#instances(name))
      .filter(isThere)
      .filter((one) => (secondsOfLease(tagOf(one, debuggingTag)) ?? 0) < until);
    const Tags = [{ Key: debuggingTag, Value: leaseText(until) }];
    await this.#change('CreateTags', name, shorter, (Resources) =>
      this.#client.send(new CreateTagsCommand({ Resources, Tags })),
    );
  }

  async endLease(name: string): Promise<void> {
    const leased = (await this.#instances(name))
      .filter(isThere)
      .filter((one) => tagOf(one, debuggingTag) !== undefined);
    await this.#change('DeleteTags', name, leased, (Resources) =>
      this.#client.send(new DeleteTagsCommand({ Resources, Tags: [{ Key: debuggingTag }] })),
    );
  }

  async remove(name: string): Promise<void> {
    const there = (await this.#instances(name)).filter(isThere);
    await this.#change('TerminateInstances', name, there, (InstanceIds) =>
      this.#client.send(new TerminateInstancesCommand({ InstanceIds })),
    );
  }

  async #change(
    verb: string,
    name: string,
    instances: Instance[],
    send: (ids: string[]) => Promise<unknown>,
  ): Promise<void> {
    if (instances.length === 0) return;
    try {
      await send(instances.map(({ InstanceId = '' }) => InstanceId));
    } catch (error) {
      // It has gone since it was looked at.
      if (nameOf(error) === 'InvalidInstanceID.NotFound') return;
      throw cloudError(error, instanceAsked(verb, name));
    }
  }

  /** Those of this name, or all, oldest first; also such as are removed. */
  async #instances(name: string | null): Promise<Instance[]> {
    const Filters = [
      { Name: 'tag:managedBy', Values: ['gcd-sfn'] },
      name === null
        ? { Name: 'tag-key', Values: [bastionTag] }
        : { Name: `tag:${bastionTag}`, Values: [name] },
    ];
    const found = await ask(instanceAsked('DescribeInstances', name ?? ''), async () => {
      const listed: Instance[] = [];
      for await (const { Reservations = [] } of paginateDescribeInstances(
        { client: this.#client },
        { Filters },
      ))
        listed.push(...Reservations.flatMap(({ Instances = [] }) => Instances));
      return listed;
    });
    return found.sort((a, b) => (a.LaunchTime?.getTime() ?? 0) - (b.LaunchTime?.getTime() ?? 0));
  }
}

const tagOf = ({ Tags = [] }: Instance, key: string): string | undefined =>
  Tags.find(({ Key }) => Key === key)?.Value;

const bastionOf = (instance: Instance): Bastion => ({
  name: tagOf(instance, bastionTag) ?? '',
  status: statusOf(instance),
  debuggedUntil: debuggedUntil(instance),
});

/** Versions before 0.2.0 say only that somebody debugs: then it ends so long after the machine was started. */
function debuggedUntil(instance: Instance): number | null {
  const mark = tagOf(instance, debuggingTag);
  if (mark === undefined) return null;
  return secondsOfLease(mark) ?? (instance.LaunchTime?.getTime() ?? 0) / 1000 + defaultDebugSeconds;
}

/** Minutes for which a token stands for the same machine. */
const tokenMinutes = 5;

/** Another one when a machine was removed: EC2 would answer with that one. */
function tokenOf(name: string, before: Instance[], now = Date.now()): string {
  const span = Math.floor(now / (tokenMinutes * 60_000));
  const removed = before.map(({ InstanceId = '' }) => InstanceId).sort();
  return createHash('sha256')
    .update(JSON.stringify([name, span, removed]))
    .digest('hex');
}

const instanceAsked = (verb: string, name: string): Asked => ({
  action: `ec2:${verb}`,
  arn: verb.startsWith('Describe') ? '*' : 'arn:aws:ec2:*:*:instance/*',
  what: name === '' ? 'bastions' : `bastion ${name}`,
});
