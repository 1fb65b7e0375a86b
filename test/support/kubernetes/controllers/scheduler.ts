/** Binds pods to nodes. */

import { resourceOf } from '../api-server/resources.ts';
import { now, type Store } from '../api-server/store.ts';
import { parseQuantity } from '../api-server/validate.ts';
import type { Node, Pod } from '../types.ts';
import { daemonsKey } from './nodes.ts';

/** Requests of EKS's own pods on a node with both CoreDNS: CPUs and bytes. */
const system = { cpu: 0.05 + 0.1 + 2 * 0.1, memory: 2 * 70 * 2 ** 20, pods: 5 };

export function schedule(store: Store): void {
  const pods = store.list(resourceOf('pods')) as Pod[];
  const nodes = store.list(resourceOf('nodes')) as Node[];
  for (const pod of pods) {
    if (pod.spec?.nodeName || pod.status?.phase !== 'Pending' || pod.metadata.deletionTimestamp) continue;
    const reasons = new Map<string, number>();
    const fitting = spread(pod, nodes, pods).find((node) => {
      const why = obstacle(pod, node, pods);
      if (why) reasons.set(why, (reasons.get(why) ?? 0) + 1);
      return why === undefined;
    });
    const message =
      nodes.length === 0
        ? 'no nodes available to schedule pods'
        : `0/${nodes.length} nodes are available: ${[...reasons].map(([why, count]) => `${count} ${why}`).join(', ')}.`;
    if (fitting)
      pod.spec = { ...pod.spec, containers: pod.spec?.containers ?? [], nodeName: fitting.metadata.name };
    store.change<Pod>(resourceOf('pods'), pod, (there) => {
      if (fitting && there.spec) there.spec.nodeName = fitting.metadata.name;
      const since = { lastTransitionTime: there.status?.conditions?.[0]?.lastTransitionTime ?? now() };
      const type = 'PodScheduled';
      there.status = {
        phase: 'Pending',
        conditions: [
          fitting
            ? { type, status: 'True', ...since }
            : { type, status: 'False', reason: 'Unschedulable', message, ...since },
        ],
      };
    });
  }
}

/** Nodes with the fewest pods of the topology spread constraint first. */
function spread({ spec }: Pod, nodes: Node[], pods: Pod[]): Node[] {
  const constraint = spec?.topologySpreadConstraints?.[0];
  if (constraint?.topologyKey !== 'kubernetes.io/hostname') return nodes;
  const wanted = Object.entries(constraint.labelSelector?.matchLabels ?? {});
  const count = (node: Node) =>
    pods.filter(
      (pod) =>
        pod.spec?.nodeName === node.metadata.name &&
        wanted.every(([key, value]) => pod.metadata.labels?.[key] === value),
    ).length;
  return nodes.toSorted((one, other) => count(one) - count(other));
}

function obstacle({ spec }: Pod, { metadata, spec: own, status }: Node, pods: Pod[]): string | undefined {
  const ready = status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True');
  const taints = [
    ...(own?.taints ?? []),
    ...(ready ? [] : [{ key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' }]),
  ];
  const hard = taints.find(
    (taint) =>
      taint.effect !== 'PreferNoSchedule' &&
      !spec?.tolerations?.some(
        ({ key, effect, operator, value }) =>
          (key === undefined || key === taint.key) &&
          (effect === undefined || effect === taint.effect) &&
          (operator === 'Exists' || (value ?? '') === ('value' in taint ? (taint.value ?? '') : '')),
      ),
  );
  if (hard) return `node(s) had untolerated taint {${hard.key}: }`;
  for (const [key, value] of Object.entries(spec?.nodeSelector ?? {}))
    if (metadata.labels?.[key] !== value) return "node(s) didn't match Pod's node affinity/selector";
  const there = pods.filter(
    (pod) =>
      pod.spec?.nodeName === metadata.name &&
      pod.status?.phase !== 'Succeeded' &&
      pod.status?.phase !== 'Failed',
  );
  const daemons = JSON.parse(metadata.annotations?.[daemonsKey] ?? '{}') as Record<string, string>;
  for (const kind of ['cpu', 'memory', 'ephemeral-storage'] as const) {
    if (status?.allocatable?.[kind] === undefined) continue;
    const before = kind === 'ephemeral-storage' ? 0 : system[kind];
    const taken = [
      ...there.map((pod) => requestOf(pod.spec, kind)),
      ...[before, parseQuantity(daemons[kind] ?? '0') ?? 0],
    ].reduce((a, b) => a + b, 0);
    // In thousandths: sums of fractions of CPUs are not exact.
    if (
      Math.round((taken + requestOf(spec, kind)) * 1000) >
      (parseQuantity(status?.allocatable?.[kind]) ?? 0) * 1000
    )
      return `Insufficient ${kind}`;
  }
  return there.length + system.pods >= Number(status?.allocatable?.pods) ? 'Too many pods' : undefined;
}

const requestOf = (spec: Pod['spec'], kind: string): number =>
  [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])].reduce(
    (sum, { resources }) =>
      sum + (parseQuantity(resources?.requests?.[kind] ?? resources?.limits?.[kind] ?? '0') ?? 0),
    0,
  );
