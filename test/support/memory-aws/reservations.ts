import { AlreadyThere, NotFound } from '../../../core/errors/errors.ts';
import type { Reservation, ReservationSpec, Reservations } from '../../../ports/cluster/reservations.ts';
import type { MemoryAccount, MemoryReservation } from './account.ts';

/** Reservations in memory: started workers take ready nodes that nobody is on, and are ready a look later. */
export class MemoryReservations implements Reservations {
  readonly #account: MemoryAccount;

  constructor(account: MemoryAccount) {
    this.#account = account;
  }

  async list(cluster: string): Promise<Reservation[]> {
    const { reservations, workerProblems, looks } = this.#account;
    this.#account.allow('reservations.list');
    const found: Reservation[] = [];
    for (const [key, one] of reservations) {
      if (one.cluster !== cluster) continue;
      if (one.state === 'stopping' && one.looks-- <= 0) {
        reservations.delete(key);
        continue;
      }
      if (one.state === 'started') {
        this.#place(one);
        one.workers.ready = one.looks-- > looks - 1 ? 0 : one.nodeNames.length * one.wanted.workersPerNode;
      }
      const trouble = workerProblems.get(one.execution);
      if (trouble && one.state === 'started') {
        one.workers = { ready: 0, problems: [trouble.problem] };
        if (trouble.failed) one.state = 'failed';
      }
      const { wanted: _, looks: __, nodeNames: ___, ...shown } = one;
      found.push(structuredClone(shown));
    }
    return found;
  }

  async reserve(wanted: ReservationSpec): Promise<void> {
    const account = this.#account;
    account.allow('reservations.reserve');
    const { run, execution, cluster, nodegroup, nodes, slots } = wanted;
    if (!account.clusters.has(cluster)) throw new NotFound(`there is no cluster ${cluster}`);
    const key = `${cluster}/${execution}`;
    if (account.reservations.has(key)) throw new AlreadyThere(`${execution} has reserved already`);
    account.reservations.set(key, {
      ...{ run, execution, cluster, nodegroup, nodes, slots, wanted },
      at: account.clock.now(),
      state: 'reserved',
      stoppingSince: null,
      graceSeconds: 120,
      workers: { ready: 0, problems: [] },
      looks: account.looks,
      nodeNames: [],
    });
  }

  async start(cluster: string, execution: string): Promise<void> {
    this.#account.allow('reservations.start');
    const found = this.#account.reservations.get(`${cluster}/${execution}`);
    if (!found) throw new NotFound(`there is no reservation of ${execution}`);
    if (found.state === 'reserved') found.state = 'started';
  }

  async stop(cluster: string, execution: string, how: 'drain' | 'now'): Promise<void> {
    this.#account.allow('reservations.stop');
    const found = this.#account.reservations.get(`${cluster}/${execution}`);
    if (!found) return;
    if (found.state !== 'stopping') found.looks = this.#account.looks;
    if (how === 'now') found.looks = 0;
    found.state = 'stopping';
    found.stoppingSince ??= this.#account.clock.now();
    found.workers.ready = 0;
  }

  #place(one: MemoryReservation): void {
    const group = this.#account.nodegroups.get(`${one.cluster}/${one.nodegroup}`);
    const taken = new Set([...this.#account.reservations.values()].flatMap(({ nodeNames }) => nodeNames));
    for (const { name, ready } of group?.nodes.values() ?? [])
      if (ready && !taken.has(name) && one.nodeNames.length < one.nodes) one.nodeNames.push(name);
  }
}
