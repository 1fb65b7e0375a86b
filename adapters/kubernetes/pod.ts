/**
 * The pod of a worker. The worker is a sidecar: Kubernetes starts it anew in place when it ends, so that an agent whose
 * container the kernel has killed finds in its folder what it was doing. What the pod lasts for is the container beside
 * it, which waits to be told to end. docs/decisions/19-pod.md says why.
 */
import type {
  V1Container,
  V1EnvVar,
  V1PodSpec,
  V1PodTemplateSpec,
  V1ResourceRequirements,
  V1SecurityContext,
} from '@kubernetes/client-node';
import type { ReservationWanted } from '../../ports/reservations.ts';
import { label } from './names.ts';
import { keeperShare, type Share } from './share.ts';

export const workerContainer = 'worker';
const keeperContainer = 'keeper';
/** Told to end, it must not end with 0: the slot would count as done. */
const keep = "trap 'exit 1' TERM; while :; do sleep 3600 & wait; done";

const rights: V1SecurityContext = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  runAsNonRoot: true,
};
/** Folder for the agent's own files; gone with the pod. */
const scratch = '/var/gcd';
/** Who workers run as; the image gives this user its home and the project's folder. */
const user = 1000;
/** Seconds that a worker has to write what it has. */
export const graceSeconds = 120;
/** Seconds after which a worker on a node that does not answer is replaced. */
const lostSeconds = 60;
/** Of the memory-backed folder that the licence is in. */
const licenceSize = '1Mi';

export interface PodMade {
  wanted: ReservationWanted;
  /** Where the image is. */
  image: string;
  share: Share;
  bucket: string;
  region: string;
}

/** The template of a worker's pod, before what config.yaml says of it. */
export function podTemplate(made: PodMade): V1PodTemplateSpec {
  const { run, execution, nodegroup, pod } = made.wanted;
  const spec: V1PodSpec = {
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
    nodeSelector: { [label.eksNodegroup]: nodegroup },
    tolerations: ['not-ready', 'unreachable'].map((state) => ({
      key: `node.kubernetes.io/${state}`,
      operator: 'Exists',
      effect: 'NoExecute',
      tolerationSeconds: lostSeconds,
    })),
    initContainers: [worker(made)],
    containers: [keeper(made)],
    volumes: [
      { name: 'scratch', emptyDir: {} },
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

function keeper({ image }: PodMade): V1Container {
  return {
    name: keeperContainer,
    image,
    imagePullPolicy: 'IfNotPresent',
    command: ['sh', '-c', keep],
    resources: resources(keeperShare),
    securityContext: rights,
  };
}

/** No limit of CPU: what a neighbour leaves idle is nobody's loss. */
function resources({ cpuMillis, memoryBytes }: Share): V1ResourceRequirements {
  const memory = String(memoryBytes);
  return { requests: { cpu: `${cpuMillis}m`, memory }, limits: { memory } };
}

function worker(made: PodMade): V1Container {
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
    resources: resources({ ...share, ...(memoryBytes !== null && { memoryBytes }) }),
    // The agent makes the file once the project is imported.
    readinessProbe: {
      exec: { command: ['test', '-f', `${scratch}/ready`] },
      periodSeconds: 5,
      failureThreshold: 1,
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
function environment({ wanted, bucket, region }: PodMade): V1EnvVar[] {
  const { run, execution, queueUrl, pod } = wanted;
  const ours: V1EnvVar[] = [
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
    { name: 'GCD_SCRATCH', value: scratch },
    { name: 'GCD_PACKAGES', value: '/app/worker/packages' },
    { name: 'GCD_PROJECT', value: '/app/project' },
    ...(pod.licenceTarget === null ? [] : [{ name: 'GCD_LICENCE_TARGET', value: pod.licenceTarget }]),
  ];
  const names = new Set(ours.map(({ name }) => name));
  const theirs = Object.entries(pod.env).map(([name, value]) => ({ name, value }));
  return [...theirs.filter(({ name }) => !names.has(name)), ...ours];
}
