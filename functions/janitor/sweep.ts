/** The janitor's sweep: removes what executions that were stopped or died have left. */

import { isDebugged } from '../../core/bastion.ts';
import { AccessDenied, AlreadyThere, describeError, Unreachable } from '../../core/errors/errors.ts';
import { batchConcurrency, nodesNeeded } from '../../core/reservations.ts';
import type { Step } from '../../core/step.ts';
import type { Store } from '../../core/store.ts';
import type { Execution, Executions } from '../../ports/account/executions.ts';
import type { Inventory, Resource } from '../../ports/account/inventory.ts';
import type { Licences } from '../../ports/account/licences.ts';
import type { MapRuns } from '../../ports/account/map-runs.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Bastions } from '../../ports/cluster/bastions.ts';
import type { Identities } from '../../ports/cluster/identities.ts';
import type { Nodegroup, Nodegroups } from '../../ports/cluster/nodegroups.ts';
import type { Queues } from '../../ports/cluster/queues.ts';
import type { Reservation, Reservations } from '../../ports/cluster/reservations.ts';
import type { SshIngress } from '../../ports/cluster/ssh-ingress.ts';
import { type Attempt, closeSsh } from './close-ssh.ts';
import { abortReason } from './should-abort.ts';

export interface JanitorPorts {
  inventory: Inventory;
  executions: Executions;
  mapRuns: MapRuns;
  reservations: Reservations;
  identities: Identities;
  nodegroups: Nodegroups;
  queues: Queues;
  licences: Licences;
  bastions: Bastions;
  sshIngress: SshIngress;
  clock: Clock;
  /** The store of a run. */
  storeOf(run: string): Store;
  /** The stage ScaleDown. */
  releaseNodes(request: { execution: string; want: { cluster: string; nodegroup: string } }): Promise<Step>;
}

export interface SweepReport {
  /** Actions that were taken, a line each. */
  did: string[];
  /** Checks and actions that failed, a line each; the next sweep retries them. */
  trouble: string[];
}

/** What the steps of one sweep share. */
interface Sweep extends JanitorPorts {
  attempt: Attempt;
  /** Executions with a reservation on a cluster that answered. */
  holders: Set<string>;
  idleSeconds: number;
}

/**
 * One pass over everything in the account. Idempotent: what fails is retried by the next sweep.
 *
 * - Reservations of executions that have ended: a clean-up of the run is started.
 * - Running executions that can achieve nothing more (should-abort.ts) are stopped; their clean-up follows.
 * - Running executions with more workers than before get a higher concurrency.
 * - Identities, nodes, queues, licence files and bastions without a live run are removed.
 * - Port 22 is closed, and bastions are stopped, when the leases of debug sessions have expired.
 *
 * A cluster that does not answer is assumed to be in use. Only its nodes are released, when no run at all is running.
 * @param idleSeconds age from which idle nodes and licence files count as left behind
 */
export const sweep =
  (ports: JanitorPorts) =>
  async ({ idleSeconds }: { idleSeconds: number }): Promise<SweepReport> => {
    const did: string[] = [];
    const trouble: string[] = [];
    const attempt: Attempt = async (what, act) => {
      try {
        if (await act()) did.push(what);
      } catch (error) {
        trouble.push(`${what}: ${describeError(error).message}`);
      }
    };
    const current: Sweep = { ...ports, attempt, holders: new Set(), idleSeconds };
    // First, since it must happen even if the rest fails.
    await closeSsh(ports, attempt, { withoutEnd: false });
    const before = trouble.length;
    const listed = await ports.inventory.list({ cluster: null });
    for (const cluster of await existingClusters(current, listed))
      await attempt(`check cluster ${cluster}`, () => sweepCluster(current, cluster));
    if (trouble.length === before) await removeQueues(current);
    const running = await ports.executions.running();
    await removeLicences(current, running);
    await stopBastions(current, running, listed);
    return { did, trouble };
  };

const isRunning = async ({ executions }: JanitorPorts, execution: string): Promise<boolean> =>
  (await executions.find(execution))?.state === 'running';

/** Only clusters are described: an unreachable one must not keep the rest of the inventory from being swept. */
async function existingClusters({ inventory }: Sweep, listed: Resource[]): Promise<string[]> {
  const clusters: string[] = [];
  for (const one of listed)
    if (one.kind === 'cluster' && (await inventory.describe(one)) === 'exists') clusters.push(one.name);
  return clusters;
}

async function sweepCluster(sweep: Sweep, cluster: string): Promise<false> {
  const reservations = await reservationsOf(sweep, cluster);
  for (const one of reservations) {
    sweep.holders.add(one.execution);
    if (one.state !== 'stopping') await sweepReservation(sweep, one);
  }
  await removeIdentities(sweep, cluster);
  for (const group of await sweep.nodegroups.list(cluster))
    await sweep.attempt(`scale down nodegroup ${group.name} of ${cluster}`, () =>
      releaseIdleNodes(sweep, cluster, group, reservations),
    );
  return false;
}

