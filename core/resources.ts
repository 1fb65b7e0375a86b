/** Kinds of resources that gcd-sfn creates in an account, and which of those listed exist. */

/** In the order of removal: a later kind cannot be removed while an earlier one exists. */
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

/** What its service says of a resource; deletion takes minutes for some kinds. */
export type ResourceState = 'exists' | 'deleting' | 'deleted';

/** @see ports/account/inventory.ts */
interface ResourceList<Resource, Scope> {
  list(scope: Scope): Promise<Resource[]>;
  describe(resource: Resource): Promise<ResourceState>;
}

/** The listed resources that exist, in the order of removal; lists of AWS may name deleted ones for a while. */
export async function existingResources<Resource extends { kind: ResourceKind }, Scope>(
  inventory: ResourceList<Resource, Scope>,
  scope: Scope,
): Promise<(Resource & { going: boolean })[]> {
  const found: (Resource & { going: boolean })[] = [];
  for (const resource of await inventory.list(scope)) {
    const state = await inventory.describe(resource);
    if (state !== 'deleted') found.push({ ...resource, going: state === 'deleting' });
  }
  const place = ({ kind }: Resource) => resourceKinds.indexOf(kind);
  return found.sort((a, b) => place(a) - place(b));
}
