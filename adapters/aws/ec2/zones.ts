/** Zones, as EC2 knows them. */
import { DescribeAvailabilityZonesCommand, EC2Client } from '@aws-sdk/client-ec2';
import type { Zone, Zones } from '../../../ports/cluster/zones.ts';
import { translated } from '../client/errors.ts';

export class Ec2Zones implements Zones {
  readonly #client = new EC2Client({});

  async list(): Promise<Zone[]> {
    const asked = { action: 'ec2:DescribeAvailabilityZones', arn: '*', what: "the region's zones" };
    try {
      // Local and wavelength zones are other types; those that need an opt-in are not listed without it.
      const { AvailabilityZones = [] } = await this.#client.send(
        new DescribeAvailabilityZonesCommand({
          Filters: [
            { Name: 'zone-type', Values: ['availability-zone'] },
            { Name: 'state', Values: ['available'] },
          ],
        }),
      );
      return AvailabilityZones.map(({ ZoneName = '', ZoneId = '' }) => ({ name: ZoneName, id: ZoneId }));
    } catch (error) {
      throw translated(error, asked);
    }
  }
}
