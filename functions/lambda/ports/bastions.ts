import { ownRole } from '../../../adapters/aws/client/settings.ts';
import { Ec2Bastions } from '../../../adapters/aws/ec2/bastions.ts';
import { once } from '../once.ts';
import { setting, settings } from '../settings.ts';

/** In the first of the stack's subnets. */
export const bastions = once(
  () =>
    new Ec2Bastions({
      access: ownRole,
      subnetId: settings('subnetIds')[0] as string,
      securityGroupId: setting('sshOnlyGroupId'),
      profileArn: setting('bastionProfileArn'),
    }),
);
