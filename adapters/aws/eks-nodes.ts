/** The nodes of a nodegroup, as the cluster sees them. */
import type { V1Node, V1Pod } from '@kubernetes/client-node';
import type { Node } from '../../ports/nodegroups.ts';
import type { Kubernetes } from '../kubernetes/api.ts';
import { translated } from '../kubernetes/errors.ts';
import { label, namespace } from '../kubernetes/names.ts';

/** Of pods that are not on a node any more. */
const ended = ['Succeeded', 'Failed'];
const pageSize = 500;

/** Nodes of a group, each with the executions whose workers are on it. */
export async function nodesOf({ core }: Kubernetes, nodegroup: string): Promise<Node[]> {
  const [nodes, pods] = await Promise.all([
    all<V1Node>('nodes', (_continue) => core.listNode({ ...ofGroup(nodegroup), _continue })),
    all<V1Pod>('pods', (_continue) =>
      core.listNamespacedPod({ namespace, labelSelector: label.execution, limit: pageSize, _continue }),
    ),
  ]);
  const executions = new Map<string, Set<string>>();
  for (const { spec, status, metadata } of pods) {
    const node = spec?.nodeName;
    const execution = metadata?.labels?.[label.execution];
    if (!node || !execution || ended.includes(status?.phase ?? '')) continue;
    executions.set(node, (executions.get(node) ?? new Set()).add(execution));
  }
  return nodes.map(({ metadata, status }) => {
    const name = metadata?.name ?? '';
    return {
      name,
      ready: status?.conditions?.some((one) => one.type === 'Ready' && one.status === 'True') ?? false,
      since: (metadata?.creationTimestamp?.getTime() ?? 0) / 1000,
      executions: [...(executions.get(name) ?? [])],
    };
  });
}

/** Ids of the machines that these nodes of the group are; those that are gone are left out. */
export async function instancesOf(
  { core }: Kubernetes,
  nodegroup: string,
  names: string[],
): Promise<string[]> {
  const nodes = await all<V1Node>('nodes', (_continue) =>
    core.listNode({ ...ofGroup(nodegroup), _continue }),
  );
  return nodes
    .filter(({ metadata }) => names.includes(metadata?.name ?? ''))
    .map(({ spec }) => spec?.providerID?.split('/').at(-1) ?? '')
    .filter((id) => id.startsWith('i-'));
}

interface Page<Item> {
  items: Item[];
  metadata?: { _continue?: string };
}

const ofGroup = (nodegroup: string) => ({
  labelSelector: `${label.eksNodegroup}=${nodegroup}`,
  limit: pageSize,
});

async function all<Item>(
  resource: string,
  list: (_continue: string | undefined) => Promise<Page<Item>>,
): Promise<Item[]> {
  const items: Item[] = [];
  let next: string | undefined;
  do {
    const page: Page<Item> = await list(next).catch((error) => {
      throw translated(error, { verb: 'list', resource, what: `${resource} of the cluster` });
    });
    items.push(...page.items);
    next = page.metadata?._continue || undefined;
  } while (next !== undefined);
  return items;
}
