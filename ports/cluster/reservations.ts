/**
 * The ledger of a cluster: reservations of executions, from which nodes are counted. On Kubernetes a reservation is the
 * execution's Job, created suspended, so that no workers exist without a reservation.
 */
import type { Problem } from '../../core/errors/problem.ts';

export interface ReservationSpec {
  run: string;
  execution: string;
  cluster: string;
  nodegroup: string;
  /** Nodes that its workers need. */
  nodes: number;
  /** Workers, one a pod. */
  slots: number;
  workersPerNode: number;
  /** Digest of the workers' image. */
  image: string;
  /** The queue of its batches. */
  queueUrl: string;
  pod: PodSettings;
}

/** Settings of the workers' pods in config.yaml. */
export interface PodSettings {
  env: Record<string, string>;
  /** Null: an equal share of the node's. */
  memoryBytes: number | null;
  /** Folder of the licence file in the pod; null: none. */
  licenceTarget: string | null;
  /** Merged into the pod. */
  patch: Record<string, unknown>;
}

export interface Reservation {
  run: string;
  execution: string;
  cluster: string;
  nodegroup: string;
  nodes: number;
  slots: number;
  /** When it was reserved, seconds since 1970: the earliest reservation gets nodes first. */
  at: number;
  /** `failed`: its workers failed repeatedly, and are not restarted. */
  state: 'reserved' | 'started' | 'stopping' | 'failed';
  /** When its stop was requested, seconds since 1970; null before. */
  stoppingSince: number | null;
  /** Seconds that a worker has to write its records when it is stopped. */
  graceSeconds: number;
  workers: { ready: number; problems: Problem[] };
}

export interface Reservations {
  /**
   * All reservations of a cluster, also those that are stopping. None if the cluster does not exist.
   * @throws Unreachable
   */
  list(cluster: string): Promise<Reservation[]>;
  /** @throws AlreadyThere if the execution has one; NotFound if the cluster does not exist */
  reserve(wanted: ReservationSpec): Promise<void>;
  /**
   * Starts the workers. Idempotent.
   * @throws NotFound
   */
  start(cluster: string, execution: string): Promise<void>;
  /**
   * Starts the deletion of the workers and of the reservation. Idempotent.
   * @param how `drain`: workers write their records; `now`: they are killed
   */
  stop(cluster: string, execution: string, how: 'drain' | 'now'): Promise<void>;
}
