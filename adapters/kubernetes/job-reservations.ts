/** The ledger of a cluster, kept in Kubernetes. */

import { AlreadyThere, ImageFailed, NotFound } from '../../core/errors/errors.ts';
import { systemClock } from '../../core/system-clock.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Reservation, ReservationSpec, Reservations } from '../../ports/cluster/reservations.ts';
import type { KubernetesClient, KubernetesOf } from './client.ts';
import { accountOf, type Created, isIncomplete, jobOf, reservationOf } from './job.ts';
import { label } from './names.ts';
import type { Job } from './types.ts';
import type { Machine } from './worker-share.ts';
import { workerTemplate } from './worker-template.ts';

export interface JobReservationsOptions {
  kubernetes: KubernetesOf;
  /** Returns the URI of the image with a digest; undefined when it has not been built. */
  imageOf: (digest: string) => Promise<string | undefined>;
  /** Returns the instance type of a nodegroup's nodes. */
  machineOf: (cluster: string, nodegroup: string) => Promise<Machine>;
  /** For the agents: the stack's bucket and its region. */
  bucket: string;
  region: string;
  /** Default: the system's. */
  clock?: Clock;
}

/** Maximum of an execution's pods that are read for their problems. */
const maximumPods = 500;
/** Grace period of workers that are ended now. With 0, the pod would be deleted while its worker still writes. */
const nowSeconds = 1;

/** The ledger of a cluster: each reservation is a Job in namespace `gcd`, its pods are the workers. */
export class JobReservations implements Reservations {
  readonly #options: JobReservationsOptions;

  constructor(options: JobReservationsOptions) {
    this.#options = options;
  }

  async list(cluster: string): Promise<Reservation[]> {
    const kubernetes = await this.#options.kubernetes(cluster);
    if (!kubernetes) return [];
    const what = `workers in cluster ${cluster}`;
    const jobs = await kubernetes.list('jobs', { labelSelector: `${label.managedBy}=gcd-sfn` }, what);
    // The Job's status counts its pods. They are read only if some are not ready, and its events only if some are missing.
    const createdBy = async (job: Job): Promise<Created> => {
      if (!isIncomplete(job)) return { pods: [], events: [] };
      const { labels, uid } = job.metadata ?? {};
      const labelSelector = `${label.execution}=${labels?.[label.execution] ?? ''}`;
      const pods = await kubernetes.list('pods', { labelSelector, maximum: maximumPods }, what);
      const active = pods.filter(({ status }) => status?.phase !== 'Failed').length;
      if (active >= Math.min(maximumPods, job.spec?.completions ?? 1)) return { pods, events: [] };
      const fieldSelector = `involvedObject.uid=${uid},reason=FailedCreate`;
      return { pods, events: await kubernetes.list('events', { fieldSelector, maximum: maximumPods }, what) };
    };
    const { now } = this.#options.clock ?? systemClock;
    return Promise.all(jobs.map(async (job) => reservationOf(job, await createdBy(job), cluster, now())));
  }

  async reserve(reservation: ReservationSpec): Promise<void> {
    const { cluster, execution, image: digest, nodegroup } = reservation;
    const kubernetes = await this.#client(cluster);
    const image = await this.#options.imageOf(digest);
    if (image === undefined)
      throw new ImageFailed(`image ${digest} of the workers does not exist`, {
        hint: 'Start the run again: it builds the image first.',
      });
    const { bucket, region, machineOf } = this.#options;
    const machine = await machineOf(cluster, nodegroup);
    const template = workerTemplate(reservation, machine, { image, bucket, region });
    const what = reservationText(cluster, execution);
    let exists: AlreadyThere | undefined;
    const job = await kubernetes.create('jobs', jobOf(reservation, template), what).catch((error) => {
      if (!(error instanceof AlreadyThere)) throw error;
      exists = error;
      return kubernetes.get('jobs', execution, what);
    });
    // Also if the Job exists: the call that created it may have ended before this step.
    await kubernetes.create('serviceaccounts', accountOf(job), what).catch((error) => {
      if (!(error instanceof AlreadyThere)) throw error;
    });
    if (exists) throw exists;
  }

  async start(cluster: string, execution: string): Promise<void> {
    const kubernetes = await this.#client(cluster);
    const what = reservationText(cluster, execution);
    await kubernetes.patch('jobs', execution, { spec: { suspend: false } }, what);
  }

  /** The Job exists, as one that is being deleted, until its last pod is deleted. */
  async stop(cluster: string, execution: string, how: 'drain' | 'now'): Promise<void> {
    const kubernetes = await this.#options.kubernetes(cluster);
    if (!kubernetes) return;
    const what = reservationText(cluster, execution);
    await ignoreNotFound(kubernetes.delete('jobs', execution, { propagationPolicy: 'Foreground' }, what));
    if (how === 'drain') return;
    const labelSelector = `${label.execution}=${execution}`;
    const options = { gracePeriodSeconds: nowSeconds };
    await ignoreNotFound(
      kubernetes.deleteCollection('pods', labelSelector, options, `workers of ${execution}`),
    );
  }

  async #client(cluster: string): Promise<KubernetesClient> {
    const kubernetes = await this.#options.kubernetes(cluster);
    if (!kubernetes) throw new NotFound(`cluster ${cluster} does not exist`);
    return kubernetes;
  }
}

const reservationText = (cluster: string, execution: string) =>
  `reservation of ${execution} in cluster ${cluster}`;

async function ignoreNotFound(deletion: Promise<void>): Promise<void> {
  await deletion.catch((error) => {
    if (!(error instanceof NotFound)) throw error;
  });
}
