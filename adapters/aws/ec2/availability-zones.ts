/** The availability zones of the region. */
import { DescribeAvailabilityZonesCommand, EC2Client } from '@aws-sdk/client-ec2';
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
