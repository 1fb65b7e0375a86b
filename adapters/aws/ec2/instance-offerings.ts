/** Where EC2 offers an instance type: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstanceTypeOfferings.html */
import { DescribeInstanceTypeOfferingsCommand, type EC2Client } from '@aws-sdk/client-ec2';
import { send } from '../client/send.ts';

/**
 * Zones that offer an instance type.
 * @param LocationType whether zones are given by name or by id
 * @param zones at least one: a filter must not be empty
 */
export async function zonesWith(
  ec2: EC2Client,
  instanceType: string,
  LocationType: 'availability-zone' | 'availability-zone-id',
  zones: string[],
): Promise<Set<string | undefined>> {
  const { InstanceTypeOfferings = [] } = await send(
    { action: 'ec2:DescribeInstanceTypeOfferings', arn: '*', what: `instance type ${instanceType}` },
    ec2.send(
      new DescribeInstanceTypeOfferingsCommand({
        LocationType,
        Filters: [
          { Name: 'instance-type', Values: [instanceType] },
          { Name: 'location', Values: zones },
        ],
      }),
    ),
  );
  return new Set(InstanceTypeOfferings.map(({ Location }) => Location));
}
