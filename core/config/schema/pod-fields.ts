/** Allowed fields of `pod` in config.yaml: what users need of Kubernetes, and nothing that gives a worker more rights. */

/** A mistake and its place. */
export interface PodFault {
  path: (string | number)[];
  message: string;
}

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

/** All fields of `pod` that are not allowed. */
export const podFaults = (value: Record<string, unknown>): PodFault[] => pod(value, []);
