/** Nodegroups, as EKS manages them. */
import { EC2Client } from '@aws-sdk/client-ec2';
import {
  type AMITypes,
  CreateNodegroupCommand,
  DeleteNodegroupCommand,
  type Nodegroup as Described,
  DescribeNodegroupCommand,
  EKSClient,
  paginateListNodegroups,
  UpdateNodegroupConfigCommand,
} from '@aws-sdk/client-eks';
import { AlreadyThere, NotFound } from '../../ports/errors.ts';
import type { Node, Nodegroup, Nodegroups, NodegroupWanted } from '../../ports/nodegroups.ts';
import type { Problem } from '../../ports/problem.ts';
import type { KubernetesOf } from '../kubernetes/api.ts';
import { label } from '../kubernetes/names.ts';
import { clientSettings } from './client-settings.ts';
import { ask, askFor, isInUse, isNotThere, problemsOf } from './cloud-problems.ts';
import { clusterAsked, nodegroupAsked } from './eks-asked.ts';
import { instancesOf, nodesOf } from './eks-nodes.ts';
import { makeNodeTemplate } from './node-template.ts';
import type { AwsAccess } from './s3-client.ts';
import { ScalingGroups } from './scaling-groups.ts';

export interface EksNodegroupsOptions {
  access: AwsAccess;
  nodeRoleArn: string;
  subnetIds: string[];
  /** The stack's, from which each nodegroup's own is made. */
  launchTemplateId: string;
  kubernetes: KubernetesOf;
}

const statuses: Record<string, Nodegroup['status']> = {
  CREATING: 'creating',
  ACTIVE: 'active',
  // It is there, and is asked for machines as before: why they do not come is told with them.
  DEGRADED: 'active',
  UPDATING: 'updating',
  DELETING: 'deleting',
  CREATE_FAILED: 'failed',
  DELETE_FAILED: 'failed',
};

/** What the machines' own group tells better, with the time at which it was so. */
const toldByGroup = new Set([
  'AsgInstanceLaunchFailures',
  'InstanceLimitExceeded',
  'InsufficientFreeAddresses',
]);

export class EksNodegroups implements Nodegroups {
  readonly #options: EksNodegroupsOptions;
  readonly #eks: EKSClient;
  readonly #ec2: EC2Client;
  readonly #groups: ScalingGroups;

  constructor(options: EksNodegroupsOptions) {
    this.#options = options;
    this.#eks = new EKSClient(clientSettings(options.access));
    this.#ec2 = new EC2Client(clientSettings(options.access));
    this.#groups = new ScalingGroups(options.access);
  }

  async find(cluster: string, name: string): Promise<Nodegroup | undefined> {
    const found = await this.#describe(cluster, name);
    if (!found) return undefined;
    const { instanceTypes = [], capacityType, amiType = '', scalingConfig, status = '', health } = found;
    return {
      name,
      instanceType: instanceTypes[0] ?? '',
      spot: capacityType === 'SPOT',
      amiType,
      maxNodes: scalingConfig?.maxSize ?? 0,
      desired: await this.#desired(found),
      status: statuses[status] ?? 'updating',
      problems: problemsOf(health?.issues),
    };
  }

