/** The ledger of a cluster, for functions that put nothing into it. */
import { JobReservations } from '../../../adapters/kubernetes/job-reservations.ts';
import { once } from '../once.ts';
import { setting } from '../settings.ts';
import { kubernetes } from './kubernetes.ts';

const reservesNothing = async (): Promise<never> => {
  throw new Error('this function is not made for reserving');
};

export const ledger = once(
  () =>
    new JobReservations({
      kubernetes: kubernetes(),
      imageOf: reservesNothing,
      machineOf: reservesNothing,
      bucket: setting('bucketName'),
      region: setting('region'),
    }),
);
