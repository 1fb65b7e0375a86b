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
  nodegroup: 'gcd-sfn/nodegroup',
  /** Which nodes are of which group: EKS's own. */
  eksNodegroup: 'eks.amazonaws.com/nodegroup',
  managedBy: 'app.kubernetes.io/managed-by',
  stack: 'gcd-sfn/stack',
} as const;
