/** The ledger of a cluster, for the function that makes reservations. */
import { ownRole } from '../../../adapters/aws/client-settings.ts';
import { machineOf } from '../../../adapters/aws/eks-machine.ts';
import { JobReservations } from '../../../adapters/kubernetes/job-reservations.ts';
import { once } from '../once.ts';
import { setting } from '../settings.ts';
import { images } from './images.ts';
import { kubernetes } from './kubernetes.ts';

export const reservations = once(
  () =>
    new JobReservations({
      kubernetes: kubernetes(),
      imageOf: (digest) => images().find(digest),
      machineOf: machineOf(ownRole),
      bucket: setting('bucketName'),
      region: setting('region'),
    }),
);
