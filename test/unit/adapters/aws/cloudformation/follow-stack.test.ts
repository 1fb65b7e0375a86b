/** What is made of CloudFormation's steps: moto takes none of its time, and never fails. */
import { describe, expect, test } from '@jest/globals';
import {
  type Followed,
  failure,
  followStack,
} from '../../../../../adapters/aws/cloudformation/follow-stack.ts';
import type { FoundStack } from '../../../../../adapters/aws/cloudformation/stack-client.ts';
import { DeployFailed, NotFound } from '../../../../../core/errors/errors.ts';
import type { StackStep } from '../../../../../ports/account/deployment.ts';

const stackType = 'AWS::CloudFormation::Stack';
const step = (id: string, resource: string, status: string, reason: string | null = null): StackStep => ({
  ...{ id, resource, status, reason },
  type: resource === 's' ? stackType : 'AWS::EC2::VPC',
});
const stack = (status: string): FoundStack => ({
  ...{ id: 'arn', status, reason: null },
  tags: {},
  outputs: {},
  parameters: [],
});

/** A stack that is as each look says; what happened is there from that look on. */
function looks(...all: { status: string | null; steps: StackStep[] }[]): Followed {
  let look = -1;
  const happened: StackStep[] = [];
  return {
    async find() {
      look = Math.min(look + 1, all.length - 1);
      happened.push(...(all[look]?.steps ?? []));
      const status = all[look]?.status ?? null;
      return status === null ? undefined : stack(status);
    },
    async steps(after) {
      return happened.slice(happened.findIndex(({ id }) => id === after) + 1);
    },
  };
}

async function follow(look: Followed, after?: string) {
  const seen: string[] = [];
  const onStep = ({ resource, status }: StackStep) => seen.push(`${resource} ${status}`);
  return { ...(await followStack(look, { id: 'arn', after, onStep, pause: 0 })), seen };
}

describe('followStack', () => {
  test('tells each step once, from the last known one on, until the stack is at rest', async () => {
    const look = looks(
      {
        status: 'UPDATE_IN_PROGRESS',
        steps: [step('0', 'old', 'CREATE_COMPLETE'), step('1', 'a', 'CREATE_IN_PROGRESS')],
      },
      { status: 'UPDATE_IN_PROGRESS', steps: [step('2', 'a', 'CREATE_COMPLETE')] },
      { status: 'UPDATE_COMPLETE', steps: [step('3', 's', 'UPDATE_COMPLETE')] },
    );
    const { stack: end, failed, seen } = await follow(look, '0');
    expect(end?.status).toBe('UPDATE_COMPLETE');
    expect(failed).toBeUndefined();
    expect(seen).toEqual(['a CREATE_IN_PROGRESS', 'a CREATE_COMPLETE', 's UPDATE_COMPLETE']);
  });

  test('what failed first is the cause; what was cancelled because of it, and the stack itself, are not', async () => {
    const look = looks({
      status: 'UPDATE_ROLLBACK_COMPLETE',
      steps: [
        step('1', 'b', 'CREATE_FAILED', 'Resource creation cancelled'),
        step('2', 'a', 'CREATE_FAILED', 'quota'),
        step('3', 'c', 'CREATE_FAILED', 'another'),
        step('4', 's', 'UPDATE_ROLLBACK_IN_PROGRESS', 'The following resource(s) failed'),
      ],
    });
    const end = await follow(look);
    const error = failure('s', 'changed', end, 'fix it');
    expect(error).toBeInstanceOf(DeployFailed);
    expect(error.message).toBe('stack s could not be changed: a (AWS::EC2::VPC): quota');
    expect(error.hint).toBe('fix it');
  });

  test('a stack that is gone is at its end', async () => {
    const look = looks({ status: 'DELETE_IN_PROGRESS', steps: [] }, { status: null, steps: [] });
    const end = await follow(look);
    expect(end.stack).toBeUndefined();
    expect(failure('s', 'made', end, '')).toBeInstanceOf(NotFound);
  });

  test('without a step that failed, the stack says why', async () => {
    const look = looks({ status: 'ROLLBACK_COMPLETE', steps: [] });
    expect(failure('s', 'made', await follow(look), '').message).toBe(
      'stack s could not be made: ROLLBACK_COMPLETE',
    );
  });
});
