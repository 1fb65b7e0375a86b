/** The kinds of objects that the stand-in keeps. */

export interface Resource {
  /** Empty for the core group. */
  group: string;
  version: string;
  /** As paths and roles name it. */
  name: string;
  kind: string;
  /** Of the client, which knows the fields. */
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
/** As messages name it: `jobs.batch`. */
export const qualified = ({ group, name }: Resource) => (group ? `${name}.${group}` : name);

/** What was asked for, from method and path. */
export interface Target {
  resource: Resource;
  namespace: string | undefined;
  name: string | undefined;
  subresource: string | undefined;
}

/** The object or the list that a path names; undefined when the stand-in has no such. */
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

/** What the server says of itself; undefined when it says nothing under this path. */
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
