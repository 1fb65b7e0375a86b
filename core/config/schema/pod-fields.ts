/** What `pod` of config.yaml may say: what users need of Kubernetes, and nothing by which a worker gets more than its own. */

/** A mistake, and where it stands. */
export interface PodFault {
  path: (string | number)[];
  message: string;
}

type Mapping = Record<string, unknown>;
type Check = (value: unknown, path: PodFault['path']) => PodFault[];

/** The container that runs tasks. */
export const workerContainer = 'worker';
/** Seconds that a worker has to write what it has, and most that it may have: after that it is ended. */
export const graceSeconds = 120;
const longestGraceSeconds = 300;

const fine: Check = () => [];
const isMapping = (value: unknown): value is Mapping =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Of a mapping: these keys, and what they may be. What is no mapping is told by who knows Kubernetes' fields. */
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
    return [{ path, message: `cannot be changed: it can be said of container ${workerContainer} only` }];
  return only({ name: fine, env: fine, envFrom: fine, volumeMounts: fine, resources })(value, path);
};
const volume = only(
  { name: fine, emptyDir: fine, configMap: fine, secret: fine, persistentVolumeClaim: fine },
  'cannot be used: volumes are an emptyDir, configMap, secret or persistentVolumeClaim',
);
const priority: Check = (value, path) =>
  typeof value === 'string' && value.startsWith('system-')
    ? [{ path, message: 'is for the pods that keep a node alive' }]
    : [];
const grace: Check = (value, path) =>
  typeof value === 'number' && value >= graceSeconds && value <= longestGraceSeconds
    ? []
    : [{ path, message: `must be from ${graceSeconds} to ${longestGraceSeconds} seconds` }];

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

/** All that `pod` says and may not say. */
export const podFaults = (value: Record<string, unknown>): PodFault[] => pod(value, []);
