/** Resources of a nodegroup's instances. */
import { DescribeInstanceTypesCommand, EC2Client, type InstanceTypeInfo } from '@aws-sdk/client-ec2';
import { EKSClient, type Nodegroup } from '@aws-sdk/client-eks';
import { minDiskGiB } from '../../../../core/cluster.ts';
import type { AwsAccess } from '../../../../core/config/dotenv.ts';
import { NotFound } from '../../../../core/errors/errors.ts';
import { label } from '../../../kubernetes/names.ts';
import type { Machine } from '../../../kubernetes/worker-share.ts';
import { send } from '../../client/send.ts';
import { clientSettings } from '../../client/settings.ts';
import { describeNodegroup } from '../requests.ts';

const mebibyte = 2 ** 20;

/** Resources by cluster and nodegroup. @throws NotFound when there is no such nodegroup or instance type */
export function machineOf(access: AwsAccess): (cluster: string, nodegroup: string) => Promise<Machine> {
  const eks = new EKSClient(clientSettings(access));
  const ec2 = new EC2Client(clientSettings(access));
  return async (clusterName, nodegroupName) => {
    const nodegroup = await describeNodegroup(eks, clusterName, nodegroupName);
    if (!nodegroup) throw new NotFound(`there is no nodegroup ${nodegroupName} of cluster ${clusterName}`);
    const type = nodegroup.instanceTypes?.[0] ?? '';
    const context = { action: 'ec2:DescribeInstanceTypes', arn: '*', what: `instance type ${type}` };
    const { InstanceTypes = [] } = await send(
      context,
      ec2.send(
        new DescribeInstanceTypesCommand({
          InstanceTypes: [type] as unknown as DescribeInstanceTypesCommand['input']['InstanceTypes'],
        }),
      ),
    );
    const [found] = InstanceTypes;
    if (!found) throw new NotFound(`there is no instance type ${type} in this region`);
    return { ...machineFrom(found), diskGiB: diskOf(nodegroup) };
  };
}

/** GiB, by a label, as EKS does not show it. A nodegroup that is not ours is assumed to have the smallest disk. */
export const diskOf = ({ labels }: Nodegroup): number => Number(labels?.[label.disk] ?? minDiskGiB);

/** From EC2's description of an instance type. */
export function machineFrom({
  VCpuInfo,
  MemoryInfo,
  NetworkInfo,
}: InstanceTypeInfo): Omit<Machine, 'diskGiB'> {
  const vcpus = VCpuInfo?.DefaultVCpus ?? 1;
  const interfaces = NetworkInfo?.MaximumNetworkInterfaces ?? 1;
  const addresses = NetworkInfo?.Ipv4AddressesPerInterface ?? 2;
  // Each pod has its own address, except two that use the node's; EKS also limits the number by vCPUs.
  const byAddresses = interfaces * (addresses - 1) + 2;
  return {
    vcpus,
    memoryBytes: (MemoryInfo?.SizeInMiB ?? 0) * mebibyte,
    maxPods: Math.min(byAddresses, vcpus < 30 ? 110 : 250),
  };
}
