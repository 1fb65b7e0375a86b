/**
 * The pod of a worker. The worker is a sidecar: Kubernetes restarts its container in the same pod, so that an agent whose
 * container was killed finds its files. The pod lasts as long as its main container, the keeper, which only waits for
 * SIGTERM. Why: docs/decisions/19-pod.md.
 */
import { graceSeconds, workerContainer } from '../../core/config/schema/pod-fields.ts';
import type { ReservationSpec } from '../../ports/cluster/reservations.ts';
import { label } from './names.ts';
import type { Container, PodSpec, PodTemplate, ResourceRequirements } from './types.ts';
import { keeperShare, requestOf, type Share, type WorkerShare } from './worker-share.ts';

const keeperContainer = 'keeper';
/** Exits with 1 on SIGTERM: with 0, the Job would count the slot as completed. */
const keeperScript = "trap 'exit 1' TERM; while :; do sleep 3600 & wait; done";

const securityContext: Container['securityContext'] = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  runAsNonRoot: true,
};
/** Folder of the agent's own files. It is deleted with the pod. */
const scratch = '/var/gcd';
/** User and group of the worker. The image gives this user its home and the project's folder. */
const user = 1000;
/** Seconds until a pod on a node that does not answer is deleted. */
const lostNodeSeconds = 60;
/** The keeper's limit of disk space. It writes nothing. */
const keeperDisk = '16Mi';
/** Size limit of the memory-backed folder with the licence file. */
const licenceSize = '1Mi';

export interface PodOptions {
  reservation: ReservationSpec;
  /** URI of the image. */
  image: string;
  share: WorkerShare;
  bucket: string;
  region: string;
}

/** The template of a worker's pod, without `pod` of config.yaml. */
export function podTemplate(settings: PodOptions): PodTemplate {
  const { run, execution, nodegroup, pod } = settings.reservation;
  const spec: PodSpec = {
    // A pod identity association of EKS gives this account the permissions of the run.
    serviceAccountName: execution,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    restartPolicy: 'Never',
    terminationGracePeriodSeconds: graceSeconds,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: user,
      runAsGroup: user,
      fsGroup: user,
      seccompProfile: { type: 'RuntimeDefault' },
    },
    nodeSelector: { [label.nodegroup]: nodegroup },
    tolerations: ['not-ready', 'unreachable'].map((state) => ({
      key: `node.kubernetes.io/${state}`,
      operator: 'Exists',
      effect: 'NoExecute',
      tolerationSeconds: lostNodeSeconds,
    })),
    // Requests are less than a share: without this, a node could get one worker more than it has shares.
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey: 'kubernetes.io/hostname',
        whenUnsatisfiable: 'ScheduleAnyway',
        labelSelector: { matchLabels: { [label.execution]: execution } },
      },
    ],
    initContainers: [workerContainerOf(settings)],
    containers: [keeperContainerOf(settings)],
    volumes: [
      { name: 'scratch', emptyDir: { sizeLimit: String(settings.share.diskBytes) } },
      ...(pod.licenceTarget === null
        ? []
        : [{ name: 'licence', emptyDir: { medium: 'Memory', sizeLimit: licenceSize } }]),
    ],
  };
  const labels = {
    [label.run]: run,
    [label.execution]: execution,
    [label.nodegroup]: nodegroup,
    [label.managedBy]: 'gcd-sfn',
  };
  const annotations = { 'kubectl.kubernetes.io/default-container': workerContainer };
  return { metadata: { labels, annotations }, spec };
}

function keeperContainerOf({ image }: PodOptions): Container {
  return {
    name: keeperContainer,
    image,
    imagePullPolicy: 'IfNotPresent',
    command: ['sh', '-c', keeperScript],
    resources: {
      requests: quantities(keeperShare),
      limits: { memory: String(keeperShare.memoryBytes), 'ephemeral-storage': keeperDisk },
    },
    securityContext,
  };
}

