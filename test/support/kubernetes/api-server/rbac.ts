/** Authorises requests by the roles and bindings of the cluster. */
import type { V1PolicyRule, V1RoleRef } from '@kubernetes/client-node';
import type { Thing, User } from '../types.ts';
import { qualified, type Resource, resourceOf } from './resources.ts';
import { StatusError } from './status-error.ts';
import type { Store } from './store.ts';

export interface Action {
  verb: string;
  resource: Resource;
  subresource: string | undefined;
  namespace: string | undefined;
  name: string | undefined;
}

interface Binding extends Thing {
  roleRef: V1RoleRef;
  subjects?: { kind: string; name: string }[];
}

/** @throws StatusError 403, in the words of Kubernetes */
export function authorise(store: Store, user: User, action: Action): void {
  if (user.groups.includes('system:masters') || rulesFor(store, user, action).some(allows(action))) return;
  const { verb, resource, subresource, namespace, name } = action;
  const what = subresource ? `${resource.name}/${subresource}` : resource.name;
  const where = namespace === undefined ? 'at the cluster scope' : `in the namespace "${namespace}"`;
  throw new StatusError(
    403,
    'Forbidden',
    `${qualified(resource)}${name === undefined ? '' : ` "${name}"`} is forbidden: User "${user.username}" cannot ${verb} resource "${what}" in API group "${resource.group}" ${where}`,
  );
}

function rulesFor(store: Store, user: User, { namespace }: Action): V1PolicyRule[] {
  const bindings = [
    ...store.list(resourceOf('clusterrolebindings')),
    ...(namespace === undefined ? [] : store.list(resourceOf('rolebindings'), namespace)),
  ] as Binding[];
  return bindings
    .filter(({ subjects = [] }) =>
      subjects.some(({ kind, name }) =>
        kind === 'Group' ? user.groups.includes(name) : kind === 'User' && user.username === name,
      ),
    )
    .flatMap(({ roleRef, metadata }) => {
      const isCluster = roleRef.kind === 'ClusterRole';
      const role = store.find(
        resourceOf(isCluster ? 'clusterroles' : 'roles'),
        isCluster ? undefined : metadata.namespace,
        roleRef.name,
      );
      return (role?.rules as V1PolicyRule[] | undefined) ?? [];
    });
}

const has = (list: string[] | undefined, value: string) =>
  list?.some((one) => one === '*' || one === value) ?? false;

const allows =
  ({ verb, resource, subresource, name }: Action) =>
  ({ verbs, apiGroups, resources, resourceNames }: V1PolicyRule): boolean =>
    has(verbs, verb) &&
    has(apiGroups, resource.group) &&
    has(resources, subresource ? `${resource.name}/${subresource}` : resource.name) &&
    (!resourceNames?.length || (name !== undefined && resourceNames.includes(name)));
