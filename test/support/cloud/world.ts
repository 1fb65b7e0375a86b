/** An account in memory with the stores of its runs, and all ports onto it. */

import { MemoryStore } from '../../../core/memory-store.ts';
import type { StackLimits } from '../../../core/stack.ts';
import { ManualClock } from '../memory/manual-clock.ts';
import { MemoryAccount } from '../memory-aws/account.ts';
import { MemoryBastions } from '../memory-aws/bastions.ts';
import { MemoryClusters } from '../memory-aws/clusters.ts';
import { MemoryExecutionEvents } from '../memory-aws/execution-events.ts';
import { MemoryExecutions } from '../memory-aws/executions.ts';
import { MemoryIdentities } from '../memory-aws/identities.ts';
import { MemoryImages } from '../memory-aws/images.ts';
import { MemoryInventory } from '../memory-aws/inventory.ts';
import { MemoryLicences } from '../memory-aws/licences.ts';
import { MemoryMapRuns } from '../memory-aws/map-runs.ts';
import { MemoryNodegroups } from '../memory-aws/nodegroups.ts';
import { MemoryNotifier } from '../memory-aws/notifier.ts';
import { MemoryPrices } from '../memory-aws/prices.ts';
import { MemoryQueues } from '../memory-aws/queues.ts';
import { MemoryReservations } from '../memory-aws/reservations.ts';
import { MemorySshIngress } from '../memory-aws/ssh-ingress.ts';

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
      sshIngress: new MemorySshIngress(account),
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
