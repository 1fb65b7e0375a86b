/** An AWS account in memory, for tests: what there is in it, how slow it is, and what it refuses. */

import type { GcdError } from '../../../core/errors/errors.ts';
import type { Problem } from '../../../core/errors/problem.ts';
import type { Execution } from '../../../ports/account/executions.ts';
import type { Resource } from '../../../ports/account/inventory.ts';
import type { Message } from '../../../ports/account/notifier.ts';
import type { Schedule } from '../../../ports/account/schedules.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { Bastion } from '../../../ports/cluster/bastions.ts';
import type { Cluster } from '../../../ports/cluster/clusters.ts';
import type { BuildStatus } from '../../../ports/cluster/images.ts';
import type { Node, Nodegroup, NodegroupSpec } from '../../../ports/cluster/nodegroups.ts';
import type { MachineInUse } from '../../../ports/cluster/quotas.ts';
import type { Reservation, ReservationSpec } from '../../../ports/cluster/reservations.ts';
import type { Slow } from './slow.ts';

export interface AccountOptions {
  clock: Clock;
  /** Looks until what was begun is done. */
  looks?: number;
  /** Looks for which what is new is not seen, and what is gone is listed. */
  lag?: number;
}

export type MemoryCluster = Omit<Cluster, 'name' | 'parts' | 'stack'> &
  Slow<Cluster['status']> & { since: number; parts: Map<string, number>; tags: Record<string, string> };
export type MemoryNodegroup = Omit<Nodegroup, 'name' | 'status'> &
  Slow<Nodegroup['status']> & { since: number; nodes: Map<string, Node>; tags: NodegroupSpec['tags'] };
export type MemoryReservation = Reservation & {
  wanted: ReservationSpec;
  looks: number;
  nodeNames: string[];
};
export type MemoryBastion = Omit<Bastion, 'name' | 'status'> &
  Slow<Bastion['status']> & { since: number; cluster: string };

export class MemoryAccount {
  readonly clock: Clock;
  readonly looks: number;
  readonly lag: number;
  readonly clusters = new Map<string, MemoryCluster>();
  /** By `cluster/name`. */
  readonly nodegroups = new Map<string, MemoryNodegroup>();
  /** By `cluster/execution`. */
  readonly reservations = new Map<string, MemoryReservation>();
  /** Addresses that get in at port 22, and until when; null: nobody said so. */
  readonly ways = new Map<string, number | null>();
  readonly bastions = new Map<string, MemoryBastion>();
  readonly images = new Map<string, BuildStatus & { looks: number }>();
  readonly queues = new Map<string, number>();
  /** Since when they are there, by `cluster/execution`. */
  readonly identities = new Map<string, number>();
  readonly licences = new Map<string, { content: Uint8Array; since: number }>();
  readonly schedules = new Map<string, Schedule>();
  /** Stored requests of schedules, as JSON, by their keys. */
  readonly requests = new Map<string, string>();
  readonly executions = new Map<string, Execution & { machine: string; input: Record<string, unknown> }>();
  /** Batches that are on their way at the same time, by the executions that hand out some. */
  readonly mapRuns = new Map<string, number>();
  readonly sent: (Message & { to: string })[] = [];
  /** Addresses that were asked whether they want messages. */
  readonly invited: string[] = [];
  /** Network interfaces, security groups, launch templates, key pairs, uploads, log groups. */
  readonly things: Resource[] = [];
  /** Nodes that AWS has to give, all groups together, and why not more. */
  capacity: { nodes: number; problem: Problem } | null = null;
  /** Problems that workers meet, by execution; `failed` when they are not started any more. */
  readonly workerProblems = new Map<string, { problem: Problem; failed: boolean }>();
  /** Limits by the names of quotas; others are high. */
  readonly quotas = new Map<string, number>();
  /** Machines that count against them. */
  readonly machines: MachineInUse[] = [];
  /** Zones that do not offer any type. */
  readonly zonesWithout = new Set<string>();
  /** Builds of these digests fail. */
  readonly failingBuilds = new Set<string>();
  readonly #refusals = new Map<string, GcdError>();
  #nodes = 0;

  constructor({ clock, looks = 1, lag = 0 }: AccountOptions) {
    this.clock = clock;
    this.looks = looks;
    this.lag = lag;
  }

  /** Has a verb refused from now on, such as `clusters.create`; undefined: no longer. */
  refuse(verb: string, error: GcdError | undefined): void {
    if (error) this.#refusals.set(verb, error);
    else this.#refusals.delete(verb);
  }

  /** @throws what the verb is refused with */
  allow(verb: string): void {
    const refusal = this.#refusals.get(verb);
    if (refusal) throw refusal;
  }

  /** What is new, on its way to a status. */
  becoming<Status extends string>(status: Status, next: Status | 'gone'): Slow<Status> {
    return { status, becoming: { status: next, looks: this.looks }, unseen: this.lag };
  }

  newNodeName(): string {
    return `node-${++this.#nodes}`;
  }
}