  async list(cluster: string): Promise<Nodegroup[]> {
    const names = await askFor(clusterAsked('ListNodegroups', cluster), async () => {
      const listed: string[] = [];
      for await (const page of paginateListNodegroups({ client: this.#eks }, { clusterName: cluster }))
        listed.push(...(page.nodegroups ?? []));
      return listed;
    });
    const found = await Promise.all((names ?? []).map((name) => this.find(cluster, name)));
    return found.filter((one) => one !== undefined);
  }

  async create(wanted: NodegroupWanted): Promise<void> {
    const { cluster, name, instanceType, spot, amiType, maxNodes, tags } = wanted;
    const { nodeRoleArn, subnetIds, launchTemplateId } = this.#options;
    if (await this.#describe(cluster, name))
      throw new AlreadyThere(`there is a nodegroup ${name} of cluster ${cluster} already`);
    const launchTemplate = await makeNodeTemplate(this.#ec2, launchTemplateId, wanted);
    await ask(nodegroupAsked('CreateNodegroup', cluster, name), () =>
      this.#eks.send(
        new CreateNodegroupCommand({
          clusterName: cluster,
          nodegroupName: name,
          nodeRole: nodeRoleArn,
          subnets: subnetIds,
          instanceTypes: [instanceType],
          amiType: amiType as AMITypes,
          capacityType: spot ? 'SPOT' : 'ON_DEMAND',
          scalingConfig: { minSize: 0, maxSize: maxNodes, desiredSize: 0 },
          launchTemplate,
          labels: { [label.nodegroup]: name },
          tags: { ...tags, 'gcd-sfn:cluster': cluster },
        }),
      ),
    );
  }

  async resize(cluster: string, name: string, size: { desired?: number; maxNodes?: number }): Promise<void> {
    const found = await this.#describe(cluster, name);
    if (!found) throw new NotFound(`cluster ${cluster} has no nodegroup ${name}`);
    // While it changes, EKS refuses; who asks again is heard.
    if (!['ACTIVE', 'DEGRADED'].includes(found.status ?? '')) return;
    const maxSize = size.maxNodes ?? found.scalingConfig?.maxSize ?? 0;
    const desiredSize = Math.min(size.desired ?? (await this.#desired(found)), maxSize);
    const send = () =>
      this.#eks.send(
        new UpdateNodegroupConfigCommand({
          clusterName: cluster,
          nodegroupName: name,
          scalingConfig: { minSize: 0, maxSize, desiredSize },
        }),
      );
    await ask(nodegroupAsked('UpdateNodegroupConfig', cluster, name), () =>
      send().catch(async (error) => {
        if (!isInUse(error)) throw error;
        // A group that could not get machines stays degraded, and must be made smaller all the same.
        const group = groupOf(found);
        if (found.status === 'DEGRADED' && group !== undefined) await this.#groups.want(group, desiredSize);
      }),
    );
  }

  async nodes(cluster: string, name: string): Promise<{ nodes: Node[]; missing: Problem[] }> {
    const found = await this.#describe(cluster, name);
    const kubernetes = found && (await this.#options.kubernetes(cluster));
    if (!kubernetes) return { nodes: [], missing: [] };
    const [nodes, desired] = await Promise.all([nodesOf(kubernetes, name), this.#desired(found)]);
    const ready = nodes.filter((node) => node.ready).length;
    return { nodes, missing: ready < desired ? await this.#obstacles(found) : [] };
  }

  async terminate(cluster: string, name: string, nodes: string[]): Promise<void> {
    const kubernetes = await this.#options.kubernetes(cluster);
    if (kubernetes) await this.#groups.terminate(await instancesOf(kubernetes, name, nodes));
  }

  async remove(cluster: string, name: string): Promise<void> {
    const found = await this.#describe(cluster, name);
    if (!found || found.status === 'DELETING') return;
    await ask(nodegroupAsked('DeleteNodegroup', cluster, name), () =>
      this.#eks
        .send(new DeleteNodegroupCommand({ clusterName: cluster, nodegroupName: name }))
        .catch((error) => {
          // It has gone, or changes right now, and who asks again is heard.
          if (!isNotThere(error) && !isInUse(error)) throw error;
        }),
    );
  }

  async #describe(clusterName: string, nodegroupName: string): Promise<Described | undefined> {
    const found = await askFor(nodegroupAsked('DescribeNodegroup', clusterName, nodegroupName), () =>
      this.#eks.send(new DescribeNodegroupCommand({ clusterName, nodegroupName })),
    );
    return found?.nodegroup;
  }

  /** The machines' own group knows; EKS's number does not follow machines that were ended one by one. */
  async #desired(found: Described): Promise<number> {
    const group = groupOf(found);
    const desired = group === undefined ? undefined : await this.#groups.desired(group);
    return desired ?? found.scalingConfig?.desiredSize ?? 0;
  }

  /** Only what was met since the number was last changed. */
  async #obstacles(found: Described): Promise<Problem[]> {
    const group = groupOf(found);
    const since = found.modifiedAt ?? new Date(0);
    const failures = group === undefined ? [] : await this.#groups.failures(group, since);
    const issues = (found.health?.issues ?? []).filter(({ code = '' }) => !toldByGroup.has(code));
    return [...failures, ...problemsOf(issues)];
  }
}

const groupOf = ({ resources }: Described): string | undefined => resources?.autoScalingGroups?.[0]?.name;
