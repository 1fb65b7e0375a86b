/** The ledger of a cluster, for the function that makes reservations. */
import { ownRole } from '../../../adapters/aws/client/settings.ts';
import { machineOf } from '../../../adapters/aws/eks/nodegroups/instance-type.ts';
import { JobReservations } from '../../../adapters/kubernetes/job-reservations.ts';
import { once } from '../once.ts';
import { repository } from '../repository.ts';
import { setting } from '../settings.ts';
import { kubernetes } from './kubernetes.ts';

export const reservations = once(
  () =>
    new JobReservations({
      kubernetes: kubernetes(),
      // It may still be built while workers are reserved, side by side with it; they start when it is there.
      imageOf: async (digest) => `${repository().uri}:${digest}`,
      machineOf: machineOf(ownRole),
      bucket: setting('bucketName'),
      region: setting('region'),
    }),
);
