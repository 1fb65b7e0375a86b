/**
 * One nodegroup of ours is one of EKS for each of at most two zones: Auto Scaling terminates instances in use to balance
 * a group over its zones. See docs/decisions/29-nodes.md.
 */
import { DescribeSubnetsCommand, type EC2Client } from '@aws-sdk/client-ec2';
import type { Nodegroup as Described } from '@aws-sdk/client-eks';
import { UsageError } from '../../../../core/errors/errors.ts';
import { label } from '../../../kubernetes/names.ts';
import { send } from '../../client/send.ts';
import { zonesWith } from '../../ec2/instance-offerings.ts';

const maxNameLength = 63;
const suffix = '-2';

/** Names in EKS, the first choice first. */
export const zoneGroupNames = (nodegroup: string): [string, string] => [
  nodegroup,
  `${nodegroup.slice(0, maxNameLength - suffix.length)}${suffix}`,
];

/** Our nodegroup of an EKS nodegroup. */
export const nodegroupOf = ({ labels, nodegroupName = '' }: Described): string =>
  labels?.[label.nodegroup] ?? nodegroupName;

/**
 * The subnets whose zones offer an instance type, in their order.
 * @throws UsageError when no zone offers it
 */
export async function subnetsWith(
  ec2: EC2Client,
  instanceType: string,
  SubnetIds: string[],
): Promise<string[]> {
  const { Subnets = [] } = await send(
    { action: 'ec2:DescribeSubnets', arn: '*', what: 'subnets of the stack' },
    ec2.send(new DescribeSubnetsCommand({ SubnetIds })),
  );
  const zoneOf = new Map(Subnets.map(({ SubnetId, AvailabilityZone = '' }) => [SubnetId, AvailabilityZone]));
  const zones = [...new Set(zoneOf.values())];
  const offered = await zonesWith(ec2, instanceType, 'availability-zone', zones);
  const found = SubnetIds.filter((id) => offered.has(zoneOf.get(id)));
  if (found.length === 0)
    throw new UsageError(`AWS has no ${instanceType} in the zones of the stack: ${zones.join(', ')}`, {
      hint: 'Take another instance_type.',
    });
  return found;
}

/** State of a zone's group, for `spread`. */
export interface Zone {
  /** Instances that the group should have, and that it has. */
  desired: number;
  machines: number;
  /** Whether its zone had no capacity recently. */
  short: boolean;
  /** Whether workers may be on its instances. */
  used: boolean;
}

/**
 * The desired size of each zone's group, `wanted` in total. New nodes come from the first zone with capacity, also in place of
 * those that a zone without capacity does not give. A zone in use is not shrunk: Auto Scaling chooses which instance it
 * terminates, and may choose one that has started since it was counted.
 */
export function spread(zones: Zone[], wanted: number): number[] {
  const sum = zones.reduce((all, { desired }) => all + desired, 0);
  if (wanted < sum) return shrunk(zones, sum - wanted);
  const open = zones.findIndex(({ short }) => !short);
  if (open === -1) return zones.map(({ desired }, index) => (index === 0 ? desired + wanted - sum : desired));
  const given = zones.map(({ desired, machines, short, used }) =>
    short && !used ? Math.min(desired, machines) : desired,
  );
  const coming = zones.map(({ desired, machines, short }) => (short ? Math.min(desired, machines) : desired));
  const rest = Math.max(0, wanted - coming.reduce((all, count) => all + count, 0));
  return given.map((count, index) => (index === open ? count + rest : count));
}

/** The last zones first: the first is the first choice. */
function shrunk(zones: Zone[], fewer: number): number[] {
  let left = fewer;
  return zones
    .toReversed()
    .map(({ desired, used }) => {
      const taken = used ? 0 : Math.min(desired, left);
      left -= taken;
      return desired - taken;
    })
    .toReversed();
}
