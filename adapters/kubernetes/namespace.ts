/**
 * What gcd-sfn puts into a cluster before there are workers: the namespace `gcd`, roles for the groups of people and
 * functions, and the network policy of the workers.
 */
import { AccessDenied, NotFound, Unreachable } from '../../core/errors/errors.ts';
import type { KubernetesClient } from './client.ts';
import { groups, label, namespace } from './names.ts';
import type { PolicyRule, Resources } from './types.ts';

const rbac = 'rbac.authorization.k8s.io';
const rbacVersion = `${rbac}/v1`;

const readJobs: PolicyRule = { apiGroups: ['batch'], resources: ['jobs'], verbs: ['get', 'list', 'watch'] };
const readPods: PolicyRule = {
  apiGroups: [''],
  resources: ['pods', 'pods/log', 'events'],
  verbs: ['get', 'list', 'watch'],
};
const rules: Record<keyof typeof groups, PolicyRule[]> = {
  writers: [
    { ...readJobs, verbs: ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete'] },
    readPods,
    { apiGroups: [''], resources: ['pods'], verbs: ['delete', 'deletecollection'] },
    // Each execution's workers have their own account.
    { apiGroups: [''], resources: ['serviceaccounts'], verbs: ['create'] },
  ],
  readers: [readJobs, readPods],
  // For debugging, also inside a worker.
  bastion: [
    readJobs,
    readPods,
    { apiGroups: [''], resources: ['pods/exec'], verbs: ['create', 'get'] },
    { apiGroups: [''], resources: ['pods'], verbs: ['delete'] },
  ],
};
const readNodes: PolicyRule[] = [{ apiGroups: [''], resources: ['nodes'], verbs: ['get', 'list', 'watch'] }];

/** The Pod Identity agent of the node, which gives a pod its AWS credentials. */
const identityAgent = '169.254.170.23/32';

type Kind = 'Namespace' | 'Role' | 'RoleBinding' | 'ClusterRole' | 'ClusterRoleBinding' | 'NetworkPolicy';
const resourceOf = {
  Namespace: 'namespaces',
  Role: 'roles',
  RoleBinding: 'rolebindings',
  ClusterRole: 'clusterroles',
  ClusterRoleBinding: 'clusterrolebindings',
  NetworkPolicy: 'networkpolicies',
} as const;
export type NamespaceObject = Resources[(typeof resourceOf)[Kind]] & {
  kind: Kind;
  metadata: { name: string };
};

/**
 * The objects, in the order in which they must be created.
 * @param stack name of the stack that the cluster belongs to, a label of each object
 */
export function namespaceObjects(stack: string): NamespaceObject[] {
  const labels = { [label.managedBy]: 'gcd-sfn', [label.stack]: stack };

  const space: NamespaceObject = {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name: namespace,
      labels: {
        ...labels,
        // The strictest Pod Security level, for pods of others as well.
        'pod-security.kubernetes.io/enforce': 'restricted',
        'pod-security.kubernetes.io/enforce-version': 'latest',
        'pod-security.kubernetes.io/warn': 'restricted',
        'pod-security.kubernetes.io/warn-version': 'latest',
      },
    },
  };

  const roles = Object.entries(groups).flatMap(([who, group]): NamespaceObject[] => {
    const name = `gcd-sfn-${who}`;
    return [
      {
        apiVersion: rbacVersion,
        kind: 'Role',
        metadata: { name, namespace, labels },
        rules: rules[who as keyof typeof groups],
      },
      {
        apiVersion: rbacVersion,
        kind: 'RoleBinding',
        metadata: { name, namespace, labels },
        roleRef: { apiGroup: rbac, kind: 'Role', name },
        subjects: [{ apiGroup: rbac, kind: 'Group', name: group }],
      },
    ];
  });

  const nodeReaders: NamespaceObject[] = [
    {
      apiVersion: rbacVersion,
      kind: 'ClusterRole',
      metadata: { name: 'gcd-sfn-nodes', labels },
      rules: readNodes,
    },
    {
      apiVersion: rbacVersion,
      kind: 'ClusterRoleBinding',
      metadata: { name: 'gcd-sfn-nodes', labels },
      roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: 'gcd-sfn-nodes' },
      subjects: Object.values(groups).map((name) => ({ apiGroup: rbac, kind: 'Group', name })),
    },
  ];

  const network: NamespaceObject = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'workers', namespace, labels },
    spec: {
      podSelector: {},
      policyTypes: ['Ingress', 'Egress'],
      egress: [
        {
          ports: [
            { protocol: 'UDP', port: 53 },
            { protocol: 'TCP', port: 53 },
          ],
        },
        { ports: [{ protocol: 'TCP', port: 443 }] },
        { to: [{ ipBlock: { cidr: identityAgent } }], ports: [{ protocol: 'TCP', port: 80 }] },
      ],
    },
  };

  return [space, ...roles, ...nodeReaders, network];
}

/**
 * Creates or restores the objects by server-side apply: labels and rules that others added stay.
 * @throws AccessDenied, Throttled, Unreachable
 */
export async function applyNamespace(kubernetes: KubernetesClient, stack: string): Promise<void> {
  for (const object of namespaceObjects(stack))
    await kubernetes.apply(resourceOf[object.kind], object, `${nameOf(object)} in the cluster`);
}

/**
 * Whether all objects exist. A cluster that does not know its creator yet, or does not answer, counts as one without them.
 * @throws Throttled
 */
export async function namespaceExists(kubernetes: KubernetesClient, stack: string): Promise<boolean> {
  const exist = namespaceObjects(stack).map(async (object) => {
    try {
      await kubernetes.get(resourceOf[object.kind], object.metadata.name, nameOf(object));
      return true;
    } catch (error) {
      if (error instanceof NotFound || error instanceof AccessDenied || error instanceof Unreachable)
        return false;
      throw error;
    }
  });
  return (await Promise.all(exist)).every(Boolean);
}

const nameOf = ({ kind, metadata }: NamespaceObject) => `${kind} ${metadata.name}`;
