/** Availability zones, and which of them offer an instance type. */
import {
  DescribeAvailabilityZonesCommand,
  DescribeInstanceTypeOfferingsCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import type { Zone, Zones } from '../../../ports/cluster/zones.ts';
import { send } from '../client/send.ts';

export class Ec2Zones implements Zones {
  readonly #client = new EC2Client({});

  async list(): Promise<Zone[]> {
    // Local and wavelength zones are other types; those that need an opt-in are not listed without it.
    const { AvailabilityZones = [] } = await send(
      { action: 'ec2:DescribeAvailabilityZones', arn: '*', what: "the region's zones" },
      this.#client.send(
        new DescribeAvailabilityZonesCommand({
          Filters: [
            { Name: 'zone-type', Values: ['availability-zone'] },
            { Name: 'state', Values: ['available'] },
          ],
        }),
      ),
    );
    return AvailabilityZones.map(({ ZoneName = '', ZoneId = '' }) => ({ name: ZoneName, id: ZoneId }));
  }
}

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
