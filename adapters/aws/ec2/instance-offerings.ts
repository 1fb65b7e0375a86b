/** Where EC2 has machines of a type: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstanceTypeOfferings.html */
import { DescribeInstanceTypeOfferingsCommand, type EC2Client } from '@aws-sdk/client-ec2';

/**
 * Those of the zones that have the type; errors are EC2's own.
 * @param LocationType whether zones are told by name or by id
 * @param zones at least one: a filter must not be empty
 */
export async function zonesWith(
  ec2: EC2Client,
  instanceType: string,
  LocationType: 'availability-zone' | 'availability-zone-id',
  zones: string[],
): Promise<Set<string | undefined>> {
  const { InstanceTypeOfferings = [] } = await ec2.send(
    new DescribeInstanceTypeOfferingsCommand({
      LocationType,
      Filters: [
        { Name: 'instance-type', Values: [instanceType] },
        { Name: 'location', Values: zones },
      ],
    }),
  );
  return new Set(InstanceTypeOfferings.map(({ Location }) => Location));
}
