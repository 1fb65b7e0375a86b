import type { ClusterPart } from '../../../core/cluster.ts';
import { AlreadyThere, InUse, NotFound } from '../../../core/errors/errors.ts';
import type { Cluster, ClusterSpec, Clusters } from '../../../ports/cluster/clusters.ts';
import type { MemoryAccount } from './account.ts';
import { look } from './slow.ts';

/** Clusters in memory: each change takes some looks. */
export class MemoryClusters implements Clusters {
  readonly #account: MemoryAccount;

  constructor(account: MemoryAccount) {
    this.#account = account;
  }

  async find(name: string): Promise<Cluster | undefined> {
    const { clusters } = this.#account;
    const found = look<string, Cluster['status'], NonNullable<ReturnType<typeof clusters.get>>>(
      clusters,
      name,
    );
    if (!found) return undefined;
    const { version, status, ours, logs, problems, parts, tags } = found;
    const stack = tags['gcd-sfn:stack'] ?? null;
    // What is being put there does not work yet.
    const working = [...parts].filter(([part, looks]) => {
      parts.set(part, looks - 1);
      return looks <= 0;
    });
    return {
      ...{ name, version, status, ours, logs, stack, problems },
      parts: working.map(([part]) => part as ClusterPart),
    };
  }

  async newestVersion(): Promise<string> {
    this.#account.allow('clusters.newestVersion');
    return '1.34';
  }

  async create({ name, version, logs = [], tags }: ClusterSpec & { version: string }): Promise<void> {
    const account = this.#account;
    account.allow('clusters.create');
    if (account.clusters.has(name)) throw new AlreadyThere(`there is a cluster ${name} already`);
    const since = account.clock.now();
    const slow = account.becoming<Cluster['status']>('creating', 'active');
    account.clusters.set(name, {
      ...slow,
      version,
      logs,
      ours: true,
      problems: [],
      parts: new Map(),
      since,
      tags,
    });
    const belongs = { cluster: name, since };
    account.things.push(
      { kind: 'security-group', name: `eks-cluster-sg-${name}`, ...belongs },
      { kind: 'log-group', name: `/aws/eks/${name}/cluster`, ...belongs },
    );
  }

  async keepLogs(name: string, logs: string[]): Promise<void> {
    this.#account.allow('clusters.keepLogs');
    const found = this.#account.clusters.get(name);
    if (found) found.logs = logs;
  }

  async equip(name: string, part: ClusterPart): Promise<void> {
    const account = this.#account;
    account.allow('clusters.equip');
    const found = account.clusters.get(name);
    if (!found) throw new NotFound(`there is no cluster ${name}`);
    if (found.parts.has(part)) return;
    found.parts.set(part, account.looks);
  }

  async remove(name: string): Promise<void> {
    const account = this.#account;
    account.allow('clusters.remove');
    const found = account.clusters.get(name);
    if (!found || found.status === 'deleting') return;
    if ([...account.nodegroups.keys()].some((key) => key.startsWith(`${name}/`)))
      throw new InUse(`cluster ${name} has nodegroups`);
    Object.assign(found, account.becoming<Cluster['status']>('deleting', 'gone'), { unseen: 0 });
  }
}
