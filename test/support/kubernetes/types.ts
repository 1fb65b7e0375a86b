/** Shapes of the stand-in: objects as they are in JSON. */
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

/** A container that runs, or seems to. */
export interface Running {
  ready: Promise<unknown>;
  exited: Promise<{ code: number; message?: string; reason?: string }>;
  /** Asks it to end; after so many seconds it is ended. */
  terminate: (graceSeconds: number) => void;
  log?: () => string;
}
/** A container that is not started: `ImagePullBackOff`, and in whose words. */
export interface Waiting {
  waiting: { reason: string; message: string };
}
export type Run = (pod: Pod) => Running | Waiting;

export interface StandInOptions {
  /** Who a bearer token is; undefined: nobody. */
  authenticate: (token: string) => Promise<User | undefined> | User | undefined;
  run: Run;
  /** Milliseconds until a worker that failed is started anew, the first time. */
  restartDelayMs?: number;
  port?: number;
}
