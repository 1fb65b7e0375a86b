/** An account at moto with what the stack has in it, for adapters of clusters, nodegroups and bastions. */
import {
  CreateLaunchTemplateCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import { CreateInstanceProfileCommand, CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { ownRole } from '../../../adapters/aws/client/settings.ts';
import { Ec2Bastions } from '../../../adapters/aws/ec2/bastions.ts';
import { EksClusters, type EksClustersOptions } from '../../../adapters/aws/eks/clusters.ts';
import { EksNodegroups } from '../../../adapters/aws/eks/nodegroups/nodegroups.ts';
import type { AwsAccess } from '../../../core/config/dotenv.ts';
import { type NodesOfMoto, nodesOfMoto } from './kubernetes-nodes.ts';

export interface EksAccount {
  access: AwsAccess;
  /** Of the clusters. */
  options: EksClustersOptions;
  clusters: EksClusters;
  nodegroups: EksNodegroups;
  bastions: Ec2Bastions;
  /** The cluster that is called `c`. */
  inside: NodesOfMoto;
}

/** ARN of a role of the account. */
export const roleArn = (name: string): string => `arn:aws:iam::123456789012:role/${name}`;

export async function makeRole(RoleName: string): Promise<void> {
  await new IAMClient({}).send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: '{}' }));
}

/** The roles that the adapters name, and the profile of bastions; the same ones in every region. */
export async function makeRoles(): Promise<void> {
  await Promise.all(['writer', 'reader', 'bastion'].map(makeRole));
  await new IAMClient({}).send(new CreateInstanceProfileCommand({ InstanceProfileName: 'bastion' }));
}

const regions = ['us-east-1', 'us-east-2', 'us-west-1', 'us-west-2', 'ca-central-1', 'sa-east-1'].concat(
  ['eu-central-1', 'eu-west-1', 'eu-west-2', 'eu-west-3', 'eu-north-1', 'eu-south-1', 'af-south-1'],
  ['ap-south-1', 'ap-southeast-1', 'ap-southeast-2', 'ap-northeast-1', 'ap-northeast-2', 'ap-northeast-3'],
);

/** Each in a region that nothing is in yet. */
export async function eksAccount(): Promise<EksAccount> {
  const region = regions.shift();
  if (region === undefined) throw new Error('there are more tests than regions');
  const ec2 = new EC2Client({ region });
  const [{ Subnets = [] }, { SecurityGroups = [] }, { LaunchTemplate }] = await Promise.all([
    ec2.send(new DescribeSubnetsCommand({})),
    ec2.send(new DescribeSecurityGroupsCommand({})),
    ec2.send(
      new CreateLaunchTemplateCommand({
        LaunchTemplateName: 'stack-nodes',
        LaunchTemplateData: {
          Monitoring: { Enabled: true },
          MetadataOptions: { HttpTokens: 'required' },
          BlockDeviceMappings: [
            { DeviceName: '/dev/xvda', Ebs: { VolumeSize: 50, Throughput: 200, DeleteOnTermination: true } },
          ],
          TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'gcd-sfn:stack', Value: 's' }] }],
        },
      }),
    ),
  ]);
  const subnetIds = Subnets.slice(0, 2).map(({ SubnetId = '' }) => SubnetId);
  const inside = nodesOfMoto('c', region);
  const access = { ...ownRole, region };
  const kubernetes = async () => inside.kubernetes;
  const options = {
    access,
    roleArn: roleArn('cluster'),
    subnetIds,
    apiGroupId: SecurityGroups[0]?.GroupId ?? '',
    people: { writers: [roleArn('writer')], readers: [roleArn('reader')], bastion: roleArn('bastion') },
    kubernetes,
  };
  return {
    access,
    inside,
    options,
    clusters: new EksClusters(options),
    nodegroups: new EksNodegroups({
      access,
      nodeRoleArn: roleArn('node'),
      subnetIds,
      launchTemplateId: LaunchTemplate?.LaunchTemplateId ?? '',
      kubernetes,
    }),
    bastions: new Ec2Bastions({
      access,
      subnetId: subnetIds[0] ?? '',
      securityGroupId: SecurityGroups[0]?.GroupId ?? '',
      profileArn: 'arn:aws:iam::123456789012:instance-profile/bastion',
    }),
  };
}
