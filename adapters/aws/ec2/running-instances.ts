/** Machines of clusters and bastions that run now. */
import { DescribeInstancesCommand, EC2Client, type Instance } from '@aws-sdk/client-ec2';
import type { RunningMachine } from '../../../ports/cluster/machines.ts';
import { clientSettings } from '../client/settings.ts';
import { isOurs, pages, tagsOf } from '../inventory/resource-kind.ts';
import type { AwsAccess } from '../s3/client.ts';

/** GiB of a volume whose size is not asked for; a node's is what two workers get when nobody says otherwise. */
const defaultGiB = { node: 30, bastion: 8 };

export async function runningMachines(access: AwsAccess, stack: string): Promise<RunningMachine[]> {
  const ec2 = new EC2Client(clientSettings(access));
  const Filters = [
    { Name: 'tag:managedBy', Values: ['gcd-sfn'] },
    { Name: 'instance-state-name', Values: ['pending', 'running'] },
  ];
  try {
    const reservations = await pages(
      { action: 'ec2:DescribeInstances', arn: '*', what: 'machines of clusters' },
      (NextToken) => ec2.send(new DescribeInstancesCommand({ Filters, NextToken })),
      ({ Reservations, NextToken }) => ({ items: Reservations, next: NextToken }),
    );
    const instances = reservations.flatMap(({ Instances = [] }) => Instances);
    return instances.filter(({ Tags }) => isOurs(tagsOf(Tags), stack)).map(machine);
  } finally {
    ec2.destroy();
  }
}

function machine({ Tags, InstanceType, InstanceLifecycle, LaunchTime }: Instance): RunningMachine {
  const tags = tagsOf(Tags);
  const isBastion = tags['gcd-sfn:bastion'] !== undefined;
  return {
    cluster: tags['gcd-sfn:cluster'] ?? tags['eks:cluster-name'] ?? '',
    nodegroup: isBastion ? null : (tags['eks:nodegroup-name'] ?? ''),
    instanceType: InstanceType ?? '',
    spot: InstanceLifecycle === 'spot',
    since: (LaunchTime?.getTime() ?? 0) / 1000,
    diskGiB: isBastion ? defaultGiB.bastion : defaultGiB.node,
  };
}
