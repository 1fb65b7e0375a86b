/** What is in the stack's network and not of the stack: its VPC cannot be removed before. */
import { DescribeSecurityGroupsCommand, DescribeVpcEndpointsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { ask } from '../client/problems.ts';
import { clientSettings } from '../client/settings.ts';
import type { AwsAccess } from '../s3/client.ts';

/**
 * Names of endpoints and security groups that somebody else has put into a VPC, as GuardDuty does by itself where its
 * runtime monitoring is on.
 * @param own ids of what the stack has
 */
export async function strangersIn(access: AwsAccess, vpc: string, own: string[]): Promise<string[]> {
  const ec2 = new EC2Client(clientSettings(access));
  const Filters = [{ Name: 'vpc-id', Values: [vpc] }];
  const about = (verb: string) => ({ action: `ec2:${verb}`, arn: '*', what: `what is in ${vpc}` });
  try {
    const [{ VpcEndpoints = [] }, { SecurityGroups = [] }] = await Promise.all([
      ask(about('DescribeVpcEndpoints'), () => ec2.send(new DescribeVpcEndpointsCommand({ Filters }))),
      ask(about('DescribeSecurityGroups'), () => ec2.send(new DescribeSecurityGroupsCommand({ Filters }))),
    ]);
    const endpoints = VpcEndpoints.filter(
      ({ VpcEndpointId = '', State = '' }) => !own.includes(VpcEndpointId) && !/^delet/i.test(State),
    ).map(({ VpcEndpointId, ServiceName }) => `VPC endpoint ${VpcEndpointId} (${ServiceName})`);
    // The VPC's own is called so, and goes with it.
    const groups = SecurityGroups.filter(
      ({ GroupId = '', GroupName }) => !own.includes(GroupId) && GroupName !== 'default',
    ).map(({ GroupId, GroupName }) => `security group ${GroupId} (${GroupName})`);
    return [...endpoints, ...groups];
  } finally {
    ec2.destroy();
  }
}
