/** Clusters, as EKS keeps them. */
import {
  CreateClusterCommand,
  DeleteClusterCommand,
  DescribeClusterCommand,
  type Cluster as Described,
  EKSClient,
  ListNodegroupsCommand,
  type LogType,
  paginateDescribeClusterVersions,
  UpdateClusterConfigCommand,
} from '@aws-sdk/client-eks';
import { IAMClient } from '@aws-sdk/client-iam';
import { STSClient } from '@aws-sdk/client-sts';
import { type ClusterPart, clusterParts } from '../../../core/cluster.ts';
import { AlreadyThere, InUse, NotFound } from '../../../core/errors/errors.ts';
import type { Cluster, ClusterSpec, Clusters } from '../../../ports/cluster/clusters.ts';
import type { KubernetesOf } from '../../kubernetes/client.ts';
import { ask, askFor, cloudError, isInUse, isNotThere, nameOf, problemsOf } from '../client/problems.ts';
import { clientSettings } from '../client/settings.ts';
import type { AwsAccess } from '../s3/client.ts';
import { accessPart, type People } from './cluster-parts/access-entries.ts';
import { addonPart } from './cluster-parts/addon.ts';
import { joined, type Part, type PartOf } from './cluster-parts/cluster-part.ts';
import { makerPart } from './cluster-parts/creator-access.ts';
import { namespacePart } from './cluster-parts/namespace.ts';
import { noSharedIdentity } from './cluster-parts/no-shared-identity.ts';
import { clusterAsked } from './iam-actions.ts';

export interface EksClustersOptions {
  access: AwsAccess;
  /** Of the control planes. */
  roleArn: string;
  subnetIds: string[];
  /** Security group that lets the bastion reach the API servers. */
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
      // Without it a NetworkPolicy is an object that nobody reads.
      network: addonPart(eks, 'vpc-cni', { enableNetworkPolicy: 'true' }),
      'identity-agent': joined(
        addonPart(eks, 'eks-pod-identity-agent'),
        noSharedIdentity({ eks, kubernetes }),
      ),
      namespace: namespacePart({ eks, kubernetes }),
      access: joined(makerPart({ eks, sts }), accessPart({ eks, iam, people })),
    };
  }

  async find(name: string): Promise<Cluster | undefined> {
    const found = await this.#describe(name);
    if (!found) return undefined;
    const status = statuses[found.status ?? ''] ?? 'updating';
    const hasParts = status === 'active' || status === 'updating';
    const there = await Promise.all(
      clusterParts.map((part) => hasParts && this.#parts[part].isThere(partOf(found))),
    );
    return {
      name,
      version: found.version ?? '',
      status,
      ours: found.tags?.managedBy === 'gcd-sfn',
      stack: found.tags?.['gcd-sfn:stack'] ?? null,
      logs: (found.logging?.clusterLogging ?? []).flatMap(({ enabled, types = [] }) =>
        enabled ? types : [],
      ),
      parts: clusterParts.filter((_, index) => there[index]),
      problems: problemsOf(found.health?.issues),
    };
  }

  async newestVersion(): Promise<string> {
    const asked = {
      action: 'eks:DescribeClusterVersions',
      arn: '*',
      what: 'versions of Kubernetes that EKS has',
    };
    const versions = await ask(asked, async () => {
      const pages = paginateDescribeClusterVersions(
        { client: this.#eks },
        { versionStatus: 'STANDARD_SUPPORT' },
      );
      const found: string[] = [];
      for await (const { clusterVersions = [] } of pages)
        found.push(...clusterVersions.map(({ clusterVersion = '' }) => clusterVersion));
      return found;
    });
    const newest = versions.sort((a, b) => a.localeCompare(b, 'en', { numeric: true })).at(-1);
    if (!newest) throw new NotFound('EKS has no version of Kubernetes in standard support in this region');
    return newest;
  }

  async create({ name, version, logs = [], tags }: ClusterSpec & { version: string }): Promise<void> {
    const { roleArn, subnetIds, apiGroupId } = this.#options;
    if (await this.#describe(name)) throw new AlreadyThere(`there is a cluster ${name} already`);
    // The client's own token has a repeated request make one cluster; another request meets its name.
    await ask(clusterAsked('CreateCluster', name), () =>
      this.#eks.send(
        new CreateClusterCommand({
          name,
          version,
          roleArn,
          resourcesVpcConfig: {
            ...{ subnetIds, securityGroupIds: [apiGroupId] },
            ...{ endpointPublicAccess: true, endpointPrivateAccess: true },
          },
          // Who makes it applies the namespace and the roles; everybody else gets an entry.
          accessConfig: { authenticationMode: 'API', bootstrapClusterCreatorAdminPermissions: true },
          upgradePolicy: { supportType: 'STANDARD' },
          ...(logs.length > 0 && { logging: loggingOf(logs) }),
          tags: { ...tags, 'gcd-sfn:cluster': name },
        }),
      ),
    );
  }

  async equip(name: string, part: ClusterPart): Promise<void> {
    const found = await this.#describe(name);
    if (!found) throw new NotFound(`there is no cluster ${name}`);
    await this.#parts[part].put(partOf(found));
  }

  async keepLogs(name: string, logs: string[]): Promise<void> {
    await ask(clusterAsked('UpdateClusterConfig', name), () =>
      this.#eks.send(new UpdateClusterConfigCommand({ name, logging: loggingOf(logs) })).catch((error) => {
        // Something else of it is being changed, or these are kept already: the next look sees.
        if (!isInUse(error) && nameOf(error) !== 'InvalidParameterException') throw error;
      }),
    );
  }

  async remove(name: string): Promise<void> {
    const found = await this.#describe(name);
    if (!found || found.status === 'DELETING') return;
    const asked = clusterAsked('DeleteCluster', name);
    try {
      await this.#eks.send(new DeleteClusterCommand({ name }));
    } catch (error) {
      if (isNotThere(error)) return;
      if (!isInUse(error)) throw cloudError(error, asked);
      // Else it is being changed right now, and who asks again meets the end of that.
      if (await this.#hasNodegroups(name))
        throw new InUse(`cluster ${name} has nodegroups`, { cause: error });
    }
  }

  async #describe(name: string): Promise<Described | undefined> {
    const found = await askFor(clusterAsked('DescribeCluster', name), () =>
      this.#eks.send(new DescribeClusterCommand({ name })),
    );
    return found?.cluster;
  }

  async #hasNodegroups(clusterName: string): Promise<boolean> {
    const found = await askFor(clusterAsked('ListNodegroups', clusterName), () =>
      this.#eks.send(new ListNodegroupsCommand({ clusterName, maxResults: 1 })),
    );
    return (found?.nodegroups ?? []).length > 0;
  }
}

const loggingOf = (logs: string[]) => ({
  clusterLogging: [{ enabled: true, types: logs as LogType[] }],
});

/** Nobody but AWS may set tags of its own. */
function partOf({ name = '', arn = '', tags = {} }: Described): PartOf {
  const given = Object.entries(tags).filter(([key]) => !key.startsWith('aws:'));
  return { name, arn, tags: Object.fromEntries(given) };
}
