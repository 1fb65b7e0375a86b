/** Constants of clusters: limits of EKS and EC2, and the parts that gcd-sfn installs. */

/** Logs of the control plane that EKS can send to CloudWatch. */
export const controlPlaneLogs = ['api', 'audit', 'authenticator', 'controllerManager', 'scheduler'] as const;
export type ControlPlaneLog = (typeof controlPlaneLogs)[number];

/** Minimum GiB of a node's disk for EKS's image of Amazon Linux 2023. */
export const minDiskGiB = 20;
/** Maximum GiB of an EBS volume. */
export const maxDiskGiB = 16_384;
/** Of a nodegroup. */
export const maxNodesOfGroup = 1000;

/**
 * What a cluster needs besides its control plane: enforced network policies, the Pod Identity agent, namespace and roles of
 * the workers, and access entries for the stack's roles. Workers' identities are per execution (identities.ts).
 */
export const clusterParts = ['network', 'identity-agent', 'namespace', 'access'] as const;
export type ClusterPart = (typeof clusterParts)[number];
