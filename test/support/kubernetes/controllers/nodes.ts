/** The nodes of a nodegroup, like those of EKS's AL2023. */
import { randomBytes } from 'node:crypto';
import { resourceOf } from '../api-server/resources.ts';
import { now, type Store } from '../api-server/store.ts';
import type { Node, Pod } from '../types.ts';

/** vCPUs, allocatable memory in Ki and maximum of pods, as real nodes of these types report. */
const types: Record<string, { cpus: number; cpu: string; memoryKi: number; pods: number }> = {
  'm6i.large': { cpus: 2, cpu: '1930m', memoryKi: 7_220_184, pods: 29 },
  'm6i.xlarge': { cpus: 4, cpu: '3920m', memoryKi: 14_933_000, pods: 58 },
  'm6g.large': { cpus: 2, cpu: '1930m', memoryKi: 7_220_184, pods: 29 },
};

export const daemonsKey = 'stand-in/daemons';

export interface NodegroupNodes {
  /** Name of EKS's nodegroup. */
  nodegroup: string;
  /** Value of gcd-sfn's label; default: the same name. */
  group?: string;
  instanceType?: string;
  /** Number of nodes; their names are random. */
  count?: number;
  /** Or the ids of their instances. */
  instances?: string[];
  taints?: { key: string; value?: string; effect: string }[];
  /** Requests of further daemon sets on each node. */
  daemons?: { cpu: string; memory: string };
  /** Size of each node's disk, GiB. Without it, requests of disk space are not counted. */
  diskGiB?: number;
}

/** Creates or removes nodes of a nodegroup, with the pods on them, until it has exactly these. */
export function setNodes(
  store: Store,
  { nodegroup, group = nodegroup, instanceType, count, instances, taints, daemons, diskGiB }: NodegroupNodes,
): void {
  const resource = resourceOf('nodes');
  const label = 'eks.amazonaws.com/nodegroup';
  const there = store.list(resource, undefined, `${label}=${nodegroup}`) as Node[];
  const ids = there.map(idOf);
  const wanted = instances ?? [
    ...ids.slice(0, count),
    ...Array.from(
      { length: Math.max(0, (count ?? 0) - ids.length) },
      () => `i-${randomBytes(8).toString('hex')}1`,
    ),
  ];
  for (const node of there) if (!wanted.includes(idOf(node))) removeNode(store, node);
  const type = types[instanceType ?? ''] ?? types['m6i.large'];
  for (const id of wanted.filter((one) => !ids.includes(one)))
    store.create(resource, {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: {
        name: `ip-10-0-${Number.parseInt(id.slice(-6, -3), 16) % 256}-${id.slice(-6)}.ec2.internal`,
        labels: {
          [label]: nodegroup,
          'gcd-sfn/nodegroup': group,
          'node.kubernetes.io/instance-type': instanceType ?? 'm6i.large',
          'kubernetes.io/hostname': id,
        },
        ...(daemons && { annotations: { [daemonsKey]: JSON.stringify(daemons) } }),
      },
      spec: { providerID: `aws:///us-east-1a/${id}`, ...(taints && { taints }) },
      status: {
        capacity: { cpu: String(type?.cpus), memory: `${type?.memoryKi}Ki`, pods: String(type?.pods) },
        allocatable: {
          cpu: type?.cpu,
          memory: `${type?.memoryKi}Ki`,
          pods: String(type?.pods),
          // Without the kubelet's reservation and the tenth below which it evicts.
          ...(diskGiB && { 'ephemeral-storage': String(Math.floor((diskGiB * 0.9 - 1) * 2 ** 30)) }),
        },
        conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: now() }],
      },
    });
}

const idOf = ({ spec }: Node) => spec?.providerID?.split('/').at(-1) ?? '';

/** Fails the node's pods with the condition DisruptionTarget and deletes them. */
function removeNode(store: Store, node: Node): void {
  store.remove(resourceOf('nodes'), node);
  const pods = resourceOf('pods');
  for (const pod of (store.list(pods) as Pod[]).filter(({ spec }) => spec?.nodeName === node.metadata.name)) {
    store.change<Pod>(pods, pod, ({ metadata, status }) => {
      metadata.deletionTimestamp ??= now();
      metadata.deletionGracePeriodSeconds = 0;
      if (!status || status.phase === 'Succeeded' || status.phase === 'Failed') return;
      status.phase = 'Failed';
      status.conditions = [
        ...(status.conditions ?? []).filter(({ type }) => type !== 'Ready'),
        { type: 'DisruptionTarget', status: 'True', reason: 'DeletionByPodGC' },
      ];
    });
  }
}
