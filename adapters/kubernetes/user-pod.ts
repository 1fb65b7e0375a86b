/** What config.yaml says of the workers' pods, and what it cannot say. */
import { isDeepStrictEqual } from 'node:util';
import type { V1PodSpec, V1PodTemplateSpec, V1ResourceRequirements } from '@kubernetes/client-node';
import { podFaults, workerContainer } from '../../core/config/schema/pod-fields.ts';
import { ConfigInvalid } from '../../core/errors/errors.ts';
import { type Models, mistakesIn } from './fields.ts';
import { label } from './names.ts';
import { merged } from './patch.ts';
import { amountOf } from './quantity.ts';
import type { WorkerShare } from './share.ts';

/** What stays as gcd-sfn has it: who a worker is, what it may do on its node, where it goes, when it is started anew. */
const kept: { of: string; read: (spec: V1PodSpec) => unknown }[] = [
  { of: 'securityContext', read: ({ securityContext }) => securityContext },
  { of: 'serviceAccountName', read: ({ serviceAccountName }) => serviceAccountName },
  { of: 'serviceAccount', read: ({ serviceAccount }) => serviceAccount },
  {
    of: 'automountServiceAccountToken',
    read: ({ automountServiceAccountToken }) => automountServiceAccountToken,
  },
  { of: 'restartPolicy', read: ({ restartPolicy }) => restartPolicy },
  { of: 'hostNetwork', read: ({ hostNetwork }) => hostNetwork },
  { of: 'hostPID', read: ({ hostPID }) => hostPID },
  { of: 'hostIPC', read: ({ hostIPC }) => hostIPC },
  { of: 'nodeName', read: ({ nodeName }) => nodeName },
  {
    of: `nodeSelector.${label.nodegroup}`,
    read: ({ nodeSelector }) => nodeSelector?.[label.nodegroup],
  },
  { of: 'containers other than worker', read: ({ containers }) => containers },
  { of: 'initContainers', read: ({ initContainers }) => initContainers?.map(({ name }) => name) },
  ...(
    [
      'image',
      'command',
      'args',
      'workingDir',
      'securityContext',
      'startupProbe',
      'readinessProbe',
      'restartPolicy',
    ] as const
  ).map((field) => ({
    of: `containers.worker.${field}`,
    read: (spec: V1PodSpec) => workerOf(spec)?.[field],
  })),
];

/**
 * The template with what config.yaml says of the pod: fields of a pod's `spec`, beside them `metadata` (labels and
 * annotations) and, for short, `resources`, which are the worker container's.
 * @param share most that the worker may ask for
 * @throws ConfigInvalid when there is no such field, or when it is none that can be changed
 */
export function withUserPod(
  template: V1PodTemplateSpec,
  patch: Record<string, unknown>,
  { models, share }: { models: Models; share: WorkerShare },
): V1PodTemplateSpec {
  const { metadata, resources, ...rest } = patch;
  const spec = {
    ...rest,
    ...(resources !== undefined && {
      containers: [...asList(rest.containers), { name: workerContainer, resources }],
    }),
  };
  const asked = { ...(metadata !== undefined && { metadata }), spec };
  const wrong = mistakesIn(asked, 'V1PodTemplateSpec', models).map((text) => text.replace(/^spec\./, ''));
  if (wrong.length > 0) throw refused(wrong);
  const result = merged(template, { ...asked, spec: asSidecar(spec) }) as V1PodTemplateSpec;
  const lost = [
    ...keptOf(template, result),
    ...lostLabels(template, result),
    ...lostOfWorker(template, result),
  ];
  const faults = [
    ...podFaults(patch).map(({ path, message }) => `${pathText(path)}: ${message}`),
    ...lost.map((of) => `${of}: cannot be changed`),
  ];
  if (faults.length > 0) throw refused([...new Set(faults)]);
  const beyond = result.spec ? beyondShare(workerOf(result.spec)?.resources, share) : [];
  if (beyond.length > 0) throw refused(beyond);
  return result;
}

