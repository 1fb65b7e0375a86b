/** Clusters of EKS. */
import {
  CreateClusterCommand,
  type Cluster as Described,
  EKSClient,
  type LogType,
  paginateDescribeClusterVersions,
  UpdateClusterConfigCommand,
} from '@aws-sdk/client-eks';
import { IAMClient } from '@aws-sdk/client-iam';
import { STSClient } from '@aws-sdk/client-sts';
import { type ClusterPart, clusterParts } from '../../../core/cluster.ts';
import type { AwsAccess } from '../../../core/config/dotenv.ts';
import { AlreadyThere, InUse, NotFound } from '../../../core/errors/errors.ts';
import type { Cluster, ClusterSpec, Clusters } from '../../../ports/cluster/clusters.ts';
import type { KubernetesOf } from '../../kubernetes/client.ts';
import { problemsOf } from '../client/error-codes.ts';
import { collect, send, sendOptional } from '../client/send.ts';
import { clientSettings } from '../client/settings.ts';
import { clusterTag, isManagedByUs, stackTag } from '../client/tags.ts';
import { accessPart, type People } from './cluster-parts/access-entries.ts';
import { addonPart } from './cluster-parts/addon.ts';
import { joined, type Part, type PartOf } from './cluster-parts/cluster-part.ts';
import { creatorAccessPart } from './cluster-parts/creator-access.ts';
import { namespacePart } from './cluster-parts/namespace.ts';
import { noSharedIdentity } from './cluster-parts/no-shared-identity.ts';
import { clusterContext, deleteCluster, describeCluster, listNodegroups } from './requests.ts';

export interface EksClustersOptions {
  access: AwsAccess;
  /** Role of the control planes. */
  roleArn: string;
  subnetIds: string[];
  /** Security group by which the bastion reaches the API servers. */
  apiGroupId: string;
  people: People;
  kubernetes: KubernetesOf;
}

const statuses: Record<string, Cluster['status']> = {
  PENDING: 'creating',
  CREATING: 'creating',
  ACTIVE: 'active',
  UPDATING: 'updating',
  DELETING: 'deleting',
  FAILED: 'failed',
};

export class EksClusters implements Clusters {
  readonly #eks: EKSClient;
  readonly #options: EksClustersOptions;
  readonly #parts: Record<ClusterPart, Part>;

  constructor(options: EksClustersOptions) {
    const { access, people, kubernetes } = options;
    const eks = new EKSClient(clientSettings(access));
    const iam = new IAMClient(clientSettings(access));
    const sts = new STSClient(clientSettings(access));
    this.#eks = eks;
    this.#options = options;
    this.#parts = {
      // Without it, NetworkPolicies have no effect.
      network: addonPart(eks, 'vpc-cni', { enableNetworkPolicy: 'true' }),
      'identity-agent': joined(
        addonPart(eks, 'eks-pod-identity-agent'),
        noSharedIdentity({ eks, kubernetes }),
      ),
      namespace: namespacePart({ eks, kubernetes }),
      access: joined(creatorAccessPart({ eks, sts }), accessPart({ eks, iam, people })),
    };
  }

  async find(name: string): Promise<Cluster | undefined> {
    const found = await describeCluster(this.#eks, name);
    if (!found) return undefined;
    const status = statuses[found.status ?? ''] ?? 'updating';
    const hasParts = status === 'active' || status === 'updating';
    const complete = await Promise.all(
      clusterParts.map((part) => hasParts && this.#parts[part].isThere(partOf(found))),
    );
    return {
      name,
      version: found.version ?? '',
      status,
      ours: isManagedByUs(found.tags),
      stack: found.tags?.[stackTag] ?? null,
      logs: (found.logging?.clusterLogging ?? []).flatMap(({ enabled, types = [] }) =>
        enabled ? types : [],
      ),
      parts: clusterParts.filter((_, index) => complete[index]),
      problems: problemsOf(found.health?.issues),
    };
  }

  async newestVersion(): Promise<string> {
    const context = {
      action: 'eks:DescribeClusterVersions',
      arn: '*',
      what: 'versions of Kubernetes that EKS has',
    };
    const pages = paginateDescribeClusterVersions(
      { client: this.#eks },
      { versionStatus: 'STANDARD_SUPPORT' },
    );
    const found = await send(
      context,
      collect(pages, ({ clusterVersions }) => clusterVersions),
    );
    const versions = found.map(({ clusterVersion = '' }) => clusterVersion);
    const newest = versions.sort((a, b) => a.localeCompare(b, 'en', { numeric: true })).at(-1);
    if (!newest) throw new NotFound('EKS has no version of Kubernetes in standard support in this region');
    return newest;
  }

  async create({ name, version, logs = [], tags }: ClusterSpec & { version: string }): Promise<void> {
    const { roleArn, subnetIds, apiGroupId } = this.#options;
    if (await describeCluster(this.#eks, name)) throw new AlreadyThere(`there is a cluster ${name} already`);
    // The SDK's token makes retries safe; a concurrent call fails because the name exists.
    await send(
      clusterContext('CreateCluster', name),
      this.#eks.send(
        new CreateClusterCommand({
          name,
          version,
          roleArn,
          resourcesVpcConfig: {
            ...{ subnetIds, securityGroupIds: [apiGroupId] },
            ...{ endpointPublicAccess: true, endpointPrivateAccess: true },
          },
          // The creator applies the namespace and the roles; everybody else gets an access entry.
          accessConfig: { authenticationMode: 'API', bootstrapClusterCreatorAdminPermissions: true },
          upgradePolicy: { supportType: 'STANDARD' },
          ...(logs.length > 0 && { logging: loggingOf(logs) }),
          tags: { ...tags, [clusterTag]: name },
        }),
      ),
    );
  }

  async equip(name: string, part: ClusterPart): Promise<void> {
    const found = await describeCluster(this.#eks, name);
    if (!found) throw new NotFound(`there is no cluster ${name}`);
    await this.#parts[part].put(partOf(found));
  }

  async keepLogs(name: string, logs: string[]): Promise<void> {
    const update = new UpdateClusterConfigCommand({ name, logging: loggingOf(logs) });
    await sendOptional(
      clusterContext('UpdateClusterConfig', name),
      this.#eks.send(update).catch((error) => {
        // The cluster has these settings already.
        if (error.name !== 'InvalidParameterException') throw error;
      }),
      // It is being changed: the next poll sees whether this must be retried.
      'in-use',
    );
  }

  async remove(name: string): Promise<void> {
    const found = await describeCluster(this.#eks, name);
    if (!found || found.status === 'DELETING') return;
    if (await deleteCluster(this.#eks, name)) return;
    // It was deleted meanwhile, is being changed, so that the caller must retry, or has nodegroups.
    if ((await listNodegroups(this.#eks, name)).length > 0) throw new InUse(`cluster ${name} has nodegroups`);
  }
}

const loggingOf = (logs: string[]) => ({
  clusterLogging: [{ enabled: true, types: logs as LogType[] }],
});

/** Without AWS's own tags, which nobody else may set. */
function partOf({ name = '', arn = '', tags = {} }: Described): PartOf {
  const given = Object.entries(tags).filter(([key]) => !key.startsWith('aws:'));
  return { name, arn, tags: Object.fromEntries(given) };
}
