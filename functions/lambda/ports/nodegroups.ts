import { ownRole } from '../../../adapters/aws/client/settings.ts';
import { EksNodegroups } from '../../../adapters/aws/eks/nodegroups/nodegroups.ts';
import { once } from '../once.ts';
import { setting, settings } from '../settings.ts';
import { kubernetes } from './kubernetes.ts';

export const nodegroups = once(
  () =>
    new EksNodegroups({
      access: ownRole,
      nodeRoleArn: setting('nodeRoleArn'),
      subnetIds: settings('subnetIds'),
      launchTemplateId: setting('nodeTemplateId'),
      kubernetes: kubernetes(),
    }),
);
