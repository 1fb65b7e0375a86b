/** The problems of pods that do not run. */
import { describe, expect, test } from '@jest/globals';
import { isGivenUp, problemsOf } from '../../../../adapters/kubernetes/pod-problems.ts';
import type { ContainerStatus, Pod } from '../../../../adapters/kubernetes/types.ts';

const pod = (status: Pod['status'], metadata: Pod['metadata'] = {}): Pod => ({ metadata, status });
const inState = (state: NonNullable<ContainerStatus['state']>, more: Partial<ContainerStatus> = {}) =>
  pod({
    initContainerStatuses: [
      { name: 'worker', image: '', imageID: '', ready: false, restartCount: 0, state, ...more },
    ],
  });
const refused = 'dial tcp 10.0.0.1:443: connect: connection refused';
const now = Date.parse('2026-01-01T00:00:00Z') / 1000;
/** A worker whose image is being pulled since so many seconds. */
const pulling = (reason: string, message: string, seconds = 20) => {
  const one = inState({ waiting: { reason, message } });
  const lastTransitionTime = new Date((now - seconds) * 1000).toISOString();
  return {
    ...one,
    status: { ...one.status, conditions: [{ type: 'PodScheduled', status: 'True', lastTransitionTime }] },
  };
};
const unscheduled = (message: string) =>
  pod({ conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message }] });
const ended = (exitCode: number, message: string) => inState({ terminated: { exitCode, message } });
/** A sidecar that waits for its restart, in a pod with `restartPolicy: Never`: Kubernetes 1.29 to 1.34. */
const again = (exitCode: number, restartCount: number) =>
  inState({ terminated: { exitCode, message: 'why' } }, { restartCount });
/** The same, as Kubernetes reports it with its gate ContainerRestartRules. */
const inBackOff = (exitCode: number, restartCount: number) =>
  inState(
    { waiting: { reason: 'CrashLoopBackOff' } },
    { restartCount, lastState: { terminated: { exitCode, message: 'why' } } },
  );

const killed = { exitCode: 137, reason: 'OOMKilled' };
const outOfMemory = (restartCount: number) => inState({ terminated: killed }, { restartCount });
const outOfMemoryBefore = (restartCount: number) =>
  inState({ running: {} }, { restartCount, lastState: { terminated: killed } });

describe('the problems of pods', () => {
  test.each<[string, Pod, string]>([
    ['too little room', unscheduled('0/2 nodes are available: 2 Insufficient cpu.'), 'capacity'],
    ['a taint', unscheduled('0/1 nodes are available: 1 node(s) had untolerated taint {a: b}.'), 'capacity'],
    ['another reason to wait', unscheduled('persistentvolumeclaim "a" not found'), 'other'],
    ['no image', pulling('ErrImagePull', 'failed to resolve reference "a/b:1": a/b:1: not found'), 'image'],
    ['no access to the image', pulling('ImagePullBackOff', 'unexpected status: 403 Forbidden'), 'image'],
    [
      'an image of another architecture',
      pulling('ErrImagePull', 'no match for platform in manifest'),
      'image',
    ],
    ['an image name that cannot be', pulling('InvalidImageName', 'couldn\'t parse image name "A"'), 'image'],
    ['a registry that is down', pulling('ErrImagePull', refused), 'other'],
    [
      'the same, before the next attempt',
      pulling('ImagePullBackOff', `Back-off pulling image "a": ${refused}`),
      'other',
    ],
    ['the same, for 5 minutes', pulling('ImagePullBackOff', refused, 301), 'image'],
    [
      'a wrong container',
      inState({ waiting: { reason: 'CreateContainerConfigError', message: 'x' } }),
      'project',
    ],
    ['a project that cannot be imported', ended(2, 'No module named x'), 'project'],
    ['the same, before its restart', again(2, 1), 'project'],
    ['memory, twice', outOfMemory(1), 'other'],
    ['memory, three times', outOfMemory(2), 'memory'],
    ['the same, after its restart', outOfMemoryBefore(3), 'memory'],
    ['another end', ended(1, 'x'), 'other'],
    ['the same, before its restart', again(1, 1), 'other'],
    [
      'its node',
      pod({ phase: 'Failed', reason: 'Evicted', message: 'The node was low on memory.' }),
      'other',
    ],
  ])('%s', (_, one, kind) => {
    expect(problemsOf([one], now).map((problem) => problem.kind)).toEqual([kind]);
  });

  test.each<[string, Pod]>([
    ['is being created', inState({ waiting: { reason: 'ContainerCreating' } })],
    ['runs', inState({ running: {} })],
    ['has ended well', ended(0, '')],
    ['is being deleted', { ...ended(1, 'x'), metadata: { deletionTimestamp: new Date().toISOString() } }],
    ['is ready again', inState({ running: {} }, { ready: true, lastState: { terminated: { exitCode: 1 } } })],
  ])('there is none of one that %s', (_, one) => {
    expect(problemsOf([one], now)).toEqual([]);
  });

  test('are listed once, the newest first', () => {
    const at = (second: number, message: string) => ({
      ...ended(1, message),
      metadata: { creationTimestamp: new Date(second * 1000).toISOString() },
    });
    const messages = problemsOf([at(1, 'a'), at(3, 'b'), at(2, 'a')], now).map(({ message }) => message);
    expect(messages).toEqual(['a worker ended with exit code 1: b', 'a worker ended with exit code 1: a']);
  });

  test('have the end of a long termination message', () => {
    const [problem] = problemsOf([ended(2, `${'x'.repeat(5000)} the end`)], now);
    expect(problem?.message).toMatch(/the end$/);
    expect(problem?.message.length).toBeLessThanOrEqual(1000);
  });
});

test.each([again, inBackOff])('a worker is given up when it has ended often, but not by its tasks', (one) => {
  expect([one(1, 4), one(1, 5), one(2, 6), one(137, 9), one(0, 9)].map(isGivenUp)).toEqual([
    ...[false, true, true, false, false],
  ]);
  expect(
    isGivenUp(inState({ running: {} }, { restartCount: 9, lastState: { terminated: { exitCode: 1 } } })),
  ).toBe(false);
});