const quantities = ({ cpuMillis, memoryBytes }: Share) => ({
  cpu: `${cpuMillis}m`,
  memory: String(memoryBytes),
});

/**
 * There is no limit of CPU: a worker may use what others leave idle. There is one of disk space: the kubelet evicts a pod
 * above its limit, which counts as a failure. Without it, a full disk evicts any pod of the node, which counts as none.
 */
function resources(share: WorkerShare, memoryBytes: number): ResourceRequirements {
  const disk = { 'ephemeral-storage': String(share.diskBytes) };
  return {
    requests: { ...quantities(requestOf(share, memoryBytes)), ...disk },
    limits: { memory: String(memoryBytes), ...disk },
  };
}

function workerContainerOf(settings: PodOptions): Container {
  const { share, image, reservation } = settings;
  const { licenceTarget, memoryBytes } = reservation.pod;
  return {
    name: workerContainer,
    restartPolicy: 'Always',
    image,
    imagePullPolicy: 'IfNotPresent',
    command: ['python3', '/app/worker/gcd_worker/__main__.py', 'agent'],
    workingDir: '/app/project',
    env: environment(settings),
    resources: resources(share, memoryBytes ?? share.memoryBytes),
    // The agent writes the file when the project is imported. Each probe is a process on a node that may be busy: probes are
    // few and have time, and one that fails does not make the worker unready.
    readinessProbe: {
      exec: { command: ['test', '-f', `${scratch}/ready`] },
      periodSeconds: 15,
      timeoutSeconds: 15,
      failureThreshold: 3,
    },
    terminationMessagePath: '/dev/termination-log',
    // Without a termination message of the agent, Kubernetes takes the end of its log.
    terminationMessagePolicy: 'FallbackToLogsOnError',
    securityContext,
    volumeMounts: [
      { name: 'scratch', mountPath: scratch },
      ...(licenceTarget === null ? [] : [{ name: 'licence', mountPath: licenceTarget }]),
    ],
  };
}

/** The grace period that `pod` of config.yaml sets, in seconds. */
const graceOf = ({ terminationGracePeriodSeconds: grace }: Record<string, unknown>): number =>
  typeof grace === 'number' ? grace : graceSeconds;

/** Variables of config.yaml and of the agent. Those of the agent cannot be overridden. */
function environment({ reservation, bucket, region }: PodOptions): NonNullable<Container['env']> {
  const { run, execution, queueUrl, pod } = reservation;
  const own: NonNullable<Container['env']> = [
    { name: 'GCD_BUCKET', value: bucket },
    { name: 'GCD_RUN', value: run },
    { name: 'GCD_EXECUTION', value: execution },
    { name: 'GCD_QUEUE_URL', value: queueUrl },
    { name: 'AWS_REGION', value: region },
    { name: 'GCD_POD', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
    { name: 'GCD_NODE', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } },
    {
      name: 'GCD_MEMORY_BYTES',
      valueFrom: { resourceFieldRef: { containerName: workerContainer, resource: 'limits.memory' } },
    },
    {
      name: 'GCD_DISK_BYTES',
      valueFrom: {
        resourceFieldRef: { containerName: workerContainer, resource: 'limits.ephemeral-storage' },
      },
    },
    { name: 'GCD_GRACE_SECONDS', value: String(graceOf(pod.patch)) },
    { name: 'GCD_SCRATCH', value: scratch },
    { name: 'GCD_PACKAGES', value: '/app/worker/packages' },
    { name: 'GCD_PROJECT', value: '/app/project' },
    ...(pod.licenceTarget === null ? [] : [{ name: 'GCD_LICENCE_TARGET', value: pod.licenceTarget }]),
  ];
  const names = new Set(own.map(({ name }) => name));
  const fromConfig = Object.entries(pod.env).map(([name, value]) => ({ name, value }));
  return [...fromConfig.filter(({ name }) => !names.has(name)), ...own];
}
