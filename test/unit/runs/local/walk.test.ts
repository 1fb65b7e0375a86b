import { describe, expect, test } from '@jest/globals';
import aslValidator from 'asl-validator';
import type { RunEvent } from '../../../../core/run-store/events/events.ts';
import {
  type Definition,
  forEachState,
  readDefinition,
  type State,
} from '../../../../runs/local/walk/definition.ts';
import { ignoredFields } from '../../../../runs/local/walk/supported-asl-fields.ts';
import { walk } from '../../../../runs/local/walk/walk.ts';

const run = await readDefinition('run');

describe('the definition of a run', () => {
  test('is valid Amazon States Language', () => {
    const arn = 'arn:aws:lambda:eu-west-1:123456789012:function:';
    const filled = JSON.parse(JSON.stringify(run).replace(/\$\{(\w+)\}/g, `${arn}$1`));
    const { isValid, errorsText } = aslValidator(filled);
    expect(isValid ? '' : errorsText('\n')).toBe('');
  });

  test('has no field that a local walk would ignore', () => {
    expect(ignoredFields(run)).toEqual([]);
  });

  test.each([
    ['Validate', { HeartbeatSeconds: 5 }, 'Validate.HeartbeatSeconds'],
    ['Validate', { Assign: { a: 1 } }, 'Validate.Assign'],
    ['Validate', { QueryLanguage: 'JSONata' }, 'Validate.QueryLanguage'],
    ['DispatchBatches', { ItemBatcher: {} }, 'DispatchBatches.ItemBatcher'],
    ['DispatchBatches', { ToleratedFailurePercentage: 5 }, 'DispatchBatches.ToleratedFailurePercentage'],
  ])('a field that the interpreter ignores is found: %s %j', (name, fields, found) => {
    const changed = structuredClone(run);
    forEachState(changed, (one, state) => {
      if (one === name) Object.assign(state, fields);
    });
    expect(ignoredFields(changed)).toEqual([found]);
  });

  test('children of the Distributed Map return nothing, and its results are written', () => {
    let map: State | undefined;
    forEachState(run, (name, state) => {
      if (name === 'DispatchBatches') map = state;
    });
    expect(map?.ResultWriter).toBeDefined();
    expect(map?.ResultPath).toBeNull();
    const ends = Object.values(map?.ItemProcessor?.States ?? {}).filter(({ Type }) => Type === 'Succeed');
    expect(ends.map(({ InputPath }) => InputPath)).toEqual([null, null]);
  });
});

const mapOver = (extra: object = {}): Definition => ({
  StartAt: 'Double',
  States: {
    Double: {
      Type: 'Map',
      MaxConcurrencyPath: '$.concurrency',
      ItemReader: { Resource: 'arn:aws:states:::s3:getObject', Parameters: { 'Key.$': '$.key' } },
      ItemSelector: { 'value.$': '$$.Map.Item.Value.n', 'token.$': '$$.Task.Token' },
      ItemProcessor: { StartAt: 'One', States: { One: { Type: 'Task', Resource: 'x', End: true } } },
      ...extra,
    },
    Caught: { Type: 'Pass', End: true },
  },
});

