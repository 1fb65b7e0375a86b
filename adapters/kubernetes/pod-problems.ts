/** Why workers do not run, from what Kubernetes says of their pods. */
import { workerContainer } from '../../core/config/schema/pod-fields.ts';
import type { Problem } from '../../core/errors/problem.ts';
import type { ContainerStatus, Pod } from './types.ts';

/** Exit code of an agent whose project cannot be imported. */
const projectCode = 2;
const imageReasons = /^(ErrImagePull|ImagePullBackOff|InvalidImageName|ErrImageNeverPull|ImageInspectError)$/;
const setUpReasons = /^(CreateContainerConfigError|CreateContainerError|RunContainerError)$/;
/** Said of a container that ended by our own will. */
const endedByUs = /^(Completed)$/;
const lastWordsLength = 1000;

/** One of each, the newest first; none of pods that are being ended. */
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

/** Times that a worker may end before it is not expected to come up any more. */
const restarts = 5;
/** Exit code of a container that the kernel has killed: a task's doing, which is not its worker's end. */
const killedCode = 137;

/** Whether a worker ends again and again by itself. Kubernetes goes on to start it, each time later. */
export function isGivenUp(pod: Pod): boolean {
  const { restartCount = 0, state, lastState } = workerOf(pod) ?? {};
  const code = lastState?.terminated?.exitCode ?? 0;
  const isWaiting = state?.waiting?.reason === 'CrashLoopBackOff';
  return isWaiting && restartCount >= restarts && code !== 0 && code !== killedCode;
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
  if (setUpReasons.test(waiting?.reason ?? ''))
    return {
      kind: 'project',
      message: `the worker cannot be started: ${waiting?.message ?? waiting?.reason}`,
    };
  const ended = worker && endOf(worker);
  if (ended) return ended;
  if (status?.phase === 'Failed')
    return {
      kind: 'other',
      message: `a worker was ended by its node: ${status.message ?? status.reason ?? ''}`,
    };
  return undefined;
}

/** A taint that nobody tolerates will not go; too little room may, when a node comes. */
function unschedulable(said: string): Problem {
  if (/untolerated taint|didn't match|Insufficient|no nodes available/.test(said))
    return { kind: 'capacity', message: `no node has room for a worker: ${said}` };
  return { kind: 'other', message: `a worker waits for a node: ${said || 'it is not said why'}` };
}

function endOf({ state, lastState }: ContainerStatus): Problem | undefined {
  const ended = state?.terminated ?? lastState?.terminated;
  if (!ended || ended.exitCode === 0 || endedByUs.test(ended.reason ?? '')) return undefined;
  const words = (ended.message ?? '').trim().slice(-lastWordsLength);
  const last = words ? `: ${words}` : '';
  if (ended.reason === 'OOMKilled')
    return { kind: 'other', message: `a worker needed more memory than memory_per_worker allows${last}` };
  if (ended.exitCode === projectCode)
    return { kind: 'project', message: words || 'the project cannot be imported; its log says why' };
  return { kind: 'other', message: `a worker ended with exit code ${ended.exitCode}${last}` };
}
