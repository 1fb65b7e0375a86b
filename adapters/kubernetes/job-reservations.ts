import type { V1Job, V1Pod } from '@kubernetes/client-node';
import { AlreadyThere, ConfigInvalid, ImageFailed, NotFound } from '../../core/errors/errors.ts';
import type { Reservation, ReservationSpec, Reservations } from '../../ports/cluster/reservations.ts';
import { allOf } from './all-of.ts';
import type { Kubernetes, KubernetesOf } from './api.ts';
import { type Asked, translated } from './errors.ts';
import { accountOf, isIncomplete, jobOf, reservationOf } from './job.ts';
import { label, namespace } from './names.ts';
import { podTemplate } from './pod.ts';
import { type Machine, shareOf, type WorkerShare } from './share.ts';
import { withUserPod } from './user-pod.ts';

export interface JobReservationsOptions {
  kubernetes: KubernetesOf;
  /** Where the image of a digest is; undefined when it has not been built. */
  imageOf: (digest: string) => Promise<string | undefined>;
  /** What the nodes of a group are. */
  machineOf: (cluster: string, nodegroup: string) => Promise<Machine>;
  /** For the agents: the stack's bucket and its region. */
  bucket: string;
  region: string;
}

/** Pods of an execution that are looked at for what is wrong with them. */
const podsRead = 500;
/** How long a worker has that is to end now. Not none: then its pod would be forgotten while it still writes. */
const nowSeconds = 1;

/** The ledger in a cluster: the Jobs of namespace `gcd`, each an execution's reservation, its pods the workers. */
export class JobReservations implements Reservations {
  readonly #options: JobReservationsOptions;

  constructor(options: JobReservationsOptions) {
    this.#options = options;
  }

  async list(cluster: string): Promise<Reservation[]> {
    const found = await this.#options.kubernetes(cluster);
    if (!found) return [];
    const { batch, core } = found;
    const labelSelector = `${label.managedBy}=gcd-sfn`;
    const what = `workers in cluster ${cluster}`;
    const jobs = await asking({ verb: 'list', resource: 'jobs', what }, () =>
      allOf((page) => batch.listNamespacedJob({ namespace, labelSelector, ...page })),
    );
    // The Job counts its pods. Only where some are not ready they are read, as many as tell why.
    const podsOf = async (job: V1Job): Promise<V1Pod[]> => {
      if (!isIncomplete(job)) return [];
      const of = `${label.execution}=${job.metadata?.labels?.[label.execution] ?? ''}`;
      const page = { namespace, labelSelector: of, limit: podsRead };
      return (await asking({ verb: 'list', resource: 'pods', what }, () => core.listNamespacedPod(page)))
        .items;
    };
    return Promise.all(jobs.map(async (job) => reservationOf(job, await podsOf(job), cluster)));
  }

  async reserve(wanted: ReservationSpec): Promise<void> {
    const { cluster, execution, image: digest, nodegroup } = wanted;
    const { batch, core } = await this.#cluster(cluster);
    const image = await this.#options.imageOf(digest);
    if (image === undefined)
      throw new ImageFailed(`the workers' image ${digest} is not there`, {
        hint: 'Start the run again: it builds the image first.',
      });
    const share = shareFor(wanted, await this.#options.machineOf(cluster, nodegroup));
    const { bucket, region } = this.#options;
    const models = await import('@kubernetes/client-node');
    const template = withUserPod(podTemplate({ wanted, image, share, bucket, region }), wanted.pod.patch, {
      models: models as unknown as Record<string, unknown>,
      share,
    });
    const what = `reservation of ${execution} in cluster ${cluster}`;
    const body = jobOf(wanted, template);
    let refused: AlreadyThere | undefined;
    const job = await asking({ verb: 'create', resource: 'jobs', what }, () =>
      batch.createNamespacedJob({ namespace, body, fieldValidation: 'Strict' }),
    ).catch((error) => {
      if (!(error instanceof AlreadyThere)) throw error;
      refused = error;
      return batch.readNamespacedJob({ namespace, name: execution });
    });
    // Also when it was not made by this call: the one that made it may have got no further.
    await asking({ verb: 'create', resource: 'serviceaccounts', what }, () =>
      core.createNamespacedServiceAccount({ namespace, body: accountOf(job) }),
    ).catch((error) => {
      if (!(error instanceof AlreadyThere)) throw error;
    });
    if (refused) throw refused;
  }

  async start(cluster: string, execution: string): Promise<void> {
    const { batch } = await this.#cluster(cluster);
    const { PatchStrategy, setHeaderOptions } = await import('@kubernetes/client-node');
    const what = `reservation of ${execution} in cluster ${cluster}`;
    await asking({ verb: 'patch', resource: 'jobs', what }, () =>
      batch.patchNamespacedJob(
        { namespace, name: execution, body: { spec: { suspend: false } } },
        setHeaderOptions('Content-Type', PatchStrategy.MergePatch),
      ),
    );
  }

  /** The Job stays, as one that is being deleted, until its last pod is gone. */
  async stop(cluster: string, execution: string, how: 'drain' | 'now'): Promise<void> {
    const found = await this.#options.kubernetes(cluster);
    if (!found) return;
    const { batch, core } = found;
    const what = `reservation of ${execution} in cluster ${cluster}`;
    const propagationPolicy = 'Foreground';
    await unlessGone(
      asking({ verb: 'delete', resource: 'jobs', what }, () =>
        batch.deleteNamespacedJob({
          namespace,
          name: execution,
          propagationPolicy,
          body: { propagationPolicy },
        }),
      ),
    );
    if (how === 'drain') return;
    const labelSelector = `${label.execution}=${execution}`;
    const gracePeriodSeconds = nowSeconds;
    await unlessGone(
      asking({ verb: 'deletecollection', resource: 'pods', what: `workers of ${execution}` }, () =>
        core.deleteCollectionNamespacedPod({
          ...{ namespace, labelSelector, gracePeriodSeconds },
          body: { gracePeriodSeconds },
        }),
      ),
    );
  }

  async #cluster(name: string): Promise<Kubernetes> {
    const found = await this.#options.kubernetes(name);
    if (!found) throw new NotFound(`there is no cluster ${name}`);
    return found;
  }
}

function shareFor({ workersPerNode, nodegroup, pod }: ReservationSpec, machine: Machine): WorkerShare {
  const share = shareOf(machine, workersPerNode);
  const of = `${workersPerNode} workers on a node of ${nodegroup} (${machine.vcpus} vCPUs, ${gibi(machine.memoryBytes)}, a disk of ${machine.diskGiB} GiB)`;
  if (!share)
    throw new ConfigInvalid(`there is no room for ${of}`, {
      hint: 'Lower workers_per_node in config.yaml, or take a larger instance_type; volumeSize in cluster.yaml is the disk.',
    });
  if (pod.memoryBytes !== null && pod.memoryBytes > share.memoryBytes)
    throw new ConfigInvalid(
      `memory_per_worker is ${gibi(pod.memoryBytes)}, but there is only ${gibi(share.memoryBytes)} for each of ${of}`,
      { hint: 'Lower memory_per_worker or workers_per_node in config.yaml, or take a larger instance_type.' },
    );
  return share;
}

const gibi = (bytes: number) => `${(bytes / 2 ** 30).toFixed(1)} GiB`;

const asking = <Answer>(asked: Asked, ask: () => Promise<Answer>): Promise<Answer> =>
  ask().catch((error) => {
    throw translated(error, asked);
  });

const unlessGone = (deleting: Promise<unknown>) =>
  deleting.catch((error) => {
    if (!(error instanceof NotFound)) throw error;
  });
