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
const unscheduled = (message: string) =>
  pod({ conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message }] });
const ended = (exitCode: number, message: string) => inState({ terminated: { exitCode, message } });
/** A container that waits for its restart. */
const again = (exitCode: number, restartCount: number) =>
  inState(
    { waiting: { reason: 'CrashLoopBackOff' } },
    { restartCount, lastState: { terminated: { exitCode, message: 'why' } } },
  );

describe('the problems of pods', () => {
  test.each<[string, Pod, string]>([
    ['too little room', unscheduled('0/2 nodes are available: 2 Insufficient cpu.'), 'capacity'],
    ['a taint', unscheduled('0/1 nodes are available: 1 node(s) had untolerated taint {a: b}.'), 'capacity'],
    ['another reason to wait', unscheduled('persistentvolumeclaim "a" not found'), 'other'],
    ['no image', inState({ waiting: { reason: 'ErrImagePull', message: 'not found' } }), 'image'],
    [
      'a wrong container',
      inState({ waiting: { reason: 'CreateContainerConfigError', message: 'x' } }),
      'project',
    ],
    ['a project that cannot be imported', ended(2, 'No module named x'), 'project'],
    ['the same, before its restart', again(2, 1), 'project'],
    ['another end', ended(1, 'x'), 'other'],
    ['the same, before its restart', again(1, 1), 'other'],
    [
      'its node',
      pod({ phase: 'Failed', reason: 'Evicted', message: 'The node was low on memory.' }),
      'other',
    ],
  ])('%s', (_, one, kind) => {
    expect(problemsOf([one]).map((problem) => problem.kind)).toEqual([kind]);
  });

  test.each<[string, Pod]>([
    ['is being created', inState({ waiting: { reason: 'ContainerCreating' } })],
    ['runs', inState({ running: {} })],
    ['has ended well', ended(0, '')],
    ['is being deleted', { ...ended(1, 'x'), metadata: { deletionTimestamp: new Date().toISOString() } }],
    ['is ready again', inState({ running: {} }, { ready: true, lastState: { terminated: { exitCode: 1 } } })],
  ])('there is none of one that %s', (_, one) => {
    expect(problemsOf([one])).toEqual([]);
  });

  test('are listed once, the newest first', () => {
    const at = (second: number, message: string) => ({
      ...ended(1, message),
      metadata: { creationTimestamp: new Date(second * 1000).toISOString() },
    });
    const messages = problemsOf([at(1, 'a'), at(3, 'b'), at(2, 'a')]).map(({ message }) => message);
    expect(messages).toEqual(['a worker ended with exit code 1: b', 'a worker ended with exit code 1: a']);
  });

  test('have the end of a long termination message', () => {
    const [problem] = problemsOf([ended(2, `${'x'.repeat(5000)} the end`)]);
    expect(problem?.message).toMatch(/the end$/);
    expect(problem?.message.length).toBeLessThanOrEqual(1000);
  });
});

test('a worker is given up when it has ended often, but not by its tasks', () => {
  expect([again(1, 4), again(1, 5), again(2, 6), again(137, 9), again(0, 9)].map(isGivenUp)).toEqual([
    ...[false, true, true, false, false],
  ]);
  expect(
    isGivenUp(inState({ running: {} }, { restartCount: 9, lastState: { terminated: { exitCode: 1 } } })),
  ).toBe(false);
});
