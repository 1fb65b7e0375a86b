/** The stage that puts a run into its cluster's ledger: from then on, nodes are counted for it. */
import type { Clock } from '../../ports/clock.ts';
import { AlreadyThere, InUse } from '../../ports/errors.ts';
import type { Executions } from '../../ports/executions.ts';
import type { Queues } from '../../ports/queues.ts';
import type { RunRequest } from '../../ports/request.ts';
import type { Reservation, Reservations, ReservationWanted } from '../../ports/reservations.ts';
import { type Step, waiting } from '../../ports/step.ts';
import { type EksTarget, tagsOf } from '../../ports/target.ts';

export interface ReservePorts {
  reservations: Reservations;
  queues: Queues;
  executions: Executions;
  clock: Clock;
}

export interface ReserveRequest {
  execution: string;
  /** When the nodegroup was ready, seconds since 1970. */
  since: number;
}

/** Seconds that what an earlier execution left has to go. */
const limit = 900;

/**
 * Reserves workers, none of which starts yet. What an earlier, dead execution of the run left is ended before: two
 * executions would count twice, and work on the same tasks.
 * @returns with `at`, when it was reserved, in seconds since 1970
 * @throws InUse when another execution of the run is going on; TookTooLong
 */
export const reserveWorkers =
  ({ reservations, queues, executions, clock }: ReservePorts) =>
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
    if (mine) return { state: 'ready', at: mine.at };
    const { projectName } = request;
    const queueUrl = await queues.create(execution, tagsOf(projectName, request.target.tags));
    await reservations.reserve(reservationOf(request, execution, queueUrl)).catch((error) => {
      if (!(error instanceof AlreadyThere)) throw error;
    });
    return { state: 'ready', at: now };

    async function endOther(one: Reservation): Promise<Step<{ at: number }>> {
      if ((await executions.find(one.execution))?.state === 'running')
        throw new InUse(`execution ${one.execution} of the run is going on`, {
          mend: `gcd-sfn stop ${one.run} ends it.`,
        });
      if (one.state !== 'stopping') await reservations.stop(one.cluster, one.execution, 'now');
      return waiting(`what execution ${one.execution} left is being ended`, { now, since, limit });
    }
  };

function reservationOf(
  { run, config, target }: RunRequest & { target: EksTarget },
  execution: string,
  queueUrl: string,
): ReservationWanted {
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
    pod: {
      env: config.env,
      memoryBytes: config.memoryPerWorkerBytes,
      licenceTarget: config.solverLicenceFile === null ? null : config.solverLicenceTarget,
      patch: config.pod,
    },
  };
}
