/** Resources in the account that gcd-sfn created, except the stack itself and what schedules need. */
import type { ResourceKind } from '../../core/resources.ts';

export interface Resource {
  kind: ResourceKind;
  name: string;
  /** The cluster that it belongs to; null when it belongs to none. */
  cluster: string | null;
  /** Seconds since 1970; null when nobody knows. */
  since: number | null;
}

/** One cluster with all that belongs to it; null: everything. */
export interface Scope {
  cluster: string | null;
}

export interface Inventory {
  /** Whatever is left over is listed (core/bucket/kept-uploads.ts); what is gone may be listed for some time yet. */
  list(scope: Scope): Promise<Resource[]>;
  /** Asks the service itself. */
  describe(resource: Resource): Promise<'there' | 'going' | 'gone'>;
  /** Begins to remove it; what is not there is no error. */
  remove(resource: Resource): Promise<void>;
}
