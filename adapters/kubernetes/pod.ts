/**
 * The pod of a worker. The worker is a sidecar: Kubernetes starts it anew in place when it ends, so that an agent whose
 * container the kernel has killed finds in its folder what it was doing. What the pod lasts for is the container beside
 * it, which waits to be told to end. docs/decisions/19-pod.md says why.
 */
import { graceSeconds, workerContainer } from '../../core/config/schema/pod-fields.ts';
import type { ReservationSpec } from '../../ports/cluster/reservations.ts';
import { label } from './names.ts';
import type { Container, PodSpec, PodTemplate, ResourceRequirements } from './types.ts';
import { keeperShare, requestOf, type Share, type WorkerShare } from './worker-share.ts';

const keeperContainer = 'keeper';
/** Told to end, it must not end with 0: the slot would count as done. */
const keep = "trap 'exit 1' TERM; while :; do sleep 3600 & wait; done";

const rights: Container['securityContext'] = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  runAsNonRoot: true,
};
/** Folder for the agent's own files; gone with the pod. */
const scratch = '/var/gcd';
/** Who workers run as; the image gives this user its home and the project's folder. */
const user = 1000;
/** Seconds after which a worker on a node that does not answer is replaced. */
const lostSeconds = 60;
/** Of the keeper, which writes nothing. */
const keeperDisk = '16Mi';
/** Of the memory-backed folder that the licence is in. */
const licenceSize = '1Mi';

export interface PodMade {
  wanted: ReservationSpec;
  /** Where the image is. */
  image: string;
  share: WorkerShare;
  bucket: string;
  region: string;
}

/** The template of a worker's pod, before what config.yaml says of it. */
export function podTemplate(made: PodMade): PodTemplate {
  const { run, execution, nodegroup, pod } = made.wanted;
  const spec: PodSpec = {
    // Its own: an association of EKS gives it what this run may reach.
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
      tolerationSeconds: lostSeconds,
    })),
    // A worker asks for less than its share: where there is room for one more on a node, it belongs on another.
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey: 'kubernetes.io/hostname',
        whenUnsatisfiable: 'ScheduleAnyway',
        labelSelector: { matchLabels: { [label.execution]: execution } },
      },
    ],
    initContainers: [worker(made)],
    containers: [keeper(made)],
    volumes: [
      { name: 'scratch', emptyDir: { sizeLimit: String(made.share.diskBytes) } },
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

function keeper({ image }: PodMade): Container {
  return {
    name: keeperContainer,
    image,
    imagePullPolicy: 'IfNotPresent',
    command: ['sh', '-c', keep],
    resources: {
      requests: quantities(keeperShare),
      limits: { memory: String(keeperShare.memoryBytes), 'ephemeral-storage': keeperDisk },
    },
    securityContext: rights,
  };
}

const quantities = ({ cpuMillis, memoryBytes }: Share) => ({
  cpu: `${cpuMillis}m`,
  memory: String(memoryBytes),
});

/**
 * No limit of CPU: what a neighbour leaves idle is nobody's loss. One of the disk: a worker that fills it is ended by
 * itself, and counted as failed; on a full disk the kubelet ends any, which counts as nobody's fault, for ever.
 */
function resources(share: WorkerShare, memoryBytes: number): ResourceRequirements {
  const disk = { 'ephemeral-storage': String(share.diskBytes) };
  return {
    requests: { ...quantities(requestOf(share, memoryBytes)), ...disk },
    limits: { memory: String(memoryBytes), ...disk },
  };
}

function worker(made: PodMade): Container {
  const { share, image, wanted } = made;
  const { licenceTarget, memoryBytes } = wanted.pod;
  return {
    name: workerContainer,
    restartPolicy: 'Always',
    image,
    imagePullPolicy: 'IfNotPresent',
    command: ['python3', '/app/worker/gcd_worker/__main__.py', 'agent'],
    workingDir: '/app/project',
    env: environment(made),
    resources: resources(share, memoryBytes ?? share.memoryBytes),
    // The agent makes the file once the project is imported. Each look is a process on a node that may be busy, so there
    // are few, they have time, and no single one says that a worker is not ready any more.
    readinessProbe: {
      exec: { command: ['test', '-f', `${scratch}/ready`] },
      periodSeconds: 15,
      timeoutSeconds: 15,
      failureThreshold: 3,
    },
    terminationMessagePath: '/dev/termination-log',
    // When the agent has no last words, the end of its log is told.
    terminationMessagePolicy: 'FallbackToLogsOnError',
    securityContext: rights,
    volumeMounts: [
      { name: 'scratch', mountPath: scratch },
      ...(licenceTarget === null ? [] : [{ name: 'licence', mountPath: licenceTarget }]),
    ],
  };
}

/** Ours last and once: what the agent needs is not the user's to change. */
function environment({ wanted, bucket, region }: PodMade): NonNullable<Container['env']> {
  const { run, execution, queueUrl, pod } = wanted;
  const ours: NonNullable<Container['env']> = [
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
    { name: 'GCD_SCRATCH', value: scratch },
    { name: 'GCD_PACKAGES', value: '/app/worker/packages' },
    { name: 'GCD_PROJECT', value: '/app/project' },
    ...(pod.licenceTarget === null ? [] : [{ name: 'GCD_LICENCE_TARGET', value: pod.licenceTarget }]),
  ];
  const names = new Set(ours.map(({ name }) => name));
  const theirs = Object.entries(pod.env).map(([name, value]) => ({ name, value }));
  return [...theirs.filter(({ name }) => !names.has(name)), ...ours];
}
