/** `pod` of config.yaml: merged into the pod of a worker, and checked for what a worker must not have or lose. */
import { isDeepStrictEqual } from 'node:util';
import {
  podFaults,
  podTypeFaults,
  withTextQuantities,
  workerContainer,
} from '../../core/config/schema/pod-fields.ts';
import type { PodFault } from '../../core/config/schema/pod-schema.ts';
import { ConfigInvalid } from '../../core/errors/errors.ts';
import { label } from './names.ts';
import type { PodSpec, PodTemplate, ResourceRequirements } from './types.ts';
import type { WorkerShare } from './worker-share.ts';

/** Fields that `pod` cannot change, as the message names them. */
const fixedFields: Record<string, (spec: PodSpec) => unknown> = {
  securityContext: ({ securityContext }) => securityContext,
  serviceAccountName: ({ serviceAccountName }) => serviceAccountName,
  serviceAccount: ({ serviceAccount }) => serviceAccount,
  automountServiceAccountToken: ({ automountServiceAccountToken }) => automountServiceAccountToken,
  restartPolicy: ({ restartPolicy }) => restartPolicy,
  hostNetwork: ({ hostNetwork }) => hostNetwork,
  hostPID: ({ hostPID }) => hostPID,
  hostIPC: ({ hostIPC }) => hostIPC,
  nodeName: ({ nodeName }) => nodeName,
  [`nodeSelector.${label.nodegroup}`]: ({ nodeSelector }) => nodeSelector?.[label.nodegroup],
  'containers other than worker': ({ containers }) => containers,
  initContainers: ({ initContainers }) => initContainers?.map(({ name }) => name),
  'containers.worker.image': (spec) => workerOf(spec)?.image,
  'containers.worker.command': (spec) => workerOf(spec)?.command,
  'containers.worker.args': (spec) => workerOf(spec)?.args,
  'containers.worker.workingDir': (spec) => workerOf(spec)?.workingDir,
  'containers.worker.securityContext': (spec) => workerOf(spec)?.securityContext,
  'containers.worker.startupProbe': (spec) => workerOf(spec)?.startupProbe,
  'containers.worker.readinessProbe': (spec) => workerOf(spec)?.readinessProbe,
  'containers.worker.restartPolicy': (spec) => workerOf(spec)?.restartPolicy,
};

/**
 * Returns the template with `pod` of config.yaml merged into it.
 * @param patch fields of a pod's `spec`; besides `metadata` (labels and annotations) and, in short, `resources` of the
 *   worker container
 * @param share maximum resources of the worker
 * @throws ConfigInvalid for unknown fields, and for fields and values that are not allowed
 */
export function withUserPod(
  template: PodTemplate,
  patch: Record<string, unknown>,
  share: WorkerShare,
): PodTemplate {
  refuse(podTypeFaults(patch).map(faultText));
  const { metadata, resources, ...rest } = withTextQuantities(patch);
  const spec = {
    ...rest,
    ...(resources !== undefined && {
      containers: [...asList(rest.containers), { name: workerContainer, resources }],
    }),
  };
  const podPatch = { ...(metadata !== undefined && { metadata }), spec };
  const result = merge(template, { ...podPatch, spec: workerToInitContainers(spec) }) as PodTemplate;
  const changed = [
    ...changedFields(template, result),
    ...changedLabels(template, result),
    ...changedInWorker(template, result),
  ];
  refuse([...podFaults(patch).map(faultText), ...changed.map((field) => `${field}: cannot be changed`)]);
  refuse(result.spec ? resourcesBeyondShare(workerOf(result.spec)?.resources, share) : []);
  return result;
}

function refuse(lines: string[]): void {
  if (lines.length === 0) return;
  throw new ConfigInvalid(['`pod` in config.yaml is not valid:', ...new Set(lines)].join('\n- '), {
    hint: 'docs/config.md lists what `pod` may change.',
  });
}

/** For users the worker is one of `containers`; in the pod it is an init container, see pod.ts. */
function workerToInitContainers(spec: Record<string, unknown>): Record<string, unknown> {
  const { containers, ...rest } = spec;
  if (!Array.isArray(containers)) return spec;
  const isWorker = ({ name }: { name?: unknown }) => name === workerContainer;
  return {
    ...rest,
    containers: containers.filter((container) => !isWorker(container)),
    initContainers: [...asList(rest.initContainers), ...containers.filter(isWorker)],
  };
}

const workerOf = ({ initContainers }: PodSpec) =>
  initContainers?.find(({ name }) => name === workerContainer);

const asList = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

const changedFields = ({ spec: before }: PodTemplate, { spec: after }: PodTemplate): string[] =>
  Object.entries(fixedFields)
    .filter(([, read]) => before && !(after?.containers && isDeepStrictEqual(read(before), read(after))))
    .map(([field]) => field);

const changedLabels = ({ metadata: before }: PodTemplate, { metadata: after }: PodTemplate): string[] =>
  Object.entries(before?.labels ?? {})
    .filter(([name, value]) => after?.labels?.[name] !== value)
    .map(([name]) => `metadata.labels.${name}`);

