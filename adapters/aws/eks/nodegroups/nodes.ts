/** Nodes of a nodegroup, from the Kubernetes API. */
import type { V1Node, V1Pod } from '@kubernetes/client-node';
import type { Node } from '../../../../ports/cluster/nodegroups.ts';
import { allOf } from '../../../kubernetes/all-of.ts';
import type { Kubernetes } from '../../../kubernetes/api.ts';
import { translated } from '../../../kubernetes/errors.ts';
import { label, namespace } from '../../../kubernetes/names.ts';

/** Phases of pods that do not use a node any more. */
const ended = ['Succeeded', 'Failed'];

/**
 * Nodes of a nodegroup, each with the executions whose workers are on it.
 * @param users whether to include them: this lists all workers
 * @throws AccessDenied, Throttled, Unreachable
 */
export async function nodesOf(kubernetes: Kubernetes, nodegroup: string, users = true): Promise<Node[]> {
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
      since: (metadata?.creationTimestamp?.getTime() ?? 0) / 1000,
      executions: [...(executions.get(name) ?? [])],
    };
  });
}

/** Taints of Kubernetes, and of autoscalers that remove nodes. */
const closing =
  /^(node\.(cloudprovider\.)?kubernetes\.io\/|ToBeDeletedByClusterAutoscaler$|karpenter\.sh\/disrupt)/;

/** Whether it accepts no pods, such as while it is drained. */
function isClosed({ metadata, spec }: V1Node): boolean {
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
  kubernetes: Kubernetes,
  nodegroup: string,
  names: string[],
): Promise<string[]> {
  return (await listNodes(kubernetes, nodegroup))
    .filter(({ metadata }) => names.includes(metadata?.name ?? ''))
    .map(({ spec }) => spec?.providerID?.split('/').at(-1) ?? '')
    .filter((id) => id.startsWith('i-'));
}

const listNodes = ({ core }: Kubernetes, nodegroup: string): Promise<V1Node[]> =>
  listing('nodes', () =>
    allOf<V1Node>((page) => core.listNode({ labelSelector: `${label.nodegroup}=${nodegroup}`, ...page })),
  );

const listPods = ({ core }: Kubernetes): Promise<V1Pod[]> =>
  listing('pods', () =>
    allOf<V1Pod>((page) => core.listNamespacedPod({ namespace, labelSelector: label.execution, ...page })),
  );

async function listing<Item>(resource: string, list: () => Promise<Item[]>): Promise<Item[]> {
  try {
    return await list();
  } catch (error) {
    throw translated(error, { verb: 'list', resource, what: `${resource} of the cluster` });
  }
}
