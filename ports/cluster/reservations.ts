/**
 * What executions hold of a cluster: the ledger from which nodes are counted. On Kubernetes a reservation is the
 * execution's Job, made suspended, so that nobody can hold workers without standing in the ledger.
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
  /** Where workers find their batches. */
  queueUrl: string;
  pod: PodSettings;
}

/** What config.yaml says of the workers' pods. */
export interface PodSettings {
  env: Record<string, string>;
  /** Null: an equal share of the node. */
  memoryBytes: number | null;
  /** Folder in which the run's licence file appears; null: there is none. */
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
  /** Seconds since 1970. Who reserved first gets nodes first. */
  at: number;
  /** `failed`: its workers ended again and again, and are not started any more. */
  state: 'reserved' | 'started' | 'stopping' | 'failed';
  /** When it was told to stop, seconds since 1970; null before. */
  stoppingSince: number | null;
  workers: { ready: number; problems: Problem[] };
}

export interface Reservations {
  /**
   * All of a cluster, also those that are stopping. None when there is no cluster.
   * @throws Unreachable
   */
  list(cluster: string): Promise<Reservation[]>;
  /** @throws AlreadyThere when the execution has one, NotFound when there is no cluster */
  reserve(wanted: ReservationSpec): Promise<void>;
  /**
   * Starts the workers; those that run are left as they are.
   * @throws NotFound
   */
  start(cluster: string, execution: string): Promise<void>;
  /**
   * Begins to end the workers and to give the reservation back; what is not there is no error.
   * `drain`: they write what they have. `now`: they are ended.
   */
  stop(cluster: string, execution: string, how: 'drain' | 'now'): Promise<void>;
}
