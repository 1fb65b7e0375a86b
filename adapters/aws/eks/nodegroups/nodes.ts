/** Nodes of a nodegroup, from the Kubernetes API. */
import type { Node } from '../../../../ports/cluster/nodegroups.ts';
import type { KubernetesClient } from '../../../kubernetes/client.ts';
import { label } from '../../../kubernetes/names.ts';
import type { Node as KubernetesNode, Pod } from '../../../kubernetes/types.ts';

/** Phases of pods that do not use a node any more. */
const ended = ['Succeeded', 'Failed'];

/**
 * Nodes of a nodegroup, each with the executions whose workers are on it.
 * @param users whether to include them: this lists all workers
 * @throws AccessDenied, Throttled, Unreachable
 */
export async function nodesOf(
  kubernetes: KubernetesClient,
  nodegroup: string,
  users = true,
): Promise<Node[]> {
  const pods = users ? listPods(kubernetes) : [];
  const [nodes, onThem] = await Promise.all([listNodes(kubernetes, nodegroup), pods]);
  const executions = new Map<string, Set<string>>();
  for (const { spec, status, metadata } of onThem) {
    const node = spec?.nodeName;
    const execution = metadata?.labels?.[label.execution];
    if (!node || !execution || ended.includes(status?.phase ?? '')) continue;
    executions.set(node, (executions.get(node) ?? new Set()).add(execution));
  }
  return nodes.map((node) => {
    const { metadata, status } = node;
    const name = metadata?.name ?? '';
    const runs = status?.conditions?.some((one) => one.type === 'Ready' && one.status === 'True') ?? false;
    return {
      name,
      ready: runs && !isClosed(node),
      since: (Date.parse(metadata?.creationTimestamp ?? '') || 0) / 1000,
      executions: [...(executions.get(name) ?? [])],
    };
  });
}

/** Taints of Kubernetes, and of autoscalers that remove nodes. */
const closing =
  /^(node\.(cloudprovider\.)?kubernetes\.io\/|ToBeDeletedByClusterAutoscaler$|karpenter\.sh\/disrupt)/;

/** Whether it accepts no pods, such as while it is drained. */
function isClosed({ metadata, spec }: KubernetesNode): boolean {
  const isTainted = spec?.taints?.some(
    ({ key, effect }) => effect !== 'PreferNoSchedule' && closing.test(key),
  );
  return metadata?.deletionTimestamp !== undefined || spec?.unschedulable === true || isTainted === true;
}

/**
 * Ids of these nodes' instances; deleted nodes are left out.
 * @throws AccessDenied, Throttled, Unreachable
 */
export async function instancesOf(
  kubernetes: KubernetesClient,
  nodegroup: string,
  names: string[],
): Promise<string[]> {
  return (await listNodes(kubernetes, nodegroup))
    .filter(({ metadata }) => names.includes(metadata?.name ?? ''))
    .map(({ spec }) => spec?.providerID?.split('/').at(-1) ?? '')
    .filter((id) => id.startsWith('i-'));
}

const listNodes = (kubernetes: KubernetesClient, nodegroup: string): Promise<KubernetesNode[]> =>
  kubernetes.list('nodes', { labelSelector: `${label.nodegroup}=${nodegroup}` }, 'nodes of the cluster');

const listPods = (kubernetes: KubernetesClient): Promise<Pod[]> =>
  kubernetes.list('pods', { labelSelector: label.execution }, 'pods of the cluster');
