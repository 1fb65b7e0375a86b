/** An account in memory with the stores of its runs, and all ports onto it. */
import { ManualClock } from '../../../adapters/memory/clock.ts';
import { MemoryAccount } from '../../../adapters/memory/cloud/account.ts';
import { MemoryBastions } from '../../../adapters/memory/cloud/bastions.ts';
import { MemoryClusters } from '../../../adapters/memory/cloud/clusters.ts';
import { MemoryExecutionEvents } from '../../../adapters/memory/cloud/execution-events.ts';
import { MemoryExecutions } from '../../../adapters/memory/cloud/executions.ts';
import { MemoryIdentities } from '../../../adapters/memory/cloud/identities.ts';
import { MemoryImages } from '../../../adapters/memory/cloud/images.ts';
import { MemoryInventory } from '../../../adapters/memory/cloud/inventory.ts';
import { MemoryLicences } from '../../../adapters/memory/cloud/licences.ts';
import { MemoryMapRuns } from '../../../adapters/memory/cloud/map-runs.ts';
import { MemoryNodegroups } from '../../../adapters/memory/cloud/nodegroups.ts';
import { MemoryNotifier } from '../../../adapters/memory/cloud/notifier.ts';
import { MemoryPrices } from '../../../adapters/memory/cloud/prices.ts';
import { MemoryQueues } from '../../../adapters/memory/cloud/queues.ts';
import { MemoryReservations } from '../../../adapters/memory/cloud/reservations.ts';
import { MemorySshDoor } from '../../../adapters/memory/cloud/ssh-door.ts';
import { MemoryStore } from '../../../adapters/memory/store.ts';
import type { StackLimits } from '../../../ports/stack-limits.ts';

const begin = 1_800_000_000;

export class World {
  readonly clock = new ManualClock(begin);
  readonly account: MemoryAccount;
  readonly data = new MemoryStore();
  readonly project = new MemoryStore();
  readonly events = new MemoryExecutionEvents();
  /** What the stack allows. */
  limits: StackLimits = { maxNodes: 100, instanceTypes: '*', maxDiskGiB: 1000 };
  readonly #stores = new Map<string, MemoryStore>();

  constructor(options: { looks?: number; lag?: number } = {}) {
    this.account = new MemoryAccount({ clock: this.clock, ...options });
  }

  /** Of a run. */
  store(run: string): MemoryStore {
    const store = this.#stores.get(run) ?? new MemoryStore();
    this.#stores.set(run, store);
    return store;
  }

  ports(run: string) {
    const { account, clock, data, events, project } = this;
    return {
      ...{ clock, data, events, project, store: this.store(run), limits: this.limits },
      clusters: new MemoryClusters(account),
      nodegroups: new MemoryNodegroups(account),
      bastions: new MemoryBastions(account),
      sshDoor: new MemorySshDoor(account),
      images: new MemoryImages(account),
      reservations: new MemoryReservations(account),
      identities: new MemoryIdentities(account),
      queues: new MemoryQueues(account),
      licences: new MemoryLicences(account),
      inventory: new MemoryInventory(account),
      prices: new MemoryPrices(),
      notifier: new MemoryNotifier(account),
      executions: new MemoryExecutions(account),
      mapRuns: new MemoryMapRuns(account),
    };
  }

  /** What a person would look for after a run: nothing that costs, and no secret. */
  left() {
    const { nodegroups, reservations, identities, queues, licences, bastions } = this.account;
    return {
      nodes: [...nodegroups.values()].map(({ desired, nodes }) => [desired, nodes.size]),
      workers: [...reservations.keys()],
      identities: [...identities.keys()],
      queues: [...queues.keys()],
      licences: [...licences.keys()],
      bastions: [...bastions.values()].map(({ status, becoming }) => becoming?.status ?? status),
    };
  }
}

export type CloudPorts = ReturnType<World['ports']>;

/** Every call that changes or asks something goes through `tap`, with the port's and the verb's name. */
export function tapped(
  ports: CloudPorts,
  tap: (call: () => Promise<unknown>, verb: string) => Promise<unknown>,
): CloudPorts {
  const wrapped = Object.entries(ports).map(([name, port]) => [
    name,
    new Proxy(port as object, {
      get(target, key) {
        const value = Reflect.get(target, key, target);
        if (typeof value !== 'function') return value;
        // Streams and the clock are no calls.
        if (name === 'clock' || key === 'read' || (key === 'list' && /store|data|project/.test(name)))
          return value.bind(target);
        return (...parameters: unknown[]) =>
          tap(async () => value.apply(target, parameters), `${name}.${String(key)}`);
      },
    }),
  ]);
  return Object.fromEntries(wrapped);
}
