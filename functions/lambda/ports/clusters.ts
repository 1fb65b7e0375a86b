import { ownRole } from '../../../adapters/aws/client/settings.ts';
import { EksClusters } from '../../../adapters/aws/eks/clusters.ts';
import { once } from '../once.ts';
import { setting, settings } from '../settings.ts';
import { kubernetes } from './kubernetes.ts';

export const clusters = once(
  () =>
    new EksClusters({
      access: ownRole,
      roleArn: setting('clusterRoleArn'),
      subnetIds: settings('subnetIds'),
      apiGroupId: setting('clusterApiGroupId'),
      people: {
        writers: settings('writerRoleArns'),
        readers: settings('readerRoleArns'),
        bastion: setting('bastionRoleArn'),
      },
      kubernetes: kubernetes(),
    }),
);
