import { keptUploads } from '../../../core/bucket/kept-uploads.ts';
import { InUse } from '../../../core/errors/errors.ts';
import type { ResourceKind, ResourceState } from '../../../core/resources.ts';
import type { Inventory, Resource, Scope } from '../../../ports/account/inventory.ts';
import type { MemoryAccount } from './account.ts';
import { MemoryBastions } from './bastions.ts';
import { MemoryClusters } from './clusters.ts';
import { MemoryNodegroups } from './nodegroups.ts';
import { MemoryReservations } from './reservations.ts';
import { MemorySchedules } from './schedules.ts';

/** What is in an account in memory; lists what is gone for some looks more, when the account lags. */
export class MemoryInventory implements Inventory {
  readonly #account: MemoryAccount;
  readonly #listed = new Map<string, { resource: Resource; looks: number }>();

  constructor(account: MemoryAccount) {
    this.#account = account;
  }

  async list({ cluster }: Scope): Promise<Resource[]> {
    const there = await this.#leftOver();
    const keys = new Set(there.map(keyOf));
    for (const resource of there) this.#listed.set(keyOf(resource), { resource, looks: this.#account.lag });
    for (const [key, entry] of this.#listed)
      if (!keys.has(key) && entry.looks-- <= 0) this.#listed.delete(key);
    const all = [...this.#listed.values()].map(({ resource }) => resource);
    return all.filter((one) => cluster === null || one.cluster === cluster);
  }

  async describe(resource: Resource): Promise<ResourceState> {
    const { kind, name, cluster } = resource;
    const account = this.#account;
    // Looking is what brings slow things on.
    if (kind === 'cluster') await new MemoryClusters(account).find(name);
    if (kind === 'nodegroup') await new MemoryNodegroups(account).find(cluster ?? '', name);
    if (kind === 'bastion') await new MemoryBastions(account).find(name);
    if (kind === 'workers') await new MemoryReservations(account).list(cluster ?? '');
    if (!this.#there().some((one) => keyOf(one) === keyOf(resource))) return 'deleted';
    return this.#isGoing(resource) ? 'deleting' : 'exists';
  }

  async remove(resource: Resource): Promise<void> {
    const account = this.#account;
    account.allow('inventory.remove');
    const { kind, name } = resource;
    const cluster = resource.cluster ?? '';
    const remove: Partial<Record<ResourceKind, () => Promise<unknown> | unknown>> = {
      workers: () => new MemoryReservations(account).stop(cluster, name, 'now'),
      nodegroup: () => new MemoryNodegroups(account).remove(cluster, name),
      cluster: () => new MemoryClusters(account).remove(name),
      bastion: () => new MemoryBastions(account).remove(name),
      image: () => account.images.delete(name),
      queue: () => account.queues.delete(name),
      licence: () => account.licences.delete(name),
    };
    if (kind === 'security-group' && this.#has('network-interface', cluster))
      throw new InUse(`${name} is used by a network interface`);
    if (remove[kind]) await remove[kind]();
    const place = account.things.findIndex((one) => keyOf(one) === keyOf(resource));
    if (place >= 0) account.things.splice(place, 1);
  }

  /** Without what schedules need. */
  async #leftOver(): Promise<Resource[]> {
    const there = this.#there();
    const uploads = there.filter(({ kind }) => kind === 'upload').map(({ name }) => name);
    const kept = await keptUploads(uploads, {
      schedules: new MemorySchedules(this.#account),
      read: async (key) => this.#account.requests.get(key),
    });
    return there.filter(({ kind, name }) => kind !== 'upload' || !kept.has(name));
  }

  #has(kind: ResourceKind, cluster: string): boolean {
    return this.#account.things.some((one) => one.kind === kind && one.cluster === cluster);
  }

  #isGoing({ kind, name, cluster }: Resource): boolean {
    const account = this.#account;
    const states: Partial<Record<ResourceKind, string | undefined>> = {
      workers: account.reservations.get(`${cluster}/${name}`)?.state === 'stopping' ? 'deleting' : '',
      nodegroup: account.nodegroups.get(`${cluster}/${name}`)?.status,
      cluster: account.clusters.get(name)?.status,
    };
    return states[kind] === 'deleting';
  }

  #there(): Resource[] {
    const { clusters, nodegroups, reservations, bastions, images, queues, licences, things } = this.#account;
    const found: Resource[] = [...things];
    const add = (kind: ResourceKind, name: string, cluster: string | null, since: number | null) =>
      found.push({ kind, name, cluster, since });
    for (const [name, { ours, since }] of clusters) if (ours) add('cluster', name, name, since);
    for (const [key, { since }] of nodegroups) {
      const [cluster = '', name = ''] = key.split('/');
      add('nodegroup', name, cluster, since);
    }
    for (const { cluster, execution, at } of reservations.values()) add('workers', execution, cluster, at);
    for (const [name, { status, cluster, since }] of bastions)
      if (status !== 'removed') add('bastion', name, cluster, since);
    for (const digest of images.keys()) add('image', digest, null, null);
    for (const [execution, since] of queues) add('queue', execution, null, since);
    for (const [run, { since }] of licences) add('licence', run, null, since);
    return found;
  }
}

const keyOf = ({ kind, name, cluster }: Resource) => `${kind} ${cluster} ${name}`;
