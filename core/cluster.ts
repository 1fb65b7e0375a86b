/** What EKS and EC2 allow of a cluster and its nodes. */

/** Logs of a control plane that CloudWatch may keep. */
export const controlPlaneLogs = ['api', 'audit', 'authenticator', 'controllerManager', 'scheduler'] as const;
export type ControlPlaneLog = (typeof controlPlaneLogs)[number];

/** GiB of a node's disk: EKS's image of Amazon Linux 2023 takes no less. */
export const minDiskGiB = 20;
/** GiB: a volume of EBS has no more. */
export const maxDiskGiB = 16_384;
/** Of a nodegroup. */
export const maxNodesOfGroup = 1000;

/**
 * What a cluster needs beside its control plane: network policies that are enforced, the agent that gives pods their
 * identity, namespace and roles of the workers, and entries for the roles that act on the cluster. Who its workers are,
 * each execution says (identities.ts).
 */
export const clusterParts = ['network', 'identity-agent', 'namespace', 'access'] as const;
export type ClusterPart = (typeof clusterParts)[number];
