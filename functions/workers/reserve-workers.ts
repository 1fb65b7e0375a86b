/** The stage ReserveWorkers: the reservation from which nodes are counted, the queue and the workers' identity. */

import { AlreadyThere, InUse, UsageError } from '../../core/errors/errors.ts';
import type { RunRequest } from '../../core/run-store/request/request.ts';
import { pending, type Step, waiting } from '../../core/step.ts';
import { type EksTarget, tagsOf } from '../../core/target.ts';
import type { Executions } from '../../ports/account/executions.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Identities } from '../../ports/cluster/identities.ts';
import type { Queues } from '../../ports/cluster/queues.ts';
import type { Reservation, ReservationSpec, Reservations } from '../../ports/cluster/reservations.ts';

export interface ReservePorts {
  reservations: Reservations;
  identities: Identities;
  queues: Queues;
  executions: Executions;
  clock: Clock;
}

export interface ReserveRequest {
  execution: string;
  /** When the nodegroup was ready, seconds since 1970. */
  since: number;
}

/** Maximum seconds until the workers of an earlier execution are deleted. */
const limit = 900;
/**
 * Seconds until new pods get the identity: EKS documents "several".
 * https://docs.aws.amazon.com/eks/latest/userguide/pod-id-association.html
 */
const settling = 15;

/**
 * Reserves workers; none starts yet. What an earlier execution of the run has left is deleted first: it would count twice,
 * and work on the same tasks.
 * @returns with `at`: when they were reserved, seconds since 1970
 * @throws InUse if another execution of the run is running; TookTooLong
 */
export const reserveWorkers =
  ({ reservations, identities, queues, executions, clock }: ReservePorts) =>
  async (
    request: RunRequest & { target: EksTarget },
    { execution, since }: ReserveRequest,
  ): Promise<Step<{ at: number }>> => {
    const { cluster } = request.target;
    const now = clock.now();
    const ofRun = (await reservations.list(cluster.name)).filter(({ run }) => run === request.run);
    const other = ofRun.find((one) => one.execution !== execution);
    if (other) return endOther(other);
    const mine = ofRun.find((one) => one.execution === execution);
    const { projectName, run, config } = request;
    const tags = tagsOf(projectName, request.target.tags);
    const queueUrl = await queues.create(execution, tags);
    if (mine) {
      const data = inS3(config.dataBucket);
      const about = { run, execution, queueUrl, data, tags, cluster: cluster.name };
      const given = await identities.give(about);
      if (now - given >= settling) return { state: 'ready', at: mine.at };
      // A pod that is created now might not get it.
      return waiting("the workers' identity is becoming effective", { now, since, limit });
    }
    // The reservation first: a clean-up finds the rest by it.
    await reservations.reserve(reservationOf(request, execution, queueUrl)).catch((error) => {
      if (!(error instanceof AlreadyThere)) throw error;
    });
    return pending('the workers are reserved; they get their identity next');

    async function endOther(one: Reservation): Promise<Step<{ at: number }>> {
      if ((await executions.find(one.execution))?.state === 'running')
        throw new InUse(`execution ${one.execution} of the run is running`, {
          hint: `Stop it: gcd-sfn stop ${one.run}`,
        });
      if (one.state !== 'stopping') await reservations.stop(one.cluster, one.execution, 'now');
      return waiting(`the workers of the earlier execution ${one.execution} are being deleted`, {
        now,
        since,
        limit,
      });
    }
  };

function inS3(place: RunRequest['config']['dataBucket']): { bucket: string; prefix: string } {
  if (place.kind === 's3') return place;
  throw new UsageError(`a cluster cannot read ${place.path}, a folder on your machine`);
}

function reservationOf(
  { run, config, target }: RunRequest & { target: EksTarget },
  execution: string,
  queueUrl: string,
): ReservationSpec {
  const nodes = Math.min(target.nodes, target.nodegroup.maxNodes);
  return {
    run,
    execution,
    cluster: target.cluster.name,
    nodegroup: target.nodegroup.name,
    nodes,
    slots: nodes * target.workersPerNode,
    workersPerNode: target.workersPerNode,
    image: target.image.digest,
    queueUrl,
    pod: podOf(config),
  };
}

/** What config.yaml says of the workers' pods. */
export const podOf = (config: RunRequest['config']): ReservationSpec['pod'] => ({
  env: config.env,
  memoryBytes: config.memoryPerWorkerBytes,
  licenceTarget: config.solverLicenceFile === null ? null : config.solverLicenceTarget,
  patch: config.pod,
});
