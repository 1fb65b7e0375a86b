/** Everything in the account that gcd-sfn made and that is not the stack itself, found by tags and by names. */
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { EC2Client } from '@aws-sdk/client-ec2';
import { ECRClient } from '@aws-sdk/client-ecr';
import { EKSClient } from '@aws-sdk/client-eks';
import type { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { ResourceKind } from '../../../core/resources.ts';
import type { Executions } from '../../../ports/account/executions.ts';
import type { Inventory, Resource, Scope } from '../../../ports/account/inventory.ts';
import type { Schedules } from '../../../ports/account/schedules.ts';
import { clientSettings } from '../client/settings.ts';
import type { AwsAccess } from '../s3/client.ts';
import { bastionsPart } from './bastions.ts';
import { clustersPart, ourClusters } from './clusters.ts';
import { copiesPart } from './copies.ts';
import { imagesPart } from './images.ts';
import { keyPairsPart } from './key-pairs.ts';
import { launchTemplatesPart } from './launch-templates.ts';
import { LogGroups } from './log-groups.ts';
import { networkInterfacesPart } from './network-interfaces.ts';
import { nodegroupsPart } from './nodegroups.ts';
import { objectsPart } from './objects.ts';
import { queuesPart } from './queues.ts';
import { noPart, type OurCluster, type Part, type State } from './resource-kind.ts';
import { securityGroupsPart } from './security-groups.ts';
import { uploadsPart } from './uploads.ts';
import { type JobsOf, workersPart } from './workers.ts';

export interface AwsInventoryOptions {
  access: AwsAccess;
  /** The stack's name. */
  stack: string;
  /** Null where a stack that is not whole has none; also of the next two. */
  bucket: string | null;
  bucketClient: S3Client;
  /** Name of the repository. */
  repository: string | null;
  vpcId: string | null;
  /** What they need is not left over. */
  schedules: Pick<Schedules, 'find'> | null;
  /** Of the runs; what they read is not left over, either. */
  executions: Pick<Executions, 'running'> | null;
  /** Clients for a cluster. */
  kubernetes: JobsOf;
}

export class AwsInventory implements Inventory {
  readonly #parts: Record<ResourceKind, Part>;
  readonly #clusters: () => Promise<OurCluster[]>;

  constructor(options: AwsInventoryOptions) {
    const { access, stack, bucket, bucketClient: client, repository, vpcId, schedules, executions } = options;
    const { kubernetes } = options;
    const settings = clientSettings(access);
    const ec2 = new EC2Client(settings);
    const eks = new EKSClient(settings);
    const logGroups = new LogGroups(new CloudWatchLogsClient(settings), stack);
    const clusters = { eks, stack, vpcId, beforeRemoval: (name: string) => logGroups.claim(name) };
    const prefix = 'licences/';
    const licences = {
      kind: 'licence' as const,
      prefixes: [prefix],
      name: (key: string) => key.slice(prefix.length),
      key: (name: string) => prefix + name,
    };
    this.#clusters = () => ourClusters(clusters);
    this.#parts = {
      workers: workersPart(kubernetes),
      nodegroup: nodegroupsPart(eks),
      'network-interface': vpcId === null ? noPart : networkInterfacesPart(ec2, vpcId),
      cluster: clustersPart(clusters),
      'security-group': vpcId === null ? noPart : securityGroupsPart(ec2, vpcId),
      'launch-template': launchTemplatesPart(ec2, stack),
      bastion: bastionsPart(ec2, stack),
      'key-pair': keyPairsPart(ec2, stack),
      image: repository === null ? noPart : imagesPart(new ECRClient(settings), repository),
      queue: queuesPart(new SQSClient(settings), stack),
      licence: bucket === null ? noPart : objectsPart({ client, bucket, ...licences }),
      upload: bucket === null || schedules === null ? noPart : uploadsPart({ client, bucket, schedules }),
      data:
        bucket === null || schedules === null || executions === null
          ? noPart
          : copiesPart({ client, bucket, schedules, executions }),
      'log-group': logGroups,
    };
  }

  async list({ cluster }: Scope): Promise<Resource[]> {
    const clusters = await this.#clusters();
    const found = await Promise.all(Object.values(this.#parts).map((part) => part.list(clusters)));
    return found.flat().filter((one) => cluster === null || one.cluster === cluster);
  }

  describe(resource: Resource): Promise<State> {
    return this.#parts[resource.kind].state(resource);
  }

  remove(resource: Resource): Promise<void> {
    return this.#parts[resource.kind].remove(resource);
  }
}
