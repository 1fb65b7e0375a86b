/** Resources of others in the stack's network, which keep CloudFormation from deleting the VPC. */
import { DescribeSecurityGroupsCommand, DescribeVpcEndpointsCommand, EC2Client } from '@aws-sdk/client-ec2';
import type { AwsAccess } from '../../../core/config/dotenv.ts';
import { send } from '../client/send.ts';
import { clientSettings } from '../client/settings.ts';

/**
 * Names of endpoints and security groups that others have created in a VPC, such as GuardDuty for its runtime monitoring.
 * @param own ids of the stack's resources
 */
export async function foreignResources(access: AwsAccess, vpc: string, own: string[]): Promise<string[]> {
  const ec2 = new EC2Client(clientSettings(access));
  const Filters = [{ Name: 'vpc-id', Values: [vpc] }];
  const contextOf = (verb: string) => ({ action: `ec2:${verb}`, arn: '*', what: `what is in ${vpc}` });
  try {
    const [{ VpcEndpoints = [] }, { SecurityGroups = [] }] = await Promise.all([
      send(contextOf('DescribeVpcEndpoints'), ec2.send(new DescribeVpcEndpointsCommand({ Filters }))),
      send(contextOf('DescribeSecurityGroups'), ec2.send(new DescribeSecurityGroupsCommand({ Filters }))),
    ]);
    const endpoints = VpcEndpoints.filter(
      ({ VpcEndpointId = '', State = '' }) => !own.includes(VpcEndpointId) && !/^delet/i.test(State),
    ).map(({ VpcEndpointId, ServiceName }) => `VPC endpoint ${VpcEndpointId} (${ServiceName})`);
    // The VPC's default group is deleted with it.
    const groups = SecurityGroups.filter(
      ({ GroupId = '', GroupName }) => !own.includes(GroupId) && GroupName !== 'default',
    ).map(({ GroupId, GroupName }) => `security group ${GroupId} (${GroupName})`);
    return [...endpoints, ...groups];
  } finally {
    ec2.destroy();
  }
}
