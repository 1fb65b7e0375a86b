import { expect, test } from '@jest/globals';
import { onExecutionEnded } from '../../../../functions/janitor/on-execution-ended.ts';
import type { Execution } from '../../../../ports/account/executions.ts';
import { ManualClock } from '../../../support/memory/manual-clock.ts';
import { MemoryAccount } from '../../../support/memory-aws/account.ts';
import { MemoryExecutions } from '../../../support/memory-aws/executions.ts';

async function ended(state: Execution['state'], input: Record<string, unknown> = { run: 'r' }) {
  const executions = new MemoryExecutions(new MemoryAccount({ clock: new ManualClock(0) }));
  await executions.start('run', 'r-1', input);
  if (state !== 'running') executions.end('r-1', state);
  return { executions, begin: () => onExecutionEnded({ executions })('r-1') };
}

test.each(['aborted', 'timed-out'] as const)(
  'an execution that is %s is cleaned up after, once',
  async (state) => {
    const { executions, begin } = await ended(state);
    expect(await begin()).toBe(true);
    expect(await executions.find('r-1-cleanup')).toMatchObject({ run: 'r', state: 'running' });
    expect(await begin()).toBe(false);
  },
);

test.each(['running', 'succeeded', 'failed'] as const)(
  'one that is %s has seen to that itself',
  async (state) => {
    const { executions, begin } = await ended(state);
    expect(await begin()).toBe(false);
    expect(await executions.find('r-1-cleanup')).toBeUndefined();
  },
);

test('one that is not known, or is of no run yet, has nothing to be gathered', async () => {
  const { executions, begin } = await ended('aborted', { schedule: 'daily' });
  expect(await begin()).toBe(false);
  expect(await onExecutionEnded({ executions })('never')).toBe(false);
});
