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
  { of: 'initContainers', read: ({ initContainers }) => initContainers },
  {
    of: `nodeSelector.${label.eksNodegroup}`,
    read: ({ nodeSelector }) => nodeSelector?.[label.eksNodegroup],
  },
  { of: 'containers other than worker', read: ({ containers }) => containers.map(({ name }) => name) },
  ...(['image', 'command', 'args', 'workingDir', 'securityContext', 'readinessProbe'] as const).map(
    (field) => ({
      of: `containers.worker.${field}`,
      read: ({ containers }: V1PodSpec) => containers.find(({ name }) => name === workerContainer)?.[field],
    }),
  ),
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
  const result = merged(template, asked) as V1PodTemplateSpec;
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
  const [old] = before?.containers ?? [];
  const now = after?.containers?.find(({ name }) => name === workerContainer);
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
