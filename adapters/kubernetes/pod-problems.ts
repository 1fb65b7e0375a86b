/** Why workers do not run, from the status of their pods. */
import { workerContainer } from '../../core/config/schema/pod-fields.ts';
import type { Problem } from '../../core/errors/problem.ts';
import type { ContainerStatus, Pod } from './types.ts';

/** Exit code of an agent whose project cannot be imported. */
const projectCode = 2;
const imageReasons = /^(ErrImagePull|ImagePullBackOff|InvalidImageName|ErrImageNeverPull|ImageInspectError)$/;
const containerReasons = /^(CreateContainerConfigError|CreateContainerError|RunContainerError)$/;
/** Maximum length of a termination message that is shown. */
const maximumMessage = 1000;

/** Each problem once, of the newest pod first. Pods that are being deleted have none. */
export function problemsOf(pods: Pod[]): Problem[] {
  const found = pods
    .filter(({ metadata }) => !metadata?.deletionTimestamp)
    .sort((one, other) => startOf(other) - startOf(one))
    .flatMap((pod) => problemOf(pod) ?? []);
  const seen = new Map<string, Problem>();
  for (const problem of found) if (!seen.has(problem.message)) seen.set(problem.message, problem);
  return [...seen.values()];
}

const startOf = ({ metadata }: Pod) => Date.parse(metadata?.creationTimestamp ?? '') || 0;

const workerOf = ({ status }: Pod) =>
  status?.initContainerStatuses?.find(({ name }) => name === workerContainer);

/** Restarts after which a worker is not expected to become ready any more. */
const maximumRestarts = 5;
/** Exit code of a container that the kernel killed: a task used too much memory, the worker itself is well. */
const killedCode = 137;

/** Whether a worker has exited too often by itself. Kubernetes would restart it for ever, with longer and longer pauses. */
export function isGivenUp(pod: Pod): boolean {
  const { restartCount = 0, state, lastState } = workerOf(pod) ?? {};
  const code = lastState?.terminated?.exitCode ?? 0;
  const isWaiting = state?.waiting?.reason === 'CrashLoopBackOff';
  return isWaiting && restartCount >= maximumRestarts && code !== 0 && code !== killedCode;
}

function problemOf(pod: Pod): Problem | undefined {
  const { status } = pod;
  const worker = workerOf(pod);
  if (worker?.ready) return undefined;
  const unscheduled = status?.conditions?.find(
    (one) => one.type === 'PodScheduled' && one.status === 'False',
  );
  if (unscheduled) return unschedulable(unscheduled.message ?? '');
  const waiting = worker?.state?.waiting;
  if (imageReasons.test(waiting?.reason ?? ''))
    return { kind: 'image', message: `the image cannot be pulled: ${waiting?.message ?? waiting?.reason}` };
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

/** `capacity` when no node has room, or only nodes with taints: more nodes would help. */
function unschedulable(message: string): Problem {
  if (/untolerated taint|didn't match|Insufficient|no nodes available/.test(message))
    return { kind: 'capacity', message: `no node has room for a worker: ${message}` };
  return { kind: 'other', message: `a worker waits for a node: ${message || 'no reason given'}` };
}

function endOf({ state, lastState }: ContainerStatus): Problem | undefined {
  const ended = state?.terminated ?? lastState?.terminated;
  if (!ended || ended.exitCode === 0 || ended.reason === 'Completed') return undefined;
  const message = (ended.message ?? '').trim().slice(-maximumMessage);
  const detail = message ? `: ${message}` : '';
  if (ended.reason === 'OOMKilled')
    return { kind: 'other', message: `a worker needed more memory than memory_per_worker allows${detail}` };
  if (ended.exitCode === projectCode)
    return { kind: 'project', message: message || 'the project cannot be imported; see its log' };
  return { kind: 'other', message: `a worker ended with exit code ${ended.exitCode}${detail}` };
}
