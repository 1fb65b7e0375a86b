/** The nodegroups that EKS knows: ours is one for each zone, see zones.ts. */
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
import type { NodegroupSpec } from '../../../../ports/cluster/nodegroups.ts';
import { label } from '../../../kubernetes/names.ts';
import { ask, askFor, isInUse, isNotThere } from '../../client/problems.ts';
import { clientSettings } from '../../client/settings.ts';
import type { AwsAccess } from '../../s3/client.ts';
import { clusterAsked, nodegroupAsked } from '../iam-actions.ts';
import type { ScalingGroups } from './auto-scaling.ts';
import { nodegroupOf, zoneGroupNames } from './zones.ts';

/** What one of them is made with beside what is wanted. */
export interface GroupMade {
  /** EKS's name of it. */
  name: string;
  subnet: string;
  nodeRoleArn: string;
  launchTemplate: { id: string; version: string };
}

export class EksGroups {
  readonly #eks: EKSClient;
  readonly #groups: ScalingGroups;

  constructor(access: AwsAccess, groups: ScalingGroups) {
    this.#eks = new EKSClient(clientSettings(access));
    this.#groups = groups;
  }

  /** All that a cluster has; none when there is no cluster. */
  async list(cluster: string): Promise<Described[]> {
    const names = await askFor(clusterAsked('ListNodegroups', cluster), async () => {
      const listed: string[] = [];
      for await (const page of paginateListNodegroups({ client: this.#eks }, { clusterName: cluster }))
        listed.push(...(page.nodegroups ?? []));
      return listed;
    });
    const found = await Promise.all((names ?? []).map((name) => this.#describe(cluster, name)));
    return found.filter((one) => one !== undefined);
  }

  /** Those that a nodegroup is, the first choice first. */
  async of(cluster: string, nodegroup: string): Promise<Described[]> {
    const found = await Promise.all(zoneGroupNames(nodegroup).map((one) => this.#describe(cluster, one)));
    return found.filter((one) => one !== undefined).filter((one) => nodegroupOf(one) === nodegroup);
  }

  async #describe(clusterName: string, nodegroupName: string): Promise<Described | undefined> {
    const found = await askFor(nodegroupAsked('DescribeNodegroup', clusterName, nodegroupName), () =>
      this.#eks.send(new DescribeNodegroupCommand({ clusterName, nodegroupName })),
    );
    return found?.nodegroup;
  }

  /** @throws AlreadyThere, QuotaExceeded, AccessDenied */
  async make(
    { cluster, name: nodegroup, instanceType, spot, amiType, maxNodes, diskGiB, tags }: NodegroupSpec,
    { name, subnet, nodeRoleArn, launchTemplate }: GroupMade,
  ): Promise<void> {
    await ask(nodegroupAsked('CreateNodegroup', cluster, name), () =>
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
          tags: { ...tags, 'gcd-sfn:cluster': cluster },
        }),
      ),
    );
  }

  /** While it changes, EKS refuses; who asks again is heard. */
  async change(
    clusterName: string,
    found: Described,
    { desiredSize, maxSize }: { desiredSize: number; maxSize: number },
  ): Promise<void> {
    const { nodegroupName = '', status } = found;
    if (status !== 'ACTIVE' && status !== 'DEGRADED') return;
    const scalingConfig = { minSize: 0, maxSize, desiredSize };
    const command = new UpdateNodegroupConfigCommand({ clusterName, nodegroupName, scalingConfig });
    await ask(nodegroupAsked('UpdateNodegroupConfig', clusterName, nodegroupName), () =>
      this.#eks.send(command).catch(async (error) => {
        if (!isInUse(error)) throw error;
        // A group that could not get machines stays degraded, and must be made smaller all the same.
        const group = groupOf(found);
        const most = found.scalingConfig?.maxSize ?? desiredSize;
        if (status === 'DEGRADED' && group !== undefined)
          await this.#groups.want(group, Math.min(desiredSize, most));
      }),
    );
  }

  /** One that is not there, or goes already, is no error. */
  async remove(clusterName: string, { nodegroupName = '', status }: Described): Promise<void> {
    if (status === 'DELETING') return;
    await ask(nodegroupAsked('DeleteNodegroup', clusterName, nodegroupName), () =>
      this.#eks.send(new DeleteNodegroupCommand({ clusterName, nodegroupName })).catch((error) => {
        // It has gone, or changes right now, and who asks again is heard.
        if (!isNotThere(error) && !isInUse(error)) throw error;
      }),
    );
  }
}

/** The Auto Scaling group behind it. */
export const groupOf = ({ resources }: Described): string | undefined =>
  resources?.autoScalingGroups?.[0]?.name;