async function reservationsOf(sweep: Sweep, cluster: string): Promise<Reservation[]> {
  try {
    return await sweep.reservations.list(cluster);
  } catch (error) {
    const isMute = error instanceof Unreachable || error instanceof AccessDenied;
    if (isMute && (await sweep.executions.running()).length === 0) await scaleDownUnreachable(sweep, cluster);
    throw error;
  }
}

/** A cluster that never answers again, say because its address was closed, must not keep its nodes for ever. */
async function scaleDownUnreachable({ nodegroups, attempt }: Sweep, cluster: string): Promise<void> {
  for (const { name, desired } of await nodegroups.list(cluster))
    await attempt(`scale down nodegroup ${name} of ${cluster}, which is unreachable`, async () => {
      if (desired === 0) return false;
      await nodegroups.resize(cluster, name, { desired: 0 });
      return true;
    });
}

async function sweepReservation(sweep: Sweep, one: Reservation): Promise<void> {
  const { run, execution, state, workers } = one;
  await sweep.attempt(`start the clean-up of run ${run} (${execution})`, async () =>
    (await isRunning(sweep, execution)) ? false : cleanUp(sweep, one),
  );
  await sweep.attempt(`stop execution ${execution}, which only costs money`, async () => {
    if (!(await isRunning(sweep, execution))) return false;
    const why = await abortReason(sweep, one);
    if (why === undefined) return false;
    await sweep.executions.stop(execution, why);
    return true;
  });
  if (state === 'started' && workers.ready > 0)
    await sweep.attempt(`raise the concurrency of ${execution} to that of ${workers.ready} workers`, () =>
      sweep.mapRuns.widen(execution, batchConcurrency(workers.ready)),
    );
}

/** One clean-up an execution; if it has ended and left workers, they are stopped here. */
async function cleanUp({ executions, reservations }: JanitorPorts, one: Reservation): Promise<boolean> {
  const { run, execution, cluster } = one;
  const name = `${execution}-cleanup`;
  try {
    await executions.start('cleanup', name, { run, execution });
    return true;
  } catch (error) {
    if (!(error instanceof AlreadyThere)) throw error;
  }
  if ((await executions.find(name))?.state === 'running') return false;
  await reservations.stop(cluster, execution, 'now');
  return true;
}

async function removeIdentities(sweep: Sweep, cluster: string): Promise<void> {
  for (const execution of await sweep.identities.list(cluster))
    await sweep.attempt(`remove the worker identity of ${execution}`, async () => {
      if (sweep.holders.has(execution) || (await isRunning(sweep, execution))) return false;
      await sweep.identities.take(cluster, execution);
      return true;
    });
}

async function releaseIdleNodes(
  { nodegroups, clock, idleSeconds, releaseNodes }: Sweep,
  cluster: string,
  { name, desired }: Nodegroup,
  reservations: Reservation[],
): Promise<boolean> {
  if (desired <= nodesNeeded(reservations, name)) return false;
  const { nodes } = await nodegroups.nodes(cluster, name);
  if (nodes.some(({ since }) => clock.now() - since < idleSeconds)) return false;
  const step = await releaseNodes({ execution: '', want: { cluster, nodegroup: name } });
  return step.state === 'pending';
}

/** Only when all clusters have answered: a queue whose execution holds workers on an unreachable one is in use. */
async function removeQueues(sweep: Sweep): Promise<void> {
  for (const execution of await sweep.queues.list())
    await sweep.attempt(`remove the queue of ${execution}`, async () => {
      if (sweep.holders.has(execution) || (await isRunning(sweep, execution))) return false;
      await sweep.queues.remove(execution);
      return true;
    });
}

async function removeLicences(
  { licences, clock, idleSeconds, attempt }: Sweep,
  running: Execution[],
): Promise<void> {
  for (const { run, since } of await licences.list())
    await attempt(`remove the licence file of run ${run}`, async () => {
      // The file is written before its execution starts.
      if (clock.now() - since < idleSeconds || running.some((one) => one.run === run)) return false;
      await licences.remove(run);
      return true;
    });
}

async function stopBastions(sweep: Sweep, running: Execution[], listed: Resource[]): Promise<void> {
  const { bastions, clock, attempt } = sweep;
  // The port lists those of other stacks too, and it is unknown here whether their runs are running.
  const ours = new Set(listed.filter(({ kind }) => kind === 'bastion').map(({ name }) => name));
  const found = (await bastions.list()).filter(({ name }) => ours.has(name));
  const now = clock.now();
  if (!found.some((one) => isDebugged(one, now))) await closeSsh(sweep, attempt, { withoutEnd: true });
  for (const bastion of found)
    await attempt(`stop bastion ${bastion.name}`, async () => {
      if (running.length > 0 || isDebugged(bastion, now) || bastion.status !== 'running') return false;
      // A bastion of an old version has no timer of its own for the lease: each start would renew it.
      if (bastion.debuggedUntil !== null) await bastions.endLease(bastion.name);
      await bastions.stop(bastion.name);
      return true;
    });
}
