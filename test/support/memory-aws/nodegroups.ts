import { AlreadyThere, NotFound } from '../../../core/errors/errors.ts';
import type { Problem } from '../../../core/errors/problem.ts';
import type { Node, Nodegroup, NodegroupSpec, Nodegroups } from '../../../ports/cluster/nodegroups.ts';
import type { MemoryAccount, MemoryNodegroup } from './account.ts';
import { look } from './slow.ts';

/** Nodegroups in memory: nodes come and become ready a look later, as far as there is capacity. */
export class MemoryNodegroups implements Nodegroups {
  readonly #account: MemoryAccount;

  constructor(account: MemoryAccount) {
    this.#account = account;
  }

  async find(cluster: string, name: string): Promise<Nodegroup | undefined> {
    const key = `${cluster}/${name}`;
    const before = this.#account.nodegroups.get(key);
    const found = look<string, Nodegroup['status'], MemoryNodegroup>(this.#account.nodegroups, key);
    if (!found) {
      if (before && !this.#account.nodegroups.has(key)) this.#leaveInterface(cluster, name);
      return undefined;
    }
    const { instanceType, spot, amiType, maxNodes, diskGiB, since, desired, status, problems } = found;
    return {
      ...{ name, instanceType, spot, amiType, maxNodes, diskGiB },
      ...{ since, desired, status, problems },
    };
  }

  async list(cluster: string): Promise<Nodegroup[]> {
    const names = [...this.#account.nodegroups.keys()].filter((key) => key.startsWith(`${cluster}/`));
    const found = await Promise.all(names.map((key) => this.find(cluster, key.slice(cluster.length + 1))));
    return found.filter((one) => one !== undefined);
  }

  async create({ cluster, name, tags, ...wanted }: NodegroupSpec): Promise<void> {
    const account = this.#account;
    account.allow('nodegroups.create');
    const key = `${cluster}/${name}`;
    if (!account.clusters.has(cluster)) throw new NotFound(`there is no cluster ${cluster}`);
    if (account.nodegroups.has(key)) throw new AlreadyThere(`there is a nodegroup ${name} already`);
    const since = account.clock.now();
    const slow = account.becoming<Nodegroup['status']>('creating', 'active');
    account.nodegroups.set(key, {
      ...wanted,
      ...slow,
      desired: 0,
      problems: [],
      since,
      nodes: new Map(),
      tags,
    });
    const template = `gcd-${cluster}-${name}`;
    if (!account.things.some((thing) => thing.name === template))
      account.things.push({ kind: 'launch-template', name: template, cluster, since });
  }

  async claim({ cluster, name }: NodegroupSpec): Promise<void> {
    this.#account.allow('nodegroups.claim');
    this.#get(cluster, name);
  }

  async resize(cluster: string, name: string, size: { desired?: number; maxNodes?: number }): Promise<void> {
    this.#account.allow('nodegroups.resize');
    const group = this.#get(cluster, name);
    group.maxNodes = size.maxNodes ?? group.maxNodes;
    group.desired = Math.min(size.desired ?? group.desired, group.maxNodes);
    // AWS chooses which machines go, and does not ask who is on them.
    for (const node of group.nodes.keys()) if (group.nodes.size > group.desired) this.#end(group, node);
  }

  async nodes(cluster: string, name: string): Promise<{ nodes: Node[]; missing: Problem[] }> {
    const account = this.#account;
    const group = account.nodegroups.get(`${cluster}/${name}`);
    if (!group) return { nodes: [], missing: [] };
    for (const node of group.nodes.values()) node.ready = true;
    const all = () => [...account.nodegroups.values()].reduce((sum, { nodes }) => sum + nodes.size, 0);
    const most = account.capacity?.nodes ?? Number.POSITIVE_INFINITY;
    while (group.status === 'active' && group.nodes.size < group.desired && all() < most) {
      const node = account.newNodeName();
      group.nodes.set(node, { name: node, ready: false, since: account.clock.now(), executions: [] });
    }
    const missing = group.nodes.size < group.desired && account.capacity ? [account.capacity.problem] : [];
    return {
      nodes: [...group.nodes.values()].map((node) => ({ ...node, executions: this.#on(node) })),
      missing,
    };
  }

  async terminate(cluster: string, name: string, nodes: string[]): Promise<void> {
    this.#account.allow('nodegroups.terminate');
    const group = this.#get(cluster, name);
    for (const node of nodes) if (this.#end(group, node)) group.desired = Math.max(0, group.desired - 1);
  }

  async remove(cluster: string, name: string): Promise<void> {
    this.#account.allow('nodegroups.remove');
    const group = this.#account.nodegroups.get(`${cluster}/${name}`);
    if (!group || group.status === 'deleting') return;
    for (const node of group.nodes.keys()) this.#end(group, node);
    Object.assign(group, this.#account.becoming<Nodegroup['status']>('deleting', 'gone'), { unseen: 0 });
  }

  #get(cluster: string, name: string): MemoryNodegroup {
    const group = this.#account.nodegroups.get(`${cluster}/${name}`);
    if (!group) throw new NotFound(`cluster ${cluster} has no nodegroup ${name}`);
    return group;
  }

  #on({ name }: Node): string[] {
    const holders = [...this.#account.reservations.values()].filter(({ nodeNames }) =>
      nodeNames.includes(name),
    );
    return holders.map(({ execution }) => execution);
  }

  /** With the workers that are on it. */
  #end(group: MemoryNodegroup, node: string): boolean {
    for (const reservation of this.#account.reservations.values())
      reservation.nodeNames = reservation.nodeNames.filter((one) => one !== node);
    return group.nodes.delete(node);
  }

  /** As the network plugin does. */
  #leaveInterface(cluster: string, name: string): void {
    const since = this.#account.clock.now();
    this.#account.things.push({ kind: 'network-interface', name: `eni-${name}`, cluster, since });
  }
}
