/** What is said of pods that do not run. */
import { describe, expect, test } from '@jest/globals';
import type { V1ContainerState, V1Pod, V1PodStatus } from '@kubernetes/client-node';
import { problemsOf } from '../../../../adapters/kubernetes/problems.ts';

const pod = (status: V1PodStatus, metadata: V1Pod['metadata'] = {}): V1Pod => ({ metadata, status });
const inState = (state: V1ContainerState) =>
  pod({
    initContainerStatuses: [{ name: 'worker', image: '', imageID: '', ready: false, restartCount: 0, state }],
  });
const unscheduled = (message: string) =>
  pod({ conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message }] });
const ended = (exitCode: number, message: string) => inState({ terminated: { exitCode, message } });

describe('the problems of pods', () => {
  test.each([
    [unscheduled('0/2 nodes are available: 2 Insufficient cpu.'), 'capacity'],
    [unscheduled('0/1 nodes are available: 1 node(s) had untolerated taint {a: b}.'), 'capacity'],
    [unscheduled('persistentvolumeclaim "a" not found'), 'other'],
    [inState({ waiting: { reason: 'ErrImagePull', message: 'not found' } }), 'image'],
    [inState({ waiting: { reason: 'CreateContainerConfigError', message: 'no user' } }), 'project'],
    [ended(2, 'No module named x'), 'project'],
    [ended(1, 'x'), 'other'],
    [pod({ phase: 'Failed', reason: 'Evicted', message: 'The node was low on resource: memory.' }), 'other'],
  ])('%#: %j', (one, kind) => {
    expect(problemsOf([one]).map((problem) => problem.kind)).toEqual([kind]);
  });

  test.each([
    [inState({ waiting: { reason: 'ContainerCreating' } })],
    [inState({ running: {} })],
    [ended(0, '')],
    [{ ...ended(1, 'x'), metadata: { deletionTimestamp: new Date() } }],
  ])('there is none: %j', (one) => {
    expect(problemsOf([one])).toEqual([]);
  });

  test('are told once, the newest first', () => {
    const at = (second: number, message: string) => ({
      ...ended(1, message),
      metadata: { creationTimestamp: new Date(second * 1000) },
    });
    const told = problemsOf([at(1, 'a'), at(3, 'b'), at(2, 'a')]).map(({ message }) => message);
    expect(told).toEqual(['a worker ended with exit code 1: b', 'a worker ended with exit code 1: a']);
  });

  test('are told with the end of long last words', () => {
    const [problem] = problemsOf([ended(2, `${'x'.repeat(5000)} the end`)]);
    expect(problem?.message).toMatch(/the end$/);
    expect(problem?.message.length).toBeLessThanOrEqual(1000);
  });
});
