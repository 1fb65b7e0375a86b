/** What the machines of a nodegroup have. */
import { DescribeInstanceTypesCommand, EC2Client, type InstanceTypeInfo } from '@aws-sdk/client-ec2';
import { DescribeNodegroupCommand, EKSClient, type Nodegroup } from '@aws-sdk/client-eks';
import { minDiskGiB } from '../../../../core/cluster.ts';
import { NotFound } from '../../../../core/errors/errors.ts';
import { label } from '../../../kubernetes/names.ts';
import type { Machine } from '../../../kubernetes/worker-share.ts';
import { ask } from '../../client/problems.ts';
import { clientSettings } from '../../client/settings.ts';
import type { AwsAccess } from '../../s3/client.ts';
import { nodegroupAsked } from '../iam-actions.ts';

const mebibyte = 2 ** 20;

/** By cluster and nodegroup: what its instance type has. @throws NotFound when there is no such nodegroup or type */
export function machineOf(access: AwsAccess): (cluster: string, nodegroup: string) => Promise<Machine> {
  const eks = new EKSClient(clientSettings(access));
  const ec2 = new EC2Client(clientSettings(access));
  return async (clusterName, nodegroupName) => {
    const { nodegroup } = await ask(nodegroupAsked('DescribeNodegroup', clusterName, nodegroupName), () =>
      eks.send(new DescribeNodegroupCommand({ clusterName, nodegroupName })),
    );
    const type = nodegroup?.instanceTypes?.[0] ?? '';
    const asked = { action: 'ec2:DescribeInstanceTypes', arn: '*', what: `instance type ${type}` };
    const { InstanceTypes = [] } = await ask(asked, () =>
      ec2.send(
        new DescribeInstanceTypesCommand({
          InstanceTypes: [type] as unknown as DescribeInstanceTypesCommand['input']['InstanceTypes'],
        }),
      ),
    );
    const [found] = InstanceTypes;
    if (!found) throw new NotFound(`there is no instance type ${type} in this region`);
    return { ...machineFrom(found), diskGiB: diskOf(nodegroup ?? {}) };
  };
}

/** GiB: EKS does not tell what a launch template says. One that is not ours has the smallest disk that there can be. */
export const diskOf = ({ labels }: Nodegroup): number => Number(labels?.[label.disk] ?? minDiskGiB);

/** From EC2's description of a type to what counts here. */
export function machineFrom({
  VCpuInfo,
  MemoryInfo,
  NetworkInfo,
}: InstanceTypeInfo): Omit<Machine, 'diskGiB'> {
  const vcpus = VCpuInfo?.DefaultVCpus ?? 1;
  const interfaces = NetworkInfo?.MaximumNetworkInterfaces ?? 1;
  const addresses = NetworkInfo?.Ipv4AddressesPerInterface ?? 2;
  // Each pod has an address of its own, but for two that have the machine's; EKS caps the number by size.
  const byAddresses = interfaces * (addresses - 1) + 2;
  return {
    vcpus,
    memoryBytes: (MemoryInfo?.SizeInMiB ?? 0) * mebibyte,
    maxPods: Math.min(byAddresses, vcpus < 30 ? 110 : 250),
  };
}
