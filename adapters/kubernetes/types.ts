/** Kubernetes objects as their JSON is. The types are those of the official client, of which nothing else is used. */
import type {
  CoreV1Event,
  V1ClusterRole,
  V1ClusterRoleBinding,
  V1Container,
  V1ContainerStatus,
  V1Job,
  V1Namespace,
  V1NetworkPolicy,
  V1Node,
  V1Pod,
  V1PodSpec,
  V1PodTemplateSpec,
  V1PolicyRule,
  V1ResourceRequirements,
  V1Role,
  V1RoleBinding,
  V1ServiceAccount,
} from '@kubernetes/client-node';

/** The official client parses dates; in JSON they are texts. */
export type Json<Type> = Type extends Date
  ? string
  : Type extends object
    ? { [Key in keyof Type]: Json<Type[Key]> }
    : Type;

export type Job = Json<V1Job>;
export type Pod = Json<V1Pod>;
export type PodTemplate = Json<V1PodTemplateSpec>;
export type PodSpec = Json<V1PodSpec>;
export type Container = Json<V1Container>;
export type ContainerStatus = Json<V1ContainerStatus>;
export type ResourceRequirements = Json<V1ResourceRequirements>;
export type Event = Json<CoreV1Event>;
export type Node = Json<V1Node>;
export type ServiceAccount = Json<V1ServiceAccount>;
export type PolicyRule = Json<V1PolicyRule>;

/** The object type of each resource that gcd-sfn uses, by the plural name that paths and roles have. */
export interface Resources {
  namespaces: Json<V1Namespace>;
  nodes: Node;
  pods: Pod;
  serviceaccounts: ServiceAccount;
  jobs: Job;
  events: Event;
  roles: Json<V1Role>;
  rolebindings: Json<V1RoleBinding>;
  clusterroles: Json<V1ClusterRole>;
  clusterrolebindings: Json<V1ClusterRoleBinding>;
  networkpolicies: Json<V1NetworkPolicy>;
}
export type Resource = keyof Resources;
