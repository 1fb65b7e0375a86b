import { ownRole } from '../../../adapters/aws/client/settings.ts';
import { Ec2SshDoor } from '../../../adapters/aws/ec2/ssh-ingress.ts';
import { once } from '../once.ts';
import { setting } from '../settings.ts';

export const sshDoor = once(
  () => new Ec2SshDoor({ access: ownRole, securityGroupId: setting('sshOnlyGroupId') }),
);
