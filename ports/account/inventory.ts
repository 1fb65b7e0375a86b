/** Everything in the account that gcd-sfn made, that is not the stack itself, and that no schedule needs. */

/** In the order in which things are removed: what comes later cannot go while what comes before is there. */
export const resourceKinds = [
  'workers',
  'nodegroup',
  'network-interface',
  'cluster',
  'security-group',
  'launch-template',
  'bastion',
  'key-pair',
  'image',
  'queue',
  'licence',
  'upload',
  'data',
  'log-group',
] as const;
export type ResourceKind = (typeof resourceKinds)[number];

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
  /** Whatever is left over is listed (ports/account/kept-uploads.ts); what is gone may be listed for some time yet. */
  list(scope: Scope): Promise<Resource[]>;
  /** Asks the service itself. */
  describe(resource: Resource): Promise<'there' | 'going' | 'gone'>;
  /** Begins to remove it; what is not there is no error. */
  remove(resource: Resource): Promise<void>;
}

/** What is really there, in the order in which it is removed. */
export async function confirmed(
  inventory: Inventory,
  scope: Scope,
): Promise<(Resource & { going: boolean })[]> {
  const found: (Resource & { going: boolean })[] = [];
  for (const resource of await inventory.list(scope)) {
    const state = await inventory.describe(resource);
    if (state !== 'gone') found.push({ ...resource, going: state === 'going' });
  }
  const place = ({ kind }: Resource) => resourceKinds.indexOf(kind);
  return found.sort((a, b) => place(a) - place(b));
}
