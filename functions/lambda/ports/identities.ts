import { ownRole } from '../../../adapters/aws/client/settings.ts';
import { EksIdentities } from '../../../adapters/aws/eks/identities.ts';
import { once } from '../once.ts';
import { setting } from '../settings.ts';

export const identities = once(
  () =>
    new EksIdentities({
      access: ownRole,
      podRoleArn: setting('podRoleArn'),
      bucket: setting('bucketName'),
      stack: setting('stackName'),
      region: setting('region'),
      mayMore: setting('podPolicies') === 'true',
    }),
);
