/** One cluster: its API server, its nodes as the machines of the imitated account are, its pods as processes. */
import { type StandIn, startKubernetes } from '../../support/kubernetes/api-server/server.ts';
import type { User } from '../../support/kubernetes/types.ts';
import { type Containers, runContainers } from './container.ts';

interface Machine {
  instance: string;
  /** EKS's. */
  nodegroup: string;
  /** Ours. */
  group: string;
  type: string;
}

/** Milliseconds between two looks at the machines, and before a worker that failed is started anew. */
const lookMs = 200;
const restartDelayMs = 200;

export class Cluster {
  readonly #standIn: StandIn;
  readonly #settings: Containers;
  readonly #nodes = new Map<string, string>();
  #timer: NodeJS.Timeout | undefined;

  static async start(settings: Containers): Promise<Cluster> {
    const standIn = await startKubernetes({
      authenticate: (token) => who(settings, token),
      run: runContainers(settings),
      restartDelayMs,
    });
    const cluster = new Cluster(standIn, settings);
    cluster.#look();
    return cluster;
  }

  private constructor(standIn: StandIn, settings: Containers) {
    this.#standIn = standIn;
    this.#settings = settings;
  }

  get server(): string {
    return this.#standIn.url;
  }
  /** PEM. */
  get ca(): string {
    return this.#standIn.ca;
  }
  get unmodelled(): string[] {
    return this.#standIn.unmodelled;
  }

  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#standIn.stop();
  }

  /** Machines come and go; a nodegroup that is gone has none. */
  #look(): void {
    this.#timer = setTimeout(async () => {
      await this.#setNodes().catch(() => undefined);
      this.#look();
    }, lookMs);
  }

  async #setNodes(): Promise<void> {
    const { endpoint, cluster } = this.#settings;
    const answer = await fetch(`${endpoint}/moto-api/box/nodes?${new URLSearchParams({ cluster })}`);
    if (!answer.ok) return;
    const machines = Map.groupBy((await answer.json()) as Machine[], ({ nodegroup }) => nodegroup);
    for (const nodegroup of new Set([...this.#nodes.keys(), ...machines.keys()])) {
      const those = machines.get(nodegroup) ?? [];
      const instances = those.map(({ instance }) => instance);
      const before = this.#nodes.get(nodegroup);
      const now = instances.join();
      if (before === now) continue;
      const [first] = those;
      this.#standIn.setNodes({
        nodegroup,
        instances,
        ...(first && { group: first.group, instanceType: first.type }),
      });
      this.#nodes.set(nodegroup, now);
    }
  }
}

/** By the access entries of the cluster; undefined: nobody. */
async function who({ endpoint, cluster }: Containers, token: string): Promise<User | undefined> {
  const answer = await fetch(`${endpoint}/moto-api/box/who?${new URLSearchParams({ cluster, token })}`);
  return answer.ok ? ((await answer.json()) as User) : undefined;
}
