/** Allowed fields of `pod` in config.yaml: what users need of Kubernetes, and nothing that gives a worker more rights. */
import { type PodFault, schemaFaults } from './pod-schema.ts';

type Mapping = Record<string, unknown>;
type Check = (value: unknown, path: PodFault['path']) => PodFault[];

/** Name of the container that runs tasks. */
export const workerContainer = 'worker';
/** Seconds in which a terminating worker writes its results, by default and at most; then it is killed. */
export const graceSeconds = 120;
const maxGraceSeconds = 300;

const fine: Check = () => [];
const isMapping = (value: unknown): value is Mapping =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Checks a mapping: only these keys, each with its check. Kubernetes itself rejects other types. */
const only =
  (fields: Record<string, Check>, message = 'cannot be changed'): Check =>
  (value, path) =>
    isMapping(value)
      ? Object.entries(value).flatMap(([key, inner]) => {
          const check = Object.hasOwn(fields, key) ? fields[key] : undefined;
          return check ? check(inner, [...path, key]) : [{ path: [...path, key], message }];
        })
      : [];
const each =
  (check: Check): Check =>
  (value, path) =>
    Array.isArray(value) ? value.flatMap((item, index) => check(item, [...path, index])) : [];

const resources = only({ requests: fine, limits: fine });
const container: Check = (value, path) => {
  if (isMapping(value) && value.name !== workerContainer)
    return [{ path, message: `cannot be changed: only the container ${workerContainer} can` }];
  return only({ name: fine, env: fine, envFrom: fine, volumeMounts: fine, resources })(value, path);
};
const volume = only(
  { name: fine, emptyDir: fine, configMap: fine, secret: fine, persistentVolumeClaim: fine },
  'cannot be used: volumes are an emptyDir, configMap, secret or persistentVolumeClaim',
);
const priority: Check = (value, path) =>
  typeof value === 'string' && value.startsWith('system-')
    ? [{ path, message: 'is reserved for the system pods of a node' }]
    : [];
const grace: Check = (value, path) =>
  typeof value === 'number' && value >= graceSeconds && value <= maxGraceSeconds
    ? []
    : [{ path, message: `must be from ${graceSeconds} to ${maxGraceSeconds} seconds` }];

const pod = only({
  metadata: only({ labels: fine, annotations: fine }),
  resources,
  nodeSelector: fine,
  tolerations: fine,
  affinity: fine,
  topologySpreadConstraints: fine,
  terminationGracePeriodSeconds: grace,
  priorityClassName: priority,
  containers: each(container),
  volumes: each(volume),
  hostAliases: fine,
  dnsConfig: fine,
  imagePullSecrets: fine,
});

/**
 * `pod` with all quantities as texts, which Kubernetes' types require: YAML reads `cpu: 1` and `nvidia.com/gpu: 1` as numbers,
 * and the API server takes those, too.
 */
export function withTextQuantities(value: Mapping): Mapping {
  const texts = (quantities: unknown): unknown =>
    isMapping(quantities)
      ? Object.fromEntries(
          Object.entries(quantities).map(([key, one]) => [key, typeof one === 'number' ? String(one) : one]),
        )
      : quantities;
  const inResources = (one: unknown): unknown =>
    isMapping(one)
      ? Object.fromEntries(Object.entries(one).map(([key, quantities]) => [key, texts(quantities)]))
      : one;
  const inItems = (list: unknown, key: string, change: (one: unknown) => unknown): unknown =>
    Array.isArray(list)
      ? list.map((item) => (isMapping(item) && key in item ? { ...item, [key]: change(item[key]) } : item))
      : list;
  const { resources: own, containers, volumes } = value;
  return {
    ...value,
    ...(own !== undefined && { resources: inResources(own) }),
    ...(containers !== undefined && { containers: inItems(containers, 'resources', inResources) }),
    ...(volumes !== undefined && { volumes: inItems(volumes, 'emptyDir', texts) }),
  };
}

/** All fields of `pod` that are unknown or have a wrong type. */
export function podTypeFaults(value: Mapping): PodFault[] {
  const { metadata, resources: own, ...spec } = withTextQuantities(value);
  return [
    ...schemaFaults(metadata, 'V1ObjectMeta', ['metadata']),
    ...schemaFaults(own, 'V1ResourceRequirements', ['resources']),
    ...schemaFaults(spec, 'V1PodSpec', []),
  ];
}

/** All fields of `pod` that are unknown, have a wrong type, or are not allowed. Each place once. */
export function podFaults(value: Mapping): PodFault[] {
  const byPath = new Map<string, PodFault>();
  for (const fault of [...podTypeFaults(value), ...pod(value, [])]) {
    const key = JSON.stringify(fault.path);
    if (!byPath.has(key)) byPath.set(key, fault);
  }
  return [...byPath.values()];
}