describe('walk', () => {
  test('turns an ItemReader into items, as many at once as the state says', async () => {
    let running = 0;
    let most = 0;
    const output = await walk(mapOver({ End: true }), {
      input: { key: 'k.jsonl', concurrency: 3 },
      items: { Double: async ({ Key }) => Array.from({ length: 50 }, (_, n) => ({ n, Key })) },
      tasks: {
        One: async ({ value, token }) => {
          most = Math.max(most, ++running);
          await new Promise(setImmediate);
          running--;
          return `${value * 2} ${token}`;
        },
      },
    });
    expect(output).toEqual(Array.from({ length: 50 }, (_, n) => `${n * 2} local`));
    expect(most).toBe(3);
  });

  test('others have their turn while items go by whose tasks answer at once', async () => {
    let [begun, most, before] = [0, 0, 0];
    let isOver = false;
    const look = () => {
      most = Math.max(most, begun - before);
      before = begun;
      if (!isOver) setImmediate(look);
    };
    setImmediate(look);
    await walk(mapOver({ End: true }), {
      input: { key: 'k.jsonl', concurrency: 3 },
      items: { Double: async () => Array.from({ length: 3000 }, (_, n) => ({ n })) },
      tasks: { One: () => ++begun },
    });
    isOver = true;
    look();
    expect(begun).toBe(3000);
    expect(most).toBeLessThan(500);
  });

  test("a reader that fails takes the Map's own Catch", async () => {
    const definition = mapOver({
      End: true,
      Catch: [{ ErrorEquals: ['Gone'], Next: 'Caught', ResultPath: '$.failure' }],
    });
    const gone = Object.assign(new Error('not there'), { name: 'Gone' });
    const options = { input: { concurrency: 1, key: '' }, tasks: { One: () => 1 } };
    const output = await walk(definition, { ...options, items: { Double: () => Promise.reject(gone) } });
    expect(output).toMatchObject({ failure: { Error: 'Gone', Cause: 'not there' } });
  });

  test('throws the error itself that made it fail, and tells the path', async () => {
    const definition: Definition = {
      StartAt: 'Try',
      States: {
        Try: {
          Type: 'Task',
          Resource: 'x',
          Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Failed' }],
          Next: 'Failed',
        },
        Failed: { Type: 'Fail', ErrorPath: '$.Error', CausePath: '$.Cause' },
      },
    };
    const cause = new RangeError('too far');
    const events: RunEvent[] = [];
    const failing = walk(definition, {
      input: {},
      items: {},
      tasks: { Try: () => Promise.reject(cause) },
      onEvent: (event) => events.push(event),
    });
    await expect(failing).rejects.toBe(cause);
    expect(events.map(({ event }) => event)).toEqual([
      'state-entered',
      'state-failed',
      'state-caught',
      'state-exited',
      'state-entered',
      'state-failed',
    ]);
  });

  test.each<[retries: 'none' | number, calls: number]>([
    ['none', 1],
    [0, 3],
  ])(
    'tries what fails again as the definition says, unless what it calls does: %p',
    async (retries, calls) => {
      const again = { ErrorEquals: ['Throttled'], IntervalSeconds: 60, MaxAttempts: 2, BackoffRate: 2 };
      const inner = {
        StartAt: 'Try',
        States: { Try: { Type: 'Task', Resource: 'x', Retry: [again], End: true } },
      };
      const definition: Definition = {
        StartAt: 'Both',
        States: { Both: { Type: 'Parallel', Branches: [inner], End: true } },
      };
      let count = 0;
      const Try = () => {
        count++;
        throw Object.assign(new Error('slower'), { name: 'Throttled' });
      };
      await expect(walk(definition, { input: {}, items: {}, tasks: { Try }, retries })).rejects.toThrow(
        'slower',
      );
      expect(count).toBe(calls);
    },
  );

  test.each(['none', undefined] as const)(
    'asks a step that is pending again, as long as it is; the time since when stays (retries: %s)',
    async (retries) => {
      const state = {
        Type: 'Task',
        Resource: 'x',
        Parameters: { 'since.$': '$$.State.EnteredTime', of: 'it' },
        Retry: [{ ErrorEquals: ['Pending'], IntervalSeconds: 60, MaxAttempts: 5, BackoffRate: 2 }],
      };
      const definition: Definition = {
        StartAt: 'First',
        States: { First: { ...state, Next: 'Second' }, Second: { ...state, End: true } },
      };
      let now = 100;
      const seen: unknown[] = [];
      const events: string[] = [];
      const step = async (input: unknown) => {
        seen.push(input);
        now += 10;
        return seen.length % 3 === 0
          ? { state: 'ready', at: now }
          : { state: 'pending', detail: 'the kettle' };
      };
      const output = await walk(definition, {
        ...{ input: {}, items: {}, tasks: { First: step, Second: step } },
        looks: { First: 0, Second: 0 },
        now: () => now,
        onEvent: ({ event }) => events.push(event),
        ...(retries && { retries }),
      });
      expect(output).toEqual({ state: 'ready', at: 160 });
      expect(seen).toEqual([100, 100, 100, 130, 130, 130].map((since) => ({ since, of: 'it' })));
      expect(events).toEqual(['state-entered', 'state-exited', 'state-entered', 'state-exited']);
    },
  );

  test('one that is pending for longer than it may fails with what it waits for', async () => {
    const Retry = [{ ErrorEquals: ['Pending'], IntervalSeconds: 1, MaxAttempts: 2, BackoffRate: 1 }];
    const definition: Definition = {
      StartAt: 'First',
      States: { First: { Type: 'Task', Resource: 'x', Retry, End: true } },
    };
    const tasks = { First: () => ({ state: 'pending', detail: 'the kettle' }) };
    await expect(
      walk(definition, { input: {}, items: {}, tasks, looks: { First: 0 } }),
    ).rejects.toMatchObject({
      name: 'Pending',
      message: 'the kettle',
    });
  });

  test('knows its execution, and tells of no decision', async () => {
    const rule = { Variable: '$.name', StringEquals: 'r-7', Next: 'Right' };
    const definition: Definition = {
      StartAt: 'Name',
      States: {
        Name: { Type: 'Pass', Parameters: { 'name.$': '$$.Execution.Name' }, Next: 'Which?' },
        'Which?': { Type: 'Choice', Choices: [rule], Default: 'Wrong' },
        Right: { Type: 'Succeed' },
        Wrong: { Type: 'Fail' },
      },
    };
    const path: string[] = [];
    const onEvent = (event: RunEvent) => {
      if (event.event === 'state-entered') path.push(event.state);
    };
    await walk(definition, { input: {}, items: {}, tasks: {}, execution: 'r-7', onEvent });
    expect(path).toEqual(['Name', 'Right']);
  });

  test('does not end what an item brings a limit for: here nothing is lost without a word', async () => {
    const task = { Type: 'Task', Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken', End: true };
    const definition: Definition = {
      StartAt: 'Batch',
      States: { Batch: { ...task, TimeoutSecondsPath: '$.timeout' } },
    };
    const slowly = () => new Promise((resolve) => setTimeout(resolve, 1100, 'done'));
    const input = { timeout: 1 };
    expect(await walk(definition, { input, items: {}, tasks: { Batch: slowly } })).toBe('done');
  });

  test('refuses a definition with a state that has no function', async () => {
    await expect(
      walk(mapOver({ End: true }), { input: {}, items: { Double: async () => [] }, tasks: {} }),
    ).rejects.toThrow("no function for state 'One'");
  });
});
