/** A clean-up on an account in memory, followed to its end. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { cleanUp, inventoryChanges } from '../../../../../cli/aws/inventory/clean-up.ts';
import { renderInventory } from '../../../../../cli/aws/inventory/render-inventory.ts';
import { type Found, takeInventory } from '../../../../../cli/aws/inventory/take-inventory.ts';
import { RunInterrupted } from '../../../../../core/errors/errors.ts';
import type { Execution } from '../../../../../ports/account/executions.ts';
import { ManualClock } from '../../../../support/memory/manual-clock.ts';
import { MemoryAccount } from '../../../../support/memory-aws/account.ts';
import { MemoryExecutions } from '../../../../support/memory-aws/executions.ts';
import { MemoryInventory } from '../../../../support/memory-aws/inventory.ts';

let clock: ManualClock;
let account: MemoryAccount;
let ports: { executions: MemoryExecutions; inventory: MemoryInventory; clock: ManualClock };
beforeEach(() => {
  clock = new ManualClock(1_800_000_000);
  account = new MemoryAccount({ clock });
  ports = {
    executions: new MemoryExecutions(account),
    inventory: new MemoryInventory(account),
    clock,
  };
  for (const kind of ['key-pair', 'upload'] as const)
    account.things.push({ kind, name: `the ${kind}`, cluster: null, since: clock.now() - 60 });
});

/** Follows a clean-up; `work` is done at each look, as the state machine would. */
async function follow(work: (look: number) => void, signal = new AbortController().signal) {
  const lines: string[] = [];
  let looks = 0;
  const { executions, inventory } = ports;
  const before = await takeInventory(ports)({ cluster: null });
  const working = {
    ...ports,
    executions: Object.assign(Object.create(executions), {
      find: async (name: string) => {
        work(looks++);
        return executions.find(name);
      },
      start: executions.start.bind(executions),
    }) as MemoryExecutions,
    inventory,
  };
  const end = await cleanUp(working, {
    ...{ cluster: null, execution: 'cleanup-1', before, pause: 0, signal },
    print: (line) => lines.push(line),
  });
  return { ...end, lines };
}

const ends = (state: Execution['state']) => {
  const execution = account.executions.get('cleanup-1');
  if (execution) execution.state = state;
};

describe('cleanUp', () => {
  test('tells what goes, and that nothing is left', async () => {
    const { state, left, lines } = await follow((look) => {
      if (look > 0) account.things.pop();
      if (look === 2) ends('succeeded');
    });
    expect({ state, left }).toEqual({ state: 'succeeded', left: [] });
    expect(lines[0]).toBe('clean-up cleanup-1 has started');
    expect(lines.slice(1).map((line) => line.trim().replace(/^[\d.]+ s +/, ''))).toEqual([
      'deleted: upload the upload',
      'deleted: key pair the key-pair',
    ]);
    expect(account.executions.get('cleanup-1')?.input).toEqual({ cluster: null, tearDown: true });
  });

  test('looks for itself what is left, also when the machine says that it has succeeded', async () => {
    const { state, left } = await follow(() => ends('succeeded'));
    expect(state).toBe('succeeded');
    expect(left.map(({ name }) => name)).toEqual(['the key-pair', 'the upload']);
  });

  test('ends with the execution, whatever becomes of it', async () => {
    expect((await follow(() => ends('failed'))).state).toBe('failed');
  });

  test('goes on by itself when nobody follows any more', async () => {
    const controller = new AbortController();
    controller.abort();
    await expect(follow(() => {}, controller.signal)).rejects.toThrow(RunInterrupted);
    expect(account.executions.get('cleanup-1')?.state).toBe('running');
  });
});

const thing = (name: string, going = false): Found => ({
  ...{ kind: 'cluster', name, cluster: name, since: null, age: null },
  going,
});

test('inventoryChanges: what is gone, going, and come', () => {
  const before = [thing('a'), thing('b'), thing('c', true)];
  expect(inventoryChanges(before, [thing('b', true), thing('c', true), thing('d')])).toEqual([
    'deleted: cluster a',
    'being deleted: cluster b',
    'also to be deleted: cluster d',
  ]);
});

test('renderInventory: of many of a kind the first, and a count', () => {
  const many = Array.from({ length: 30 }, (_, n) => ({
    ...thing(`d${n}`),
    kind: 'image' as const,
    cluster: null,
  }));
  const lines = renderInventory([thing('c'), ...many]);
  expect(lines).toHaveLength(1 + 1 + 12 + 1);
  expect(lines.at(-1)).toBe('and 18 more of that kind');
});
