/** Everything in the account that gcd-sfn created outside of the stack, found by tags and by names. */
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { EC2Client } from '@aws-sdk/client-ec2';
import { ECRClient } from '@aws-sdk/client-ecr';
import { EKSClient } from '@aws-sdk/client-eks';
import type { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { AwsAccess } from '../../../core/config/dotenv.ts';
import type { ResourceKind, ResourceState } from '../../../core/resources.ts';
import type { Executions } from '../../../ports/account/executions.ts';
import type { Inventory, Resource, Scope } from '../../../ports/account/inventory.ts';
import type { Schedules } from '../../../ports/account/schedules.ts';
import { clientSettings } from '../client/settings.ts';
import { RepositoryImages } from '../codebuild/repository-images.ts';
import { bastions } from './bastions.ts';
import { licenceFiles, uploads } from './bucket-objects.ts';
import { clusters, nodegroups, ourClusters } from './clusters.ts';
import { copiedData } from './copied-data.ts';
import { keyPairs, launchTemplates, networkInterfaces, securityGroups } from './ec2.ts';
import { images } from './images.ts';
import { LogGroups } from './log-groups.ts';
import { queues } from './queues.ts';
import { noResources, type OurCluster, type ResourceHandler } from './resource-kind.ts';
import { type JobsOf, workers } from './workers.ts';

export interface AwsInventoryOptions {
  access: AwsAccess;
  /** The stack's name. */
  stack: string;
  /** This and the next two are null when an incomplete stack has none. */
  bucket: string | null;
  bucketClient: S3Client;
  /** Name of the repository. */
  repository: string | null;
  vpcId: string | null;
  /** What they need is not listed. */
  schedules: Pick<Schedules, 'find'> | null;
  /** Of the runs; what they read is not listed, either. */
  executions: Pick<Executions, 'running'> | null;
  /** Clients for clusters. */
  kubernetes: JobsOf;
}

export class AwsInventory implements Inventory {
  readonly #handlers: Record<ResourceKind, ResourceHandler>;
  readonly #clusters: () => Promise<OurCluster[]>;

  constructor(options: AwsInventoryOptions) {
    const { access, stack, bucket, bucketClient: client, repository, vpcId, schedules, executions } = options;
    const settings = clientSettings(access);
    const ec2 = new EC2Client(settings);
    const eks = new EKSClient(settings);
    const logGroups = new LogGroups(new CloudWatchLogsClient(settings), stack);
    const ofClusters = { eks, stack, vpcId, beforeDeletion: (name: string) => logGroups.claim(name) };
    this.#clusters = () => ourClusters(ofClusters);
    this.#handlers = {
      workers: workers(options.kubernetes),
      nodegroup: nodegroups(eks),
      'network-interface': vpcId === null ? noResources : networkInterfaces(ec2, vpcId),
      cluster: clusters(ofClusters),
      'security-group': vpcId === null ? noResources : securityGroups(ec2, vpcId),
      'launch-template': launchTemplates(ec2, stack),
      bastion: bastions(ec2, stack),
      'key-pair': keyPairs(ec2, stack),
      image:
        repository === null ? noResources : images(new RepositoryImages(new ECRClient(settings), repository)),
      queue: queues(new SQSClient(settings), stack),
      licence: bucket === null ? noResources : licenceFiles({ client, bucket }),
      upload: bucket === null || schedules === null ? noResources : uploads({ client, bucket, schedules }),
      data:
        bucket === null || schedules === null || executions === null
          ? noResources
          : copiedData({ client, bucket, schedules, executions }),
      'log-group': logGroups,
    };
  }

  async list({ cluster }: Scope): Promise<Resource[]> {
    const ours = await this.#clusters();
    const found = await Promise.all(Object.values(this.#handlers).map((one) => one.list(ours)));
    return found.flat().filter((one) => cluster === null || one.cluster === cluster);
  }

  describe(resource: Resource): Promise<ResourceState> {
    return this.#handlers[resource.kind].state(resource);
  }

  remove(resource: Resource): Promise<void> {
    return this.#handlers[resource.kind].remove(resource);
  }
}
