/** Bastions: instances of EC2. */
import { createHash } from 'node:crypto';
import {
  CreateTagsCommand,
  DeleteTagsCommand,
  EC2Client,
  type Instance,
  type ResourceType,
  RunInstancesCommand,
  StartInstancesCommand,
  StopInstancesCommand,
} from '@aws-sdk/client-ec2';
import { bastionMachine, defaultDebugSeconds } from '../../../core/bastion.ts';
import type { AwsAccess } from '../../../core/config/dotenv.ts';
import { AlreadyThere, NotFound } from '../../../core/errors/errors.ts';
import type { Bastion, BastionSpec, Bastions } from '../../../ports/cluster/bastions.ts';
import { send, sendOptional } from '../client/send.ts';
import { clientSettings } from '../client/settings.ts';
import {
  bastionTag,
  clusterTag,
  debuggingTag,
  leaseText,
  secondsOfLease,
  tagList,
  tagsFromList,
} from '../client/tags.ts';
import { bastionContext, bastionInstances, bastionNameOf, terminateBastion } from './bastion-instances.ts';
import { bastionScript } from './bastion-user-data.ts';

/** EC2 resolves it to the newest image when the instance is created. */
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
const exists = (instance: Instance): boolean => statusOf(instance) !== 'removed';

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
    const found = all.find(exists) ?? all[0];
    return found && bastionOf(found);
  }

  async list(): Promise<Bastion[]> {
    const found = new Map<string, Bastion>();
    for (const instance of await this.#existing(null)) {
      const bastion = bastionOf(instance);
      if (!found.has(bastion.name)) found.set(bastion.name, bastion);
    }
    return [...found.values()];
  }

  async create({ name, cluster, tags }: BastionSpec): Promise<void> {
    const { subnetId, securityGroupId, profileArn } = this.#options;
    const before = await this.#instances(name);
    if (before.some(exists)) throw new AlreadyThere(`there is a bastion ${name} already`);
    const Tags = tagList({ ...tags, [bastionTag]: name, [clusterTag]: cluster, Name: name });
    const region = await this.#client.config.region();
    const { Instances = [] } = await send(
      bastionContext('RunInstances', name),
      this.#client.send(
        new RunInstancesCommand({
          MinCount: 1,
          MaxCount: 1,
          // Concurrent calls, and one that does not see yet what it created, get the same instance.
          ClientToken: tokenOf(name, before),
          ImageId: image,
          InstanceType: bastionMachine.instanceType,
          // Slower, not more expensive, when its CPU is busy for long.
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
    // An earlier request with this token created it, and it was removed since.
    if (Instances[0] && !exists(Instances[0]))
      throw new AlreadyThere(`bastion ${name} was removed a moment ago`);
  }

  async start(name: string): Promise<void> {
    const existing = await this.#existing(name);
    if (existing.length === 0) throw new NotFound(`there is no bastion ${name}`);
    if (existing.some((one) => statusOf(one) !== 'stopped')) return;
    await this.#change('StartInstances', name, existing.slice(0, 1), (InstanceIds) =>
      this.#client.send(new StartInstancesCommand({ InstanceIds })),
    );
  }

  async stop(name: string): Promise<void> {
    const running = (await this.#instances(name)).filter((one) =>
      ['starting', 'running'].includes(statusOf(one)),
    );
    await this.#change('StopInstances', name, running, (InstanceIds) =>
      this.#client.send(new StopInstancesCommand({ InstanceIds })),
    );
  }

  async lease(name: string, until: number): Promise<void> {
    const shorter = (await this.#existing(name)).filter(
      (one) => (secondsOfLease(tagOf(one, debuggingTag)) ?? 0) < until,
    );
    const Tags = [{ Key: debuggingTag, Value: leaseText(until) }];
    await this.#change('CreateTags', name, shorter, (Resources) =>
      this.#client.send(new CreateTagsCommand({ Resources, Tags })),
    );
  }

  async endLease(name: string): Promise<void> {
    const leased = (await this.#existing(name)).filter((one) => tagOf(one, debuggingTag) !== undefined);
    await this.#change('DeleteTags', name, leased, (Resources) =>
      this.#client.send(new DeleteTagsCommand({ Resources, Tags: [{ Key: debuggingTag }] })),
    );
  }

  async remove(name: string): Promise<void> {
    await terminateBastion(this.#client, name, await this.#existing(name));
  }

  async #change(
    verb: string,
    name: string,
    instances: Instance[],
    request: (ids: string[]) => Promise<unknown>,
  ): Promise<void> {
    if (instances.length === 0) return;
    const ids = instances.map(({ InstanceId = '' }) => InstanceId);
    // An instance may have been terminated since it was listed.
    await sendOptional(bastionContext(verb, name), request(ids));
  }

  #instances(name: string | null): Promise<Instance[]> {
    return bastionInstances(this.#client, name);
  }

  async #existing(name: string | null): Promise<Instance[]> {
    return (await this.#instances(name)).filter(exists);
  }
}

const tagOf = ({ Tags }: Instance, key: string): string | undefined => tagsFromList(Tags)[key];

const bastionOf = (instance: Instance): Bastion => ({
  name: bastionNameOf(instance),
  status: statusOf(instance),
  debuggedUntil: debuggedUntil(instance),
});

/** Versions before 0.2.0 tag without a time: the lease then ends `defaultDebugSeconds` after the start of the instance. */
function debuggedUntil(instance: Instance): number | null {
  const mark = tagOf(instance, debuggingTag);
  if (mark === undefined) return null;
  return secondsOfLease(mark) ?? (instance.LaunchTime?.getTime() ?? 0) / 1000 + defaultDebugSeconds;
}

/** Minutes for which a token means the same instance. */
const tokenMinutes = 5;

/** Differs after a removal: EC2 would answer with the removed instance. */
function tokenOf(name: string, before: Instance[], now = Date.now()): string {
  const span = Math.floor(now / (tokenMinutes * 60_000));
  const removed = before.map(({ InstanceId = '' }) => InstanceId).sort();
  return createHash('sha256')
    .update(JSON.stringify([name, span, removed]))
    .digest('hex');
}
