/** The resources of the stand-in, and the paths to them. */

export interface Resource {
  /** Empty for the core group. */
  group: string;
  version: string;
  /** Plural name, as in paths and roles. */
  name: string;
  kind: string;
  /** Type of the official client, which knows the fields. */
  model: string;
  namespaced: boolean;
}

const of = (group: string, namespaced: boolean, kinds: Record<string, string>): Resource[] =>
  Object.entries(kinds).map(([name, kind]) => ({
    ...{ group, version: 'v1', name, kind, namespaced },
    model: kind === 'Event' ? 'CoreV1Event' : `V1${kind}`,
  }));

export const resources: Resource[] = [
  ...of('', false, { namespaces: 'Namespace', nodes: 'Node' }),
  ...of('', true, { pods: 'Pod', serviceaccounts: 'ServiceAccount', events: 'Event' }),
  ...of('batch', true, { jobs: 'Job' }),
  ...of('rbac.authorization.k8s.io', true, { roles: 'Role', rolebindings: 'RoleBinding' }),
  ...of('rbac.authorization.k8s.io', false, {
    clusterroles: 'ClusterRole',
    clusterrolebindings: 'ClusterRoleBinding',
  }),
  ...of('networking.k8s.io', true, { networkpolicies: 'NetworkPolicy' }),
];

export const resourceOf = (name: string): Resource => {
  const found = resources.find((one) => one.name === name);
  if (!found) throw new Error(`the stand-in has no ${name}`);
  return found;
};

export const apiVersionOf = ({ group, version }: Resource) => (group ? `${group}/${version}` : version);
/** Name in messages: `jobs.batch`. */
export const qualified = ({ group, name }: Resource) => (group ? `${name}.${group}` : name);

/** The object or list that a path names. */
export interface Target {
  resource: Resource;
  namespace: string | undefined;
  name: string | undefined;
  subresource: string | undefined;
}

/** Parses a path; undefined for unknown resources. */
export function targetOf(path: string): Target | undefined {
  const parts = path.split('/').filter(Boolean).map(decodeURIComponent);
  const group = parts[0] === 'apis' ? (parts[1] ?? '') : '';
  const rest = parts.slice(parts[0] === 'apis' ? 3 : 2);
  const version = parts[parts[0] === 'apis' ? 2 : 1];
  const within = rest[0] === 'namespaces' && rest.length > 2;
  const [plural, name, subresource, ...more] = within ? rest.slice(2) : rest;
  const resource = resources.find(
    (one) => one.name === plural && one.group === group && one.version === version,
  );
  if (!resource || more.length > 0 || (within && !resource.namespaced)) return undefined;
  return { resource, namespace: within ? rest[1] : undefined, name, subresource };
}

const verbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update'];

/** Version and resource lists for discovery; undefined for other paths. */
export function discovery(path: string): unknown {
  if (path === '/version') return { major: '1', minor: '34', gitVersion: 'v1.34.0-stand-in' };
  const apiVersion = /^\/apis?\/(.+)$/.exec(path)?.[1];
  const found = resources.filter((one) => apiVersionOf(one) === apiVersion);
  if (found.length === 0) return undefined;
  return {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: apiVersion,
    resources: found.map(({ name, kind, namespaced }) => ({
      ...{ name, kind, namespaced, verbs },
      singularName: kind.toLowerCase(),
    })),
  };
}
