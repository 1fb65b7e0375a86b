/** Resources in the account that gcd-sfn created, except the stack itself and what schedules need. */
import type { ResourceKind, ResourceState } from '../../core/resources.ts';

export interface Resource {
  kind: ResourceKind;
  name: string;
  /** The cluster that it belongs to; null if none. */
  cluster: string | null;
  /** When it was created, seconds since 1970; null if unknown. */
  since: number | null;
}

/** One cluster with all that belongs to it; null: everything. */
export interface Scope {
  cluster: string | null;
}

export interface Inventory {
  /** Without what schedules need (core/bucket/kept-uploads.ts). Deleted resources may be listed for a while. */
  list(scope: Scope): Promise<Resource[]>;
  /** Asks the service of the resource. */
  describe(resource: Resource): Promise<ResourceState>;
  /** Starts the deletion. Idempotent. */
  remove(resource: Resource): Promise<void>;
}