/** The worker stands among the containers that start first, whatever config.yaml need not know of that. */
function asSidecar(spec: Record<string, unknown>): Record<string, unknown> {
  const { containers, ...rest } = spec;
  if (!Array.isArray(containers)) return spec;
  const isWorker = ({ name }: { name?: unknown }) => name === workerContainer;
  return {
    ...rest,
    containers: containers.filter((one) => !isWorker(one)),
    initContainers: [...asList(rest.initContainers), ...containers.filter(isWorker)],
  };
}

const workerOf = ({ initContainers }: V1PodSpec) =>
  initContainers?.find(({ name }) => name === workerContainer);

const asList = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

const keptOf = ({ spec: before }: V1PodTemplateSpec, { spec: after }: V1PodTemplateSpec): string[] =>
  kept
    .filter(({ read }) => before && !(after?.containers && isDeepStrictEqual(read(before), read(after))))
    .map(({ of }) => of);

const lostLabels = (
  { metadata: before }: V1PodTemplateSpec,
  { metadata: after }: V1PodTemplateSpec,
): string[] =>
  Object.entries(before?.labels ?? {})
    .filter(([name, value]) => after?.labels?.[name] !== value)
    .map(([name]) => `metadata.labels.${name}`);

/** Variables and folders that the agent needs. */
function lostOfWorker({ spec: before }: V1PodTemplateSpec, { spec: after }: V1PodTemplateSpec): string[] {
  const [old, now] = [before && workerOf(before), after && workerOf(after)];
  const has = (list: unknown[] | undefined, one: unknown) =>
    list?.some((other) => isDeepStrictEqual(other, one)) ?? false;
  return [
    ...(old?.env ?? [])
      .filter((one) => !has(now?.env, one) && /^(GCD_|AWS_REGION$)/.test(one.name))
      .map(({ name }) => `containers.worker.env.${name}`),
    ...(old?.volumeMounts ?? [])
      .filter((one) => !has(now?.volumeMounts, one))
      .map(({ mountPath }) => `containers.worker.volumeMounts.${mountPath}`),
    ...(before?.volumes ?? [])
      .filter((one) => !has(after?.volumes, one))
      .map(({ name }) => `volumes.${name}`),
  ];
}

const pathText = (path: (string | number)[]): string =>
  path
    .map((part, index) => (typeof part === 'number' ? `[${part}]` : index === 0 ? part : `.${part}`))
    .join('');

/** What the worker asks for, or may use, beyond its share of the node: somebody else's. */
function beyondShare({ requests, limits }: V1ResourceRequirements = {}, share: WorkerShare): string[] {
  const most: Record<string, [amount: number, text: string]> = {
    cpu: [share.cpuMillis / 1000, `${share.cpuMillis}m`],
    memory: [share.memoryBytes, `${Math.floor(share.memoryBytes / 2 ** 20)} MiB`],
    'ephemeral-storage': [share.diskBytes, `${Math.floor(share.diskBytes / 2 ** 20)} MiB`],
  };
  const lines: string[] = [];
  for (const [of, quantities] of Object.entries({ requests, limits }))
    for (const [kind, quantity] of Object.entries(quantities ?? {})) {
      const [amount, text] = most[kind] ?? [];
      // What a neighbour leaves idle of the processors is nobody's loss.
      if (amount === undefined || (of === 'limits' && kind === 'cpu')) continue;
      if ((amountOf(quantity) ?? Number.POSITIVE_INFINITY) > amount)
        lines.push(`resources.${of}.${kind}: ${quantity} is more than its share of the node, ${text}`);
    }
  for (const kind of ['memory', 'ephemeral-storage'])
    if (limits?.[kind] === undefined) lines.push(`resources.limits.${kind}: cannot be left out`);
  return lines;
}

const refused = (lines: string[]) =>
  new ConfigInvalid(['config.yaml says of `pod` what workers cannot have:', ...lines].join('\n- '), {
    hint: 'docs/config.md says what `pod` may change.',
  });
