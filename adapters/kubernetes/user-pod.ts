/** What config.yaml says of the workers' pods, and what it cannot say. */
import { isDeepStrictEqual } from 'node:util';
import type { V1PodSpec, V1PodTemplateSpec } from '@kubernetes/client-node';
import { ConfigInvalid } from '../../ports/errors.ts';
import { type Models, mistakesIn } from './fields.ts';
import { label } from './names.ts';
import { merged } from './patch.ts';
import { workerContainer } from './pod.ts';

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
 * @throws ConfigInvalid when there is no such field, or when it is none that can be changed
 */
export function withUserPod(
  template: V1PodTemplateSpec,
  patch: Record<string, unknown>,
  models: Models,
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
  if (lost.length > 0) throw refused(lost.map((of) => `${of}: cannot be changed`));
  const hostPaths = result.spec?.volumes?.filter(({ hostPath }) => hostPath) ?? [];
  if (hostPaths.length > 0)
    throw refused(hostPaths.map(({ name }) => `volumes.${name}: workers see no folder of their node`));
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

const refused = (lines: string[]) =>
  new ConfigInvalid(['config.yaml says of `pod` what workers cannot have:', ...lines].join('\n- '), {
    mend: 'docs/config.md says what `pod` may change.',
  });
