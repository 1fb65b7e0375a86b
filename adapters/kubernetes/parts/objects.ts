/** What a cluster gets beside the workers: where they live, who they are, who may see to them, whom they may speak to. */
import type {
  KubernetesObject,
  V1ClusterRole,
  V1ClusterRoleBinding,
  V1Namespace,
  V1NetworkPolicy,
  V1PolicyRule,
  V1Role,
  V1RoleBinding,
} from '@kubernetes/client-node';
import { groups, label, namespace } from '../names.ts';

const rbac = 'rbac.authorization.k8s.io';
const rbacVersion = `${rbac}/v1`;

const seeJobs: V1PolicyRule = { apiGroups: ['batch'], resources: ['jobs'], verbs: ['get', 'list', 'watch'] };
const seePods: V1PolicyRule = {
  apiGroups: [''],
  resources: ['pods', 'pods/log', 'events'],
  verbs: ['get', 'list', 'watch'],
};
const rules: Record<keyof typeof groups, V1PolicyRule[]> = {
  writers: [
    { ...seeJobs, verbs: ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete'] },
    seePods,
    { apiGroups: [''], resources: ['pods'], verbs: ['delete', 'deletecollection'] },
    // Each execution's workers have an account of their own.
    { apiGroups: [''], resources: ['serviceaccounts'], verbs: ['create'] },
  ],
  readers: [seeJobs, seePods],
  // Somebody looks for a mistake there: also from inside a worker.
  bastion: [
    seeJobs,
    seePods,
    { apiGroups: [''], resources: ['pods/exec'], verbs: ['create', 'get'] },
    { apiGroups: [''], resources: ['pods'], verbs: ['delete'] },
  ],
};
const seeNodes: V1PolicyRule[] = [{ apiGroups: [''], resources: ['nodes'], verbs: ['get', 'list', 'watch'] }];

/** Where a pod gets its AWS credentials: the Pod Identity agent of its node. */
const identityAgent = '169.254.170.23/32';

/** All of them, each after what it needs. */
export function objects(stack: string): KubernetesObject[] {
  const labels = { [label.managedBy]: 'gcd-sfn', [label.stack]: stack };

  const space: V1Namespace = {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name: namespace,
      labels: {
        ...labels,
        // Also a pod that somebody else puts here is refused when it asks for more than workers do.
        'pod-security.kubernetes.io/enforce': 'restricted',
        'pod-security.kubernetes.io/enforce-version': 'latest',
        'pod-security.kubernetes.io/warn': 'restricted',
        'pod-security.kubernetes.io/warn-version': 'latest',
      },
    },
  };

  const roles = Object.entries(groups).flatMap(([who, group]): [V1Role, V1RoleBinding] => {
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

  const nodeReaders: [V1ClusterRole, V1ClusterRoleBinding] = [
    {
      apiVersion: rbacVersion,
      kind: 'ClusterRole',
      metadata: { name: 'gcd-sfn-nodes', labels },
      rules: seeNodes,
    },
    {
      apiVersion: rbacVersion,
      kind: 'ClusterRoleBinding',
      metadata: { name: 'gcd-sfn-nodes', labels },
      roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: 'gcd-sfn-nodes' },
      subjects: Object.values(groups).map((name) => ({ apiGroup: rbac, kind: 'Group', name })),
    },
  ];

  const network: V1NetworkPolicy = {
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
