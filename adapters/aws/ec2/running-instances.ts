/** Running instances of nodegroups and bastions. */
import { EC2Client, type Instance, paginateDescribeInstances } from '@aws-sdk/client-ec2';
import type { AwsAccess } from '../../../core/config/dotenv.ts';
import type { RunningMachine } from '../../../ports/cluster/machines.ts';
import { collect, send } from '../client/send.ts';
import { clientSettings } from '../client/settings.ts';
import { bastionTag, clusterTag, isOfStack, managedByUsFilter, tagsFromList } from '../client/tags.ts';

/** GiB of volumes, which are not asked for; a node's is that of two workers with default settings. */
const assumedGiB = { node: 30, bastion: 8 };

export async function runningMachines(access: AwsAccess, stack: string): Promise<RunningMachine[]> {
  const ec2 = new EC2Client(clientSettings(access));
  const Filters = [managedByUsFilter, { Name: 'instance-state-name', Values: ['pending', 'running'] }];
  try {
    const pages = paginateDescribeInstances({ client: ec2 }, { Filters });
    const reservations = await send(
      { action: 'ec2:DescribeInstances', arn: '*', what: 'machines of clusters' },
      collect(pages, ({ Reservations }) => Reservations),
    );
    const instances = reservations.flatMap(({ Instances = [] }) => Instances);
    return instances.filter(({ Tags }) => isOfStack(tagsFromList(Tags), stack)).map(machine);
  } finally {
    ec2.destroy();
  }
}

function machine({ Tags, InstanceType, InstanceLifecycle, LaunchTime }: Instance): RunningMachine {
  const tags = tagsFromList(Tags);
  const isBastion = tags[bastionTag] !== undefined;
  return {
    cluster: tags[clusterTag] ?? tags['eks:cluster-name'] ?? '',
    nodegroup: isBastion ? null : (tags['eks:nodegroup-name'] ?? ''),
    instanceType: InstanceType ?? '',
    spot: InstanceLifecycle === 'spot',
    since: (LaunchTime?.getTime() ?? 0) / 1000,
    diskGiB: isBastion ? assumedGiB.bastion : assumedGiB.node,
  };
}
