/** Why workers do not run, from the status of their pods. */
import { workerContainer } from '../../core/config/schema/pod-fields.ts';
import type { Problem } from '../../core/errors/problem.ts';
import type { ContainerStatus, Event, Pod } from './types.ts';

/** Exit code of an agent whose project cannot be imported. */
const projectCode = 2;
const imageReasons = /^(ErrImagePull|ImagePullBackOff|InvalidImageName|ErrImageNeverPull|ImageInspectError)$/;
/** What a further attempt does not change, in the words of the kubelet, of containerd and of registries. */
const permanentPull =
  /InvalidImageName|ErrImageNeverPull|not found|manifest unknown|denied|unauthorized|forbidden|\b40[13]\b|no match for platform/i;
/** Seconds after which a pull that fails is not expected to succeed. The kubelet retries it after 10 s to 5 minutes. */
const pullSeconds = 300;
const containerReasons = /^(CreateContainerConfigError|CreateContainerError|RunContainerError)$/;
/** Maximum length of a termination message that is shown. */
const maximumMessage = 1000;

/**
 * Each problem once, of the newest pod first. Pods that are being deleted have none.
 * @param now seconds since 1970
 */
export function problemsOf(pods: Pod[], now: number): Problem[] {
  const found = pods
    .filter(({ metadata }) => !metadata?.deletionTimestamp)
    .sort((one, other) => startOf(other) - startOf(one))
    .flatMap((pod) => problemOf(pod, now) ?? []);
  const seen = new Map<string, Problem>();
  for (const problem of found) if (!seen.has(problem.message)) seen.set(problem.message, problem);
  return [...seen.values()];
}

const startOf = ({ metadata }: Pod) => Date.parse(metadata?.creationTimestamp ?? '') || 0;

const workerOf = ({ status }: Pod) =>
  status?.initContainerStatuses?.find(({ name }) => name === workerContainer);

/** Restarts after which a worker is not expected to become ready any more. */
const maximumRestarts = 5;
/** Kills for memory, one after the other, after which the next start is expected to end in the same way. */
const maximumKills = 3;
/** Exit code of a container that the kernel killed: a task used too much memory, the worker itself is well. */
const killedCode = 137;

/** Whether a worker has exited too often by itself. Kubernetes would restart it for ever, with longer and longer pauses. */
export function isGivenUp(pod: Pod): boolean {
  const { restartCount = 0, state, lastState } = workerOf(pod) ?? {};
  const ended = state?.terminated ?? lastState?.terminated;
  // With restartPolicy Never, Kubernetes 1.29 to 1.34 leaves a sidecar `terminated` until it is restarted.
  const isDown = state?.terminated !== undefined || state?.waiting?.reason === 'CrashLoopBackOff';
  const code = ended?.exitCode ?? 0;
  return isDown && restartCount >= maximumRestarts && code !== 0 && code !== killedCode;
}

/**
 * Why the API server refuses to create pods of a Job, from the Job's events; undefined without such an event. `project` if
 * the pods' manifest is the reason.
 */
export function refusalOf(events: Event[]): Problem | undefined {
  const newest = events
    .filter(({ reason }) => reason === 'FailedCreate')
    .sort((one, other) => timeOf(other) - timeOf(one))[0];
  if (!newest) return undefined;
  const cause = (newest.message ?? '').replace(/^Error creating: /, '') || 'no reason given';
  const isManifest =
    /is invalid|forbidden|denied the request/.test(cause) &&
    // The service account is created after the Job; a quota may be raised, and a namespace is deleted by a person.
    !/service ?account|exceeded quota|being terminated|failed calling webhook/i.test(cause);
  return {
    kind: isManifest ? 'project' : 'other',
    message: `Kubernetes refuses to create workers: ${cause}`,
  };
}

const timeOf = ({ lastTimestamp, eventTime, firstTimestamp }: Event) =>
  Date.parse(lastTimestamp ?? eventTime ?? firstTimestamp ?? '') || 0;

function problemOf(pod: Pod, now: number): Problem | undefined {
  const { status } = pod;
  const worker = workerOf(pod);
  if (worker?.ready) return undefined;
  const unscheduled = status?.conditions?.find(
    (one) => one.type === 'PodScheduled' && one.status === 'False',
  );
  if (unscheduled) return unschedulable(unscheduled.message ?? '');
  const waiting = worker?.state?.waiting;
  if (imageReasons.test(waiting?.reason ?? '')) {
    const cause = waiting?.message ?? waiting?.reason ?? '';
    const isFinal =
      permanentPull.test(`${waiting?.reason} ${cause}`) || now - scheduledAt(pod, now) > pullSeconds;
    return { kind: isFinal ? 'image' : 'other', message: `the image cannot be pulled: ${cause}` };
  }
  if (containerReasons.test(waiting?.reason ?? ''))
    return {
      kind: 'project',
      message: `the worker cannot be started: ${waiting?.message ?? waiting?.reason}`,
    };
  const ended = worker && endOf(worker);
  if (ended) return ended;
  if (status?.phase === 'Failed')
    return {
      kind: 'other',
      message: `the node ended a worker: ${status.message ?? status.reason ?? 'no reason given'}`,
    };
  return undefined;
}

/** Seconds since 1970; `otherwise` if the pod has no such time. */
function scheduledAt({ status }: Pod, otherwise: number): number {
  const scheduled = status?.conditions?.find((one) => one.type === 'PodScheduled' && one.status === 'True');
  const time = Date.parse(scheduled?.lastTransitionTime ?? '');
  return Number.isNaN(time) ? otherwise : time / 1000;
}

/** `capacity` when no node has room, or only nodes with taints: more nodes would help. */
function unschedulable(message: string): Problem {
  if (/untolerated taint|didn't match|Insufficient|no nodes available/.test(message))
    return { kind: 'capacity', message: `no node has room for a worker: ${message}` };
  return { kind: 'other', message: `a worker waits for a node: ${message || 'no reason given'}` };
}

function endOf({ state, lastState, restartCount }: ContainerStatus): Problem | undefined {
  const ended = state?.terminated ?? lastState?.terminated;
  if (!ended || ended.exitCode === 0 || ended.reason === 'Completed') return undefined;
  const message = (ended.message ?? '').trim().slice(-maximumMessage);
  const detail = message ? `: ${message}` : '';
  if (ended.reason === 'OOMKilled') {
    const kills = restartCount + (state?.terminated ? 1 : 0);
    return {
      kind: kills >= maximumKills ? 'memory' : 'other',
      message: `a worker needed more memory than memory_per_worker allows${detail}`,
    };
  }
  if (ended.exitCode === projectCode)
    return { kind: 'project', message: message || 'the project cannot be imported; see its log' };
  return { kind: 'other', message: `a worker ended with exit code ${ended.exitCode}${detail}` };
}
