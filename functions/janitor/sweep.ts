/** The stage that removes what nobody is there to remove: after executions that were stopped, or died. */

import { isDebugged } from '../../core/bastion.ts';
import { AccessDenied, AlreadyThere, describeError, Unreachable } from '../../core/errors/errors.ts';
import { batchConcurrency, nodesNeeded } from '../../core/reservations.ts';
import type { Step } from '../../core/step.ts';
import type { Store } from '../../core/store.ts';
import type { Executions } from '../../ports/account/executions.ts';
import type { Inventory } from '../../ports/account/inventory.ts';
import type { Licences } from '../../ports/account/licences.ts';
import type { MapRuns } from '../../ports/account/map-runs.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Bastions } from '../../ports/cluster/bastions.ts';
import type { Identities } from '../../ports/cluster/identities.ts';
import type { Nodegroups } from '../../ports/cluster/nodegroups.ts';
import type { Queues } from '../../ports/cluster/queues.ts';
import type { Reservation, Reservations } from '../../ports/cluster/reservations.ts';
import type { SshDoor } from '../../ports/cluster/ssh-door.ts';
import { type Attempt, closeWays } from './close-ssh.ts';
import { hopeless } from './should-abort.ts';

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
  sshDoor: SshDoor;
  clock: Clock;
  /** The store of a run. */
  storeOf(run: string): Store;
  /** The stage that gives nodes back. */
  releaseNodes(request: { execution: string; want: { cluster: string; nodegroup: string } }): Promise<Step>;
}

export interface Swept {
  /** What was done, a line each. */
  did: string[];
  /** What could not be looked at or done, a line each; it is tried again the next time. */
  trouble: string[];
}

/**
 * Looks once at everything: workers of executions that do not run any more get a clean-up of their run; nodes of no
 * live run, queues, licence files and bastions that nobody needs go. A run that has got more workers has more batches
 * on their way. One that runs with workers that are given up, or
 * long after its budget's deadline, is stopped: its clean-up follows. What cannot be asked is left alone, since
 * unreachable is not dead; but for nodes, which nobody can use while no run at all is going on. Port 22 is closed, and
 * bastions are stopped, when the leases of those who debug have ended.
 * @param idleSeconds how long nodes may idle, and licence files lie, before they count as left behind
 */
export const sweep =
  (ports: JanitorPorts) =>
  async ({ idleSeconds }: { idleSeconds: number }): Promise<Swept> => {
    const did: string[] = [];
    const trouble: string[] = [];
    const attempt: Attempt = async (what, act) => {
      try {
        if (await act()) did.push(what);
      } catch (error) {
        trouble.push(`${what}: ${describeError(error).message}`);
      }
    };
    const alive = async (execution: string) => (await ports.executions.find(execution))?.state === 'running';
    const held = new Set<string>();
    /** A cluster that never answers again, say because its address was closed, is not to keep its nodes for ever. */
    const shrinkUnasked = async (cluster: string) => {
      for (const { name, desired } of await ports.nodegroups.list(cluster))
        await attempt(`nodegroup ${name} of ${cluster}, which cannot be reached, was shrunk`, async () => {
          if (desired === 0) return false;
          await ports.nodegroups.resize(cluster, name, { desired: 0 });
          return true;
        });
    };

    // First, whatever becomes of the rest.
    await closeWays(ports, attempt, { endless: false });
    const before = trouble.length;

    // Only these are asked about: what is in a cluster that cannot be reached is not to keep the rest from being done.
    const listed = await ports.inventory.list({ cluster: null });
    const clusters: string[] = [];
    for (const one of listed)
      if (one.kind === 'cluster' && (await ports.inventory.describe(one)) === 'there')
        clusters.push(one.name);
    for (const cluster of clusters)
      await attempt(`cluster ${cluster} was looked at`, async () => {
        const ledger = await ports.reservations.list(cluster).catch(async (error) => {
          const isMute = error instanceof Unreachable || error instanceof AccessDenied;
          if (isMute && (await ports.executions.running()).length === 0) await shrinkUnasked(cluster);
          throw error;
        });
        for (const one of ledger) {
          held.add(one.execution);
          if (one.state === 'stopping') continue;
          await attempt(`the clean-up of run ${one.run} (${one.execution}) was begun`, async () =>
            (await alive(one.execution)) ? false : cleanUp(ports, one),
          );
          await attempt(`execution ${one.execution}, which only cost money, was stopped`, async () => {
            if (!(await alive(one.execution))) return false;
            const why = await hopeless(ports, one);
            if (why === undefined) return false;
            await ports.executions.stop(one.execution, why);
            return true;
          });
          const { ready } = one.workers;
          if (one.state === 'started' && ready > 0)
            await attempt(`batches of ${one.execution} for ${ready} workers are on their way`, () =>
              ports.mapRuns.widen(one.execution, batchConcurrency(ready)),
            );
        }
        for (const execution of await ports.identities.list(cluster))
          await attempt(`the identity of the workers of ${execution} was taken away`, async () => {
            if (held.has(execution) || (await alive(execution))) return false;
            await ports.identities.take(cluster, execution);
            return true;
          });
        for (const group of await ports.nodegroups.list(cluster))
          await attempt(`nodegroup ${group.name} of ${cluster} was shrunk`, async () => {
            if (group.desired <= nodesNeeded(ledger, group.name)) return false;
            const { nodes } = await ports.nodegroups.nodes(cluster, group.name);
            if (nodes.some(({ since }) => ports.clock.now() - since < idleSeconds)) return false;
            const step = await ports.releaseNodes({
              execution: '',
              want: { cluster, nodegroup: group.name },
            });
            return step.state === 'pending';
          });
        return false;
      });
    const isAllSeen = trouble.length === before;
    for (const execution of await ports.queues.list())
      await attempt(`the queue of ${execution} was removed`, async () => {
        if (held.has(execution) || !isAllSeen || (await alive(execution))) return false;
        await ports.queues.remove(execution);
        return true;
      });
    const running = await ports.executions.running();
    for (const { run, since } of await ports.licences.list())
      await attempt(`the licence file of run ${run} was removed`, async () => {
        // It is put there before its execution begins.
        if (ports.clock.now() - since < idleSeconds || running.some((one) => one.run === run)) return false;
        await ports.licences.remove(run);
        return true;
      });
    // Those of other stacks are listed, too, and it is not known here whether their runs go on.
    const ours = new Set(listed.filter(({ kind }) => kind === 'bastion').map(({ name }) => name));
    const bastions = (await ports.bastions.list()).filter(({ name }) => ours.has(name));
    const now = ports.clock.now();
    if (!bastions.some((one) => isDebugged(one, now))) await closeWays(ports, attempt, { endless: true });
    for (const bastion of bastions)
      await attempt(`bastion ${bastion.name} was stopped`, async () => {
        if (running.length > 0 || isDebugged(bastion, now) || bastion.status !== 'running') return false;
        // One of an old version has no end of its own: each start would begin it anew.
        if (bastion.debuggedUntil !== null) await ports.bastions.endLease(bastion.name);
        await ports.bastions.stop(bastion.name);
        return true;
      });
    return { did, trouble };
  };

/** One clean-up an execution; when that has ended and left workers, they are ended here. */
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
