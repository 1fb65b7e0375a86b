/** The nodegroups of EKS: one of ours is one of EKS for each zone, see zones.ts. */
import {
  type AMITypes,
  CreateNodegroupCommand,
  type Nodegroup as Described,
  EKSClient,
  UpdateNodegroupConfigCommand,
} from '@aws-sdk/client-eks';
import type { AwsAccess } from '../../../../core/config/dotenv.ts';
import type { NodegroupSpec } from '../../../../ports/cluster/nodegroups.ts';
import { label } from '../../../kubernetes/names.ts';
import { send, sendOptional } from '../../client/send.ts';
import { clientSettings } from '../../client/settings.ts';
import { clusterTag } from '../../client/tags.ts';
import { deleteNodegroup, describeNodegroup, listNodegroups, nodegroupContext } from '../requests.ts';
import type { ScalingGroups } from './auto-scaling.ts';
import { nodegroupOf, zoneGroupNames } from './zones.ts';

/** What each is created with besides what is wanted. */
export interface ZoneSettings {
  /** Name in EKS. */
  name: string;
  subnet: string;
  nodeRoleArn: string;
  launchTemplate: { id: string; version: string };
}

export class ZoneNodegroups {
  readonly #eks: EKSClient;
  readonly #groups: ScalingGroups;

  constructor(access: AwsAccess, groups: ScalingGroups) {
    this.#eks = new EKSClient(clientSettings(access));
    this.#groups = groups;
  }

  /** All of a cluster; none when there is no cluster. */
  async list(cluster: string): Promise<Described[]> {
    return this.#describeAll(cluster, await listNodegroups(this.#eks, cluster));
  }

  /** Those of a nodegroup, the first choice first. */
  async of(cluster: string, nodegroup: string): Promise<Described[]> {
    const found = await this.#describeAll(cluster, zoneGroupNames(nodegroup));
    return found.filter((one) => nodegroupOf(one) === nodegroup);
  }

  async #describeAll(cluster: string, names: string[]): Promise<Described[]> {
    const found = await Promise.all(names.map((name) => describeNodegroup(this.#eks, cluster, name)));
    return found.filter((one) => one !== undefined);
  }

  /** @throws AlreadyThere, QuotaExceeded, AccessDenied */
  async create(
    { cluster, name: nodegroup, instanceType, spot, amiType, maxNodes, diskGiB, tags }: NodegroupSpec,
    { name, subnet, nodeRoleArn, launchTemplate }: ZoneSettings,
  ): Promise<void> {
    await send(
      nodegroupContext('CreateNodegroup', cluster, name),
      this.#eks.send(
        new CreateNodegroupCommand({
          clusterName: cluster,
          nodegroupName: name,
          nodeRole: nodeRoleArn,
          subnets: [subnet],
          instanceTypes: [instanceType],
          amiType: amiType as AMITypes,
          capacityType: spot ? 'SPOT' : 'ON_DEMAND',
          scalingConfig: { minSize: 0, maxSize: maxNodes, desiredSize: 0 },
          launchTemplate,
          labels: { [label.nodegroup]: nodegroup, [label.disk]: String(diskGiB) },
          tags: { ...tags, [clusterTag]: cluster },
        }),
      ),
    );
  }

  /** While a nodegroup is being changed, EKS refuses: the caller retries. */
  async change(
    clusterName: string,
    found: Described,
    { desiredSize, maxSize }: { desiredSize: number; maxSize: number },
  ): Promise<void> {
    const { nodegroupName = '', status } = found;
    if (status !== 'ACTIVE' && status !== 'DEGRADED') return;
    const scalingConfig = { minSize: 0, maxSize, desiredSize };
    const changed = await sendOptional(
      nodegroupContext('UpdateNodegroupConfig', clusterName, nodegroupName),
      this.#eks.send(new UpdateNodegroupConfigCommand({ clusterName, nodegroupName, scalingConfig })),
      'in-use',
    );
    // A group that got no machines stays degraded, and must shrink all the same.
    const group = groupOf(found);
    const max = found.scalingConfig?.maxSize ?? desiredSize;
    if (changed === undefined && status === 'DEGRADED' && group !== undefined)
      await this.#groups.setDesired(group, Math.min(desiredSize, max));
  }

  async remove(clusterName: string, { nodegroupName = '', status }: Described): Promise<void> {
    if (status !== 'DELETING') await deleteNodegroup(this.#eks, clusterName, nodegroupName);
  }
}

/** Its Auto Scaling group. */
export const groupOf = ({ resources }: Described): string | undefined =>
  resources?.autoScalingGroups?.[0]?.name;
