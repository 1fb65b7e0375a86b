/** The stages StartWorkers and StopWorkers of a run on AWS. */

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
  /** Nodes that were ready for the run before its workers were started. */
  nodes: number;
  /** When the state was entered, seconds since 1970. */
  since: number;
}

/** Maximum seconds until the first worker is ready: a large image has to be pulled. */
const startLimit = 1200;
/** Seconds after their grace period until workers that drain are killed, and until they count as deleted. */
const drainSeconds = 30;
const endSeconds = 180;

/**
 * Starts the workers and waits for the first. In a later repetition they are running.
 * @throws WorkersFailed, ImageFailed, QuotaExceeded, NotFound, TookTooLong
 */
export const startReserved =
  ({ reservations, queues, clock }: Omit<ReservedPorts, 'licences' | 'executions' | 'identities'>) =>
  async ({ execution, cluster, repetition, nodes, since }: StartRequest): Promise<Step<WorkersStarted>> => {
    const found = await mineOf(reservations, cluster, execution);
    const queueUrl = await queues.find(execution);
    if (!found || queueUrl === undefined || found.state === 'stopping')
      throw new NotFound(`the workers of execution ${execution} no longer exist`);
    const { slots, workers } = found;
    const why = workers.problems[0]?.message ?? 'they are starting';
    if (found.state === 'failed') throw failed(workers.problems);
    if (found.state === 'reserved') {
      await reservations.start(cluster, execution);
      return pending(`${slots} workers are being started`);
    }
    // In a later repetition they are running, or are replaced while batches wait for them.
    if (workers.ready > 0 || repetition > 1) {
      // Workers on ready nodes follow the first within seconds. For later nodes, the janitor raises the concurrency.
      const soon = Math.min(slots, Math.round((nodes * slots) / Math.max(1, found.nodes)));
      return { state: 'ready', concurrency: batchConcurrency(Math.max(workers.ready, soon)), queueUrl };
    }
    // No task has run: it is the worker itself that needs more.
    const obstacle = workers.problems.find((one) => isFinal(one) || one.kind === 'memory');
    if (obstacle) throw errorOf(obstacle);
    return waiting(`no worker is ready: ${why}`, { now: clock.now(), since, limit: startLimit });
  };

/**
 * Stops the workers of an execution, and deletes its identity, its queue and the run's licence file. Ready when no worker
 * is left that could write, or 3 minutes after their grace period: the nodes are released next. The licence is deleted first, in case the rest
 * fails, but after running tasks if these may end.
 * @param draining if running tasks may end; null: they may not
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
      return pending('the workers write their records, and end');
    }
    const since = found?.stoppingSince;
    if (found && typeof since === 'number' && clock.now() - since < found.graceSeconds + endSeconds) {
      const stopping = clock.now() - since;
      if (stopping >= found.graceSeconds + drainSeconds) await reservations.stop(cluster, execution, 'now');
      return pending(`the workers have been ending for ${Math.round(stopping)} s`);
    }
    await identities.take(cluster, execution);
    await queues.remove(execution);
    return { state: 'ready' };
  };

/** Seconds from the upload of a licence file until Step Functions lists its execution. */
const startSeconds = 60;

/**
 * Whether the licence file belongs to another execution than the one that ends: a resume uploads it again, perhaps while
 * the workers of the earlier execution are still being stopped.
 */
async function isOfAnother(
  { executions, licences, clock }: Pick<ReservedPorts, 'executions' | 'licences' | 'clock'>,
  run: string,
  execution: string,
): Promise<boolean> {
  if ((await executions.find(execution))?.state === 'running') return false;
  const file = (await licences.list()).find((one) => one.run === run);
  // If no execution follows after all, the janitor deletes the file.
  if (file && clock.now() - file.since < startSeconds) return true;
  return file !== undefined && (await executions.running()).some((one) => one.run === run);
}

async function mineOf(reservations: Reservations, cluster: string, execution: string) {
  return (await reservations.list(cluster)).find((one: Reservation) => one.execution === execution);
}

const failed = ([problem]: Problem[]) =>
  problem
    ? errorOf(problem)
    : new WorkersFailed('the workers failed repeatedly', { hint: 'gcd-sfn logs shows what they wrote.' });

export interface Draining {
  /** The run's. */
  store: Store;
  /** When StopWorkers was entered, seconds since 1970. */
  since: number;
  /** `task_timeout`; null when there is none. */
  taskTimeoutSeconds: number | null;
}

/** Seconds to wait for tasks without a timeout. */
const defaultWait = 3600;
/** Maximum seconds to wait for a task: nodes cost meanwhile, and `stop --now` ends it. */
const maxWait = 6 * 3600;
/** Seconds for writing the last records. */
const margin = 60;

/**
 * What StopWorkers waits for; undefined if the workers are to end now: no drain was requested, all have ended, they had
 * the time that one task may take, or the budget's deadline has passed.
 */
export async function stillDraining(
  { store, since, taskTimeoutSeconds }: Draining,
  { execution, workers }: Reservation,
  now: number,
): Promise<string | undefined> {
  if (workers.ready === 0) return undefined;
  if (now - since >= Math.min(taskTimeoutSeconds ?? defaultWait, maxWait) + margin) return undefined;
  if ((await readControl(store))?.stop !== 'drain') return undefined;
  const deadline = await deadlineOf(store, execution);
  if (deadline !== null && now >= deadline) return undefined;
  return `${workers.ready} workers are ending their current task`;
}
