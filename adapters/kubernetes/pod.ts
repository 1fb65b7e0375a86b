/** The pod of a worker. */
import type { V1Container, V1EnvVar, V1PodSpec, V1PodTemplateSpec } from '@kubernetes/client-node';
import type { ReservationWanted } from '../../ports/reservations.ts';
import { label, serviceAccount } from './names.ts';
import type { Share } from './share.ts';

/** Name of the only container. */
export const workerContainer = 'worker';
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
    serviceAccountName: serviceAccount,
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
    containers: [container(made)],
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
  return { metadata: { labels }, spec };
}

function container(made: PodMade): V1Container {
  const { share, image, wanted } = made;
  const { licenceTarget, memoryBytes } = wanted.pod;
  const memory = String(memoryBytes ?? share.memoryBytes);
  return {
    name: workerContainer,
    image,
    imagePullPolicy: 'IfNotPresent',
    command: ['python3', '/app/worker/gcd_worker/__main__.py', 'agent'],
    workingDir: '/app/project',
    env: environment(made),
    // No limit of CPU: what a neighbour leaves idle is nobody's loss.
    resources: { requests: { cpu: `${share.cpuMillis}m`, memory }, limits: { memory } },
    // The agent makes the file once the project is imported.
    readinessProbe: {
      exec: { command: ['test', '-f', `${scratch}/ready`] },
      periodSeconds: 5,
      failureThreshold: 1,
    },
    terminationMessagePath: '/dev/termination-log',
    // When the agent has no last words, the end of its log is told.
    terminationMessagePolicy: 'FallbackToLogsOnError',
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      runAsNonRoot: true,
    },
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
