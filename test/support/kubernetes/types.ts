/** Types of the stand-in. */
import type { V1Job, V1Node, V1ObjectMeta, V1Pod } from '@kubernetes/client-node';
import type { Json } from '../../../adapters/kubernetes/types.ts';

export type { Json };

export type Metadata = Json<V1ObjectMeta> & { name: string };
export interface Thing {
  apiVersion: string;
  kind: string;
  metadata: Metadata;
  [field: string]: unknown;
}
export type Pod = Thing & Pick<Json<V1Pod>, 'spec' | 'status'>;
export type Job = Thing & Pick<Json<V1Job>, 'spec' | 'status'>;
export type Node = Thing & Pick<Json<V1Node>, 'spec' | 'status'>;

export interface User {
  username: string;
  groups: string[];
}

/** A running container. */
export interface Running {
  ready: Promise<unknown>;
  exited: Promise<{ code: number; message?: string; reason?: string }>;
  /** Requests its end; after the grace period it is killed. */
  terminate: (graceSeconds: number) => void;
  log?: () => string;
}
/** A container that does not start: reason, such as `ImagePullBackOff`, and message. */
export interface Waiting {
  waiting: { reason: string; message: string };
}
export type Run = (pod: Pod) => Running | Waiting;

export interface StandInOptions {
  /** The user of a bearer token; undefined for invalid tokens. */
  authenticate: (token: string) => Promise<User | undefined> | User | undefined;
  run: Run;
  /** First pause before a failed container or pod is restarted, in milliseconds. */
  restartDelayMs?: number;
  port?: number;
}
