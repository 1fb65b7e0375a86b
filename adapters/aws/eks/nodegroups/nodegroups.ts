/** Nodegroups of EKS. Each of ours is one of EKS for each of at most two zones, see zones.ts. */
import { EC2Client } from '@aws-sdk/client-ec2';
import type { Nodegroup as Described } from '@aws-sdk/client-eks';
import type { AwsAccess } from '../../../../core/config/dotenv.ts';
import { AlreadyThere, NotFound } from '../../../../core/errors/errors.ts';
import type { Problem } from '../../../../core/errors/problem.ts';
import type { Node, Nodegroup, NodegroupSpec, Nodegroups } from '../../../../ports/cluster/nodegroups.ts';
import type { KubernetesOf } from '../../../kubernetes/client.ts';
import { problemsOf } from '../../client/error-codes.ts';
import { clientSettings } from '../../client/settings.ts';
import { managedByTag, stackTag } from '../../client/tags.ts';
import { type GroupSize, ScalingGroups } from './auto-scaling.ts';
import { diskOf } from './instance-type.ts';
import { putLaunchTemplate } from './launch-template.ts';
import { instancesOf, nodesOf } from './nodes.ts';
import { groupOf, ZoneNodegroups } from './zone-nodegroups.ts';
import { nodegroupOf, spread, subnetsWith, type Zone, zoneGroupNames } from './zones.ts';

export interface EksNodegroupsOptions {
  access: AwsAccess;
  nodeRoleArn: string;
  subnetIds: string[];
  /** The stack's, the base of each nodegroup's own. */
  launchTemplateId: string;
  kubernetes: KubernetesOf;
}

const statuses: Record<string, Nodegroup['status']> = {
  CREATING: 'creating',
  ACTIVE: 'active',
  // It is still resized as before: `nodes` reports why instances are missing.
  DEGRADED: 'active',
  UPDATING: 'updating',
  DELETING: 'deleting',
  CREATE_FAILED: 'failed',
  DELETE_FAILED: 'failed',
};

/** Health issues that the Auto Scaling group reports better, with their times. */
const reportedByGroup = new Set([
  'AsgInstanceLaunchFailures',
  'InstanceLimitExceeded',
  'InsufficientFreeAddresses',
]);

export class EksNodegroups implements Nodegroups {
  readonly #options: EksNodegroupsOptions;
  readonly #eks: ZoneNodegroups;
  readonly #ec2: EC2Client;
  readonly #groups: ScalingGroups;

  constructor(options: EksNodegroupsOptions) {
    this.#options = options;
    this.#ec2 = new EC2Client(clientSettings(options.access));
    this.#groups = new ScalingGroups(options.access);
    this.#eks = new ZoneNodegroups(options.access, this.#groups);
  }

  async find(cluster: string, name: string): Promise<Nodegroup | undefined> {
    return this.#seen(name, await this.#eks.of(cluster, name));
  }