/** Variables and volumes that the agent needs. */
function changedInWorker({ spec: before }: PodTemplate, { spec: after }: PodTemplate): string[] {
  const [old, now] = [before && workerOf(before), after && workerOf(after)];
  const has = (list: unknown[] | undefined, item: unknown) =>
    list?.some((other) => isDeepStrictEqual(other, item)) ?? false;
  return [
    ...(old?.env ?? [])
      .filter((variable) => !has(now?.env, variable) && /^(GCD_|AWS_REGION$)/.test(variable.name))
      .map(({ name }) => `containers.worker.env.${name}`),
    ...(old?.volumeMounts ?? [])
      .filter((mount) => !has(now?.volumeMounts, mount))
      .map(({ mountPath }) => `containers.worker.volumeMounts.${mountPath}`),
    ...(before?.volumes ?? [])
      .filter((volume) => !has(after?.volumes, volume))
      .map(({ name }) => `volumes.${name}`),
  ];
}

const faultText = ({ path, message }: PodFault): string => `${pathText(path)}: ${message}`;

const pathText = (path: (string | number)[]): string =>
  path
    .map((part, index) => (typeof part === 'number' ? `[${part}]` : index === 0 ? part : `.${part}`))
    .join('');

/** Requests and limits above the worker's share would take from the other workers of the node. */
function resourcesBeyondShare({ requests, limits }: ResourceRequirements = {}, share: WorkerShare): string[] {
  const maximum: Record<string, [amount: number, text: string]> = {
    cpu: [share.cpuMillis / 1000, `${share.cpuMillis}m`],
    memory: [share.memoryBytes, `${Math.floor(share.memoryBytes / 2 ** 20)} MiB`],
    'ephemeral-storage': [share.diskBytes, `${Math.floor(share.diskBytes / 2 ** 20)} MiB`],
  };
  const lines: string[] = [];
  for (const [kind, quantities] of Object.entries({ requests, limits }))
    for (const [resource, quantity] of Object.entries(quantities ?? {})) {
      const [amount, text] = maximum[resource] ?? [];
      // A limit of CPU takes nothing: above its request, a worker gets only what others leave idle.
      if (amount === undefined || (kind === 'limits' && resource === 'cpu')) continue;
      if ((parseQuantity(quantity) ?? Number.POSITIVE_INFINITY) > amount)
        lines.push(`resources.${kind}.${resource}: ${quantity} is more than its share of the node, ${text}`);
    }
  for (const resource of ['memory', 'ephemeral-storage'])
    if (limits?.[resource] === undefined) lines.push(`resources.limits.${resource}: cannot be removed`);
  return lines;
}

const quantityFactors: Record<string, number> = {
  ...{ '': 1, m: 1e-3, k: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15, E: 1e18 },
  ...{ Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40, Pi: 2 ** 50, Ei: 2 ** 60 },
};

/** The number of a Kubernetes quantity such as `500m`, `2Gi` or `1e3`; undefined when it is not valid. */
function parseQuantity(quantity: unknown): number | undefined {
  const [, number, suffix = ''] = /^\+?(\d+\.?\d*(?:[eE]\d+)?)([A-Za-z]{0,2})$/.exec(String(quantity)) ?? [];
  const factor = quantityFactors[suffix];
  return number === undefined || factor === undefined ? undefined : Number(number) * factor;
}

/** Lists that a strategic merge patch merges item by item, with the field that identifies an item. */
const mergeKeys: Record<string, string> = {
  containers: 'name',
  initContainers: 'name',
  env: 'name',
  volumes: 'name',
  volumeMounts: 'mountPath',
  imagePullSecrets: 'name',
  hostAliases: 'ip',
  topologySpreadConstraints: 'topologyKey',
};
/** Lists to which items are added. Other lists are replaced. */
const appendedLists = new Set(['tolerations', 'readinessGates']);

type Mapping = Record<string, unknown>;
const isMapping = (value: unknown): value is Mapping =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Merges like Kubernetes' strategic merge patch. Null removes a key. */
function merge(old: unknown, patch: unknown, key = ''): unknown {
  if (Array.isArray(old) && Array.isArray(patch)) {
    const mergeKey = mergeKeys[key];
    if (mergeKey !== undefined) return mergeItems(old, patch, mergeKey);
    return appendedLists.has(key) ? [...old, ...patch] : patch;
  }
  if (!isMapping(patch)) return patch;
  const result: Mapping = isMapping(old) ? { ...old } : {};
  for (const [name, value] of Object.entries(patch))
    if (value === null) delete result[name];
    else result[name] = merge(result[name], value, name);
  return result;
}

function mergeItems(old: unknown[], patch: unknown[], mergeKey: string): unknown[] {
  const result = [...old];
  for (const item of patch) {
    const id = isMapping(item) ? item[mergeKey] : undefined;
    const at = result.findIndex((other) => isMapping(other) && id !== undefined && other[mergeKey] === id);
    if (at === -1) result.push(item);
    else result[at] = merge(result[at], item);
  }
  return result;
}
