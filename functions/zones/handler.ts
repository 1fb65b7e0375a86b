/** Invoked by CloudFormation when the stack is created; stack/network.yml creates the subnets in these zones. */
import { Ec2Zones } from '../../adapters/aws/ec2/availability-zones.ts';
import { customResource } from '../lambda/custom-resource.ts';
import { chooseZones } from './choose-zones.ts';

const choose = chooseZones({ zones: new Ec2Zones() });

export const handler = customResource('ChooseZones', async (before) => {
  const { first, second } = await choose({ before: before?.split(',') ?? [] });
  return { id: `${first.id},${second.id}`, data: { First: first.name, Second: second.name } };
});