  async list(cluster: string): Promise<Nodegroup[]> {
    const byName = Map.groupBy(await this.#eks.list(cluster), nodegroupOf);
    const seen = await Promise.all([...byName].map(([name, zones]) => this.#seen(name, zones)));
    return seen.filter((one) => one !== undefined);
  }

  async create(wanted: NodegroupSpec): Promise<void> {
    const { cluster, name, instanceType } = wanted;
    if ((await this.#eks.of(cluster, name)).some(isFirst(name)))
      throw new AlreadyThere(`there is a nodegroup ${name} of cluster ${cluster} already`);
    const { subnetIds, launchTemplateId, nodeRoleArn } = this.#options;
    const subnets = await subnetsWith(this.#ec2, instanceType, subnetIds);
    const launchTemplate = await putLaunchTemplate(this.#ec2, launchTemplateId, wanted);
    const zones = zoneGroupNames(name).flatMap((one, index) => {
      const subnet = subnets[index];
      return subnet === undefined ? [] : [{ one, subnet }];
    });
    // The first is created last: when it exists, so do the others.
    for (const { one, subnet } of zones.toReversed())
      await this.#eks.create(wanted, { name: one, subnet, nodeRoleArn, launchTemplate }).catch((error) => {
        if (one === name || !(error instanceof AlreadyThere)) throw error;
      });
  }

  async claim({ cluster, name, tags }: NodegroupSpec): Promise<void> {
    const owner = Object.entries(tags).filter(([key]) => ownerTags.includes(key));
    for (const one of await this.#eks.of(cluster, name)) {
      const group = groupOf(one);
      if (group !== undefined) await this.#groups.tag(group, Object.fromEntries(owner));
    }
  }

  async resize(cluster: string, name: string, size: { desired?: number; maxNodes?: number }): Promise<void> {
    const found = await this.#eks.of(cluster, name);
    if (found.length === 0) throw new NotFound(`cluster ${cluster} has no nodegroup ${name}`);
    const max = size.maxNodes ?? maxNodesOf(found);
    const sizes = await Promise.all(found.map((one) => this.#size(one)));
    const sum = sizes.reduce((all, { desired }) => all + desired, 0);
    const wanted = Math.min(size.desired ?? sum, max);
    const zones =
      wanted === 0 ? sizes.map(withCapacity) : await this.#zonesOf(cluster, name, found, sizes, wanted < sum);
    for (const [index, desired] of spread(zones, wanted).entries()) {
      const one = found[index];
      const changes = desired !== sizes[index]?.desired || max !== one?.scalingConfig?.maxSize;
      if (one && changes) await this.#eks.change(cluster, one, { desiredSize: desired, maxSize: max });
    }
  }

  async nodes(
    cluster: string,
    name: string,
    { since = 0, users = true }: { since?: number; users?: boolean } = {},
  ): Promise<{ nodes: Node[]; missing: Problem[] }> {
    const found = await this.#eks.of(cluster, name);
    const kubernetes = found.length > 0 ? await this.#options.kubernetes(cluster) : undefined;
    if (!kubernetes) return { nodes: [], missing: [] };
    const [nodes, sizes] = await Promise.all([
      nodesOf(kubernetes, name, users),
      Promise.all(found.map((one) => this.#size(one))),
    ]);
    const desired = sizes.reduce((all, size) => all + size.desired, 0);
    if (nodes.filter((node) => node.ready).length >= desired) return { nodes, missing: [] };
    const missing = await Promise.all(
      found.map((one, index) => this.#obstacles(one, sizes[index] ?? none, new Date(since * 1000))),
    );
    return { nodes, missing: missing.flat() };
  }

  async terminate(cluster: string, name: string, nodes: string[]): Promise<void> {
    const kubernetes = await this.#options.kubernetes(cluster);
    if (kubernetes) await this.#groups.terminate(await instancesOf(kubernetes, name, nodes));
  }

  async remove(cluster: string, name: string): Promise<void> {
    // The first is deleted last: while it exists, callers retry.
    for (const zone of (await this.#eks.of(cluster, name)).toReversed())
      await this.#eks.remove(cluster, zone);
  }

  async #seen(name: string, zones: Described[]): Promise<Nodegroup | undefined> {
    // Without the first it is incomplete; one that is being deleted is reported until nothing is left.
    const first = zones.find(isFirst(name)) ?? zones.find((zone) => isEnding(statusOf(zone)));
    if (!first) return undefined;
    const { instanceTypes = [], capacityType, amiType = '' } = first;
    const sizes = await Promise.all(zones.map((one) => this.#size(one)));
    return {
      name,
      instanceType: instanceTypes[0] ?? '',
      spot: capacityType === 'SPOT',
      amiType,
      maxNodes: maxNodesOf(zones),
      diskGiB: diskOf(first),
      since: (first.createdAt?.getTime() ?? 0) / 1000,
      desired: sizes.reduce((all, { desired }) => all + desired, 0),
      status: statusOrder.find((one) => zones.some((zone) => statusOf(zone) === one)) ?? 'active',
      problems: zones.flatMap(({ health }) => problemsOf(health?.issues)),
    };
  }

  /** By the Auto Scaling group: EKS's number does not follow instances that were terminated one by one. */
  async #size(found: Described): Promise<GroupSize> {
    const group = groupOf(found);
    const size = group === undefined ? undefined : await this.#groups.size(group);
    return size ?? { desired: found.scalingConfig?.desiredSize ?? 0, machines: 0 };
  }

  /** With the zones' capacity and, where nodes may have to end, whether workers are on them. */
  async #zonesOf(
    ...[cluster, name, found, sizes, isFewer]: [string, string, Described[], GroupSize[], boolean]
  ): Promise<Zone[]> {
    const since = new Date(Date.now() - shortageMs);
    const short = await Promise.all(
      found.map(async (one) => {
        const group = found.length > 1 ? groupOf(one) : undefined;
        const failures = group === undefined ? [] : await this.#groups.failures(group, since);
        return failures.some(({ kind }) => kind === 'capacity');
      }),
    );
    if (!isFewer && !short.includes(true)) return sizes.map(withCapacity);
    const kubernetes = await this.#options.kubernetes(cluster);
    const nodes = kubernetes ? await nodesOf(kubernetes, name) : [];
    const used = nodes.some(({ executions }) => executions.length > 0);
    return sizes.map((size, index) => ({ ...size, short: short[index] ?? false, used }));
  }

  /** Problems since then, if instances are missing. */
  async #obstacles(found: Described, { desired, machines }: GroupSize, since: Date): Promise<Problem[]> {
    const group = groupOf(found);
    const lacks = group !== undefined && machines < desired;
    const failures = lacks ? await this.#groups.failures(group, since) : [];
    const issues = (found.health?.issues ?? []).filter(({ code = '' }) => !reportedByGroup.has(code));
    return [...failures, ...(desired > 0 ? problemsOf(issues) : [])];
  }
}

/** By which IAM knows the stack's things; EKS gives Auto Scaling groups only tags of its own. */
const ownerTags: string[] = [managedByTag, stackTag];
/** A zone that had no capacity this long ago may have some now. */
const shortageMs = 600_000;
const none: GroupSize = { desired: 0, machines: 0 };
/** The first of these that a zone has is the nodegroup's. */
const statusOrder: Nodegroup['status'][] = ['failed', 'deleting', 'creating', 'updating'];

const withCapacity = (size: GroupSize): Zone => ({ ...size, short: false, used: false });
const isFirst = (name: string) => (zone: Described) => zone.nodegroupName === name;
const statusOf = ({ status }: Described): Nodegroup['status'] => statuses[status ?? ''] ?? 'updating';
const isEnding = (status: Nodegroup['status']) => status === 'deleting' || status === 'failed';
const maxNodesOf = (zones: Described[]): number =>
  Math.min(...zones.map(({ scalingConfig }) => scalingConfig?.maxSize ?? 0));
