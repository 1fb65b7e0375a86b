/**
 * The EKS nodegroups that one nodegroup of ours is: one for each zone, as Auto Scaling ends machines in use to keep a
 * group of several zones even. docs/decisions/29-nodes.md says more.
 */
import { DescribeSubnetsCommand, type EC2Client } from '@aws-sdk/client-ec2';
import type { Nodegroup as Described } from '@aws-sdk/client-eks';
import { UsageError } from '../../../../core/errors/errors.ts';
import { label } from '../../../kubernetes/names.ts';
import { ask } from '../../client/problems.ts';
import { zonesWith } from '../../ec2/instance-offerings.ts';

const longestName = 63;
const suffix = '-2';

/** Their names, the first choice first. */
export const zoneGroupNames = (nodegroup: string): [string, string] => [
  nodegroup,
  `${nodegroup.slice(0, longestName - suffix.length)}${suffix}`,
];

/** Whose nodes those of an EKS nodegroup are. */
export const nodegroupOf = ({ labels, nodegroupName = '' }: Described): string =>
  labels?.[label.nodegroup] ?? nodegroupName;

/**
 * Those of the subnets in whose zones there are machines of a type, in their order.
 * @throws UsageError when there are none in any of them
 */
export async function subnetsWith(
  ec2: EC2Client,
  instanceType: string,
  SubnetIds: string[],
): Promise<string[]> {
  const { Subnets = [] } = await ask(
    { action: 'ec2:DescribeSubnets', arn: '*', what: 'subnets of the stack' },
    () => ec2.send(new DescribeSubnetsCommand({ SubnetIds })),
  );
  const zoneOf = new Map(Subnets.map(({ SubnetId, AvailabilityZone = '' }) => [SubnetId, AvailabilityZone]));
  const zones = [...new Set(zoneOf.values())];
  const offered = await ask(
    { action: 'ec2:DescribeInstanceTypeOfferings', arn: '*', what: `instance type ${instanceType}` },
    () => zonesWith(ec2, instanceType, 'availability-zone', zones),
  );
  const found = SubnetIds.filter((id) => offered.has(zoneOf.get(id)));
  if (found.length === 0)
    throw new UsageError(`AWS has no ${instanceType} in the zones of the stack: ${zones.join(', ')}`, {
      hint: 'Take another instance_type.',
    });
  return found;
}

/** One of the zones' groups, as far as it matters for how many nodes it is to have. */
export interface Zone {
  /** Machines that it is asked for, and that it has. */
  desired: number;
  machines: number;
  /** Whether its zone had no capacity a moment ago. */
  short: boolean;
  /** Whether workers may be on its machines. */
  used: boolean;
}

/**
 * How many nodes each zone is asked for, so that together there are as many as wanted. More are asked for where there was
 * capacity, and what a zone without any does not give is asked for in the other. Where somebody works, nothing is taken back:
 * Auto Scaling chooses which machine ends, also when one has just started that was not counted.
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

/** The last zones first, as the first is the first choice. */
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
