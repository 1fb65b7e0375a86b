/** Names of what gcd-sfn has in a cluster. */

export const namespace = 'gcd';
/** Who may do what: the groups that the cluster's access entries name. */
export const groups = {
  writers: 'gcd-sfn:writers',
  readers: 'gcd-sfn:readers',
  bastion: 'gcd-sfn:bastion',
} as const;
/** Whoever applies objects is called so in their `managedFields`. */
export const fieldManager = 'gcd-sfn';

export const label = {
  run: 'gcd-sfn/run',
  execution: 'gcd-sfn/execution',
  /** Also of nodes. EKS's own label names the group of one zone. */
  nodegroup: 'gcd-sfn/nodegroup',
  /** Of a nodegroup: GiB of each node's disk. */
  disk: 'gcd-sfn/disk-gib',
  managedBy: 'app.kubernetes.io/managed-by',
  stack: 'gcd-sfn/stack',
} as const;
