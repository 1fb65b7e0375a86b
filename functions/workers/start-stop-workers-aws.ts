/** The stages that start and stop the workers that a run has reserved on a cluster. */

import { NotFound, WorkersFailed } from '../../core/errors/errors.ts';
import { errorOf, isFinal, type Problem } from '../../core/errors/problem.ts';
import { batchConcurrency } from '../../core/reservations.ts';
import { deadlineOf, readControl } from '../../core/run-store/status/control.ts';
import { pending, type Step, waiting } from '../../core/step.ts';
import type { Store } from '../../core/store.ts';
import type { Executions } from '../../ports/account/executions.ts';
import type { Licences } from '../../ports/account/licences.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Identities } from '../../ports/cluster/identities.ts';
import type { Queues } from '../../ports/cluster/queues.ts';
import type { Reservation, Reservations } from '../../ports/cluster/reservations.ts';
import type { WorkersStarted } from './start-stop-workers-local.ts';

export interface ReservedPorts {
  reservations: Reservations;
  identities: Identities;
  queues: Queues;
  licences: Licences;
  executions: Executions;
  clock: Clock;
}

export interface ReservedRequest {
  run: string;
  execution: string;
  cluster: string;
}

export interface StartRequest extends ReservedRequest {
  repetition: number;
  /** That were ready for the run before its workers were started. */
  nodes: number;
  /** When the state was entered, seconds since 1970. */
  since: number;
}

/** Seconds until one worker is ready: large images are pulled first. */
const startLimit = 1200;
/** Seconds that workers have to write what they have, and then to be gone. */
const drainSeconds = 150;
const endSeconds = 300;

/**
 * Starts the workers and waits for the first of them. In a later repetition they run already.
 * @throws WorkersFailed, ImageFailed, QuotaExceeded, NotFound, TookTooLong
 */
export const startReserved =
  ({ reservations, queues, clock }: Omit<ReservedPorts, 'licences' | 'executions' | 'identities'>) =>
  async ({ execution, cluster, repetition, nodes, since }: StartRequest): Promise<Step<WorkersStarted>> => {
    const found = await mineOf(reservations, cluster, execution);
    const queueUrl = await queues.find(execution);
    if (!found || queueUrl === undefined || found.state === 'stopping')
      throw new NotFound(`the workers of execution ${execution} are not there any more`);
    const { slots, workers } = found;
    const why = workers.problems[0]?.message ?? 'they are starting';
    if (found.state === 'failed') throw failed(workers.problems);
    if (found.state === 'reserved') {
      await reservations.start(cluster, execution);
      return pending(`${slots} workers are being started`);
    }
    // In a later repetition they are there already, or come again while its batches wait for them.
    if (workers.ready > 0 || repetition > 1) {
      // Those on nodes that are there come within seconds of the first; the janitor sees to those of nodes that come later.
      const soon = Math.min(slots, Math.round((nodes * slots) / Math.max(1, found.nodes)));
      return { state: 'ready', concurrency: batchConcurrency(Math.max(workers.ready, soon)), queueUrl };
    }
    const obstacle = workers.problems.find(isFinal);
    if (obstacle) throw errorOf(obstacle);
    return waiting(`no worker is ready: ${why}`, { now: clock.now(), since, limit: startLimit });
  };

/**
 * Ends the workers of an execution, and removes its identity, its queue and the run's licence file; ready when no worker
 * is left that could write, or has not gone in 5 minutes: its node goes next. The licence goes first, whatever becomes of
 * the rest, but for workers that are let end what they are at.
 * @param draining whose tasks may end by themselves; null: nobody's
 */
export const stopReserved =
  (ports: ReservedPorts, draining: Draining | null = null) =>
  async ({ run, execution, cluster }: ReservedRequest): Promise<Step> => {
    const { reservations, identities, queues, licences, clock } = ports;
    const found = await mineOf(reservations, cluster, execution);
    if (found && found.stoppingSince === null && draining) {
      const detail = await stillDraining(draining, found, clock.now());
      if (detail !== undefined) return pending(detail);
    }
    if (!(await isOfAnother(ports, run, execution))) await licences.remove(run);
    if (found && found.stoppingSince === null) {
      await reservations.stop(cluster, execution, 'drain');
      return pending('workers write what they have, and end');
    }
    const stopping = found ? clock.now() - (found.stoppingSince ?? 0) : endSeconds;
    if (stopping < endSeconds) {
      if (stopping >= drainSeconds) await reservations.stop(cluster, execution, 'now');
      return pending(`workers are ending, for ${Math.round(stopping)} s now`);
    }
    await identities.take(cluster, execution);
    await queues.remove(execution);
    return { state: 'ready' };
  };

/** Seconds from a licence file until the execution that it was put there for is seen. */
const startSeconds = 60;

/**
 * Whether a run's licence file is that of another execution than the one that ends: who resumes a run that was stopped
 * brings it again, perhaps while what the execution before has left is still being ended.
 */
async function isOfAnother(
  { executions, licences, clock }: Pick<ReservedPorts, 'executions' | 'licences' | 'clock'>,
  run: string,
  execution: string,
): Promise<boolean> {
  if ((await executions.find(execution))?.state === 'running') return false;
  const file = (await licences.list()).find((one) => one.run === run);
  // One that is as new, and for nothing, is the janitor's.
  if (file && clock.now() - file.since < startSeconds) return true;
  return file !== undefined && (await executions.running()).some((one) => one.run === run);
}

async function mineOf(reservations: Reservations, cluster: string, execution: string) {
  return (await reservations.list(cluster)).find((one: Reservation) => one.execution === execution);
}

const failed = ([problem]: Problem[]) =>
  problem
    ? errorOf(problem)
    : new WorkersFailed('the workers ended again and again', { hint: 'gcd-sfn logs shows what they wrote.' });

export interface Draining {
  /** The run's. */
  store: Store;
  /** When the end began, seconds since 1970. */
  since: number;
  /** `task_timeout`; null when there is none. */
  taskTimeoutSeconds: number | null;
}

/** Seconds for tasks without a limit of their own. */
const usual = 3600;
/** Nobody waits longer than this for a task, whatever its limit: nodes cost all the while, and `stop --now` ends it. */
const most = 6 * 3600;
/** Seconds to write down what is done, and to be gone. */
const margin = 60;

/**
 * What is waited for; undefined when workers are to end now: nobody asked for a stop of this kind, all have gone, they
 * had the time that one task may take, or the deadline of the budget is there.
 */
export async function stillDraining(
  { store, since, taskTimeoutSeconds }: Draining,
  { execution, workers }: Reservation,
  now: number,
): Promise<string | undefined> {
  if (workers.ready === 0) return undefined;
  if (now - since >= Math.min(taskTimeoutSeconds ?? usual, most) + margin) return undefined;
  if ((await readControl(store))?.stop !== 'drain') return undefined;
  const deadline = await deadlineOf(store, execution);
  if (deadline !== null && now >= deadline) return undefined;
  return `${workers.ready} workers end the task that they are at`;
}
