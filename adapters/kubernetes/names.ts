/** Names in a cluster. */

export const namespace = 'gcd';
/** Groups that the cluster's access entries name; namespace.ts has their roles. */
export const groups = {
  writers: 'gcd-sfn:writers',
  readers: 'gcd-sfn:readers',
  bastion: 'gcd-sfn:bastion',
} as const;
/** Field manager of server-side apply. */
export const fieldManager = 'gcd-sfn';

export const label = {
  run: 'gcd-sfn/run',
  execution: 'gcd-sfn/execution',
  /** Also on nodes. EKS's own label has the name of the nodegroup in one zone. */
  nodegroup: 'gcd-sfn/nodegroup',
  /** On a nodegroup: GiB of each node's disk. */
  disk: 'gcd-sfn/disk-gib',
  managedBy: 'app.kubernetes.io/managed-by',
  stack: 'gcd-sfn/stack',
} as const;
