/** What a stop costs: counted over a Distributed Map as Step Functions runs one, with the definition's own children. */
import { expect, test } from '@jest/globals';
import { batchConcurrency } from '../../../core/reservations.ts';
import {
  type Definition,
  forEachState,
  readDefinition,
  type State,
} from '../../../runs/local/walk/definition.ts';

const run = await readDefinition('run');

function stateOf(definition: Definition, name: string): State {
  let found: State | undefined;
  forEachState(definition, (one, state) => {
    if (one === name) found = state;
  });
  return found as State;
}

/** Whether a child whose worker answers its token with this error fails, and with it the Map: as its catchers say. */
function endsMap(map: State, error: string): boolean {
  const child = map.ItemProcessor as Definition;
  const { Catch = [] } = child.States[child.StartAt] as State;
  const caught = Catch.find(({ ErrorEquals }) =>
    ErrorEquals.some((one) => one === error || one === 'States.ALL'),
  );
  const tolerates = Object.keys(map).some((field) => field.startsWith('Tolerated'));
  return !tolerates && (!caught || child.States[caught.Next]?.Type === 'Fail');
}

/** What is asked of AWS from the stop on, until no batch is on its way. */
function afterStop(map: State, batches: number, workers: number) {
  const concurrency = batchConcurrency(workers);
  const asked = { started: 0, sent: 0, answered: 0 };
  // All that may be on its way is; the rest has not begun.
  let [waiting, left] = [concurrency, batches - concurrency];
  while (waiting > 0) {
    // A worker takes a message, sees that the run is over, and says so.
    waiting--;
    asked.answered++;
    // The children that are on their way are ended by Step Functions; each worker finds out by its own answer at the most.
    if (endsMap(map, 'Stopped')) return { ...asked, answered: Math.min(workers, waiting + 1) };
    if (left === 0) continue;
    left--;
    waiting++;
    asked.started++;
    asked.sent++;
  }
  return asked;
}

const map = stateOf(run, 'DispatchBatches');

test.each([1_000, 1_000_000])(
  'a stop at %d batches costs an answer for each worker, and starts nothing',
  (batches) => {
    expect(afterStop(map, batches, 400)).toEqual({ started: 0, sent: 0, answered: 400 });
  },
);

test('where children caught it, every batch would have its turn', () => {
  const caught = structuredClone(map);
  const [child] = Object.values(caught.ItemProcessor?.States ?? {}) as [State];
  child.Catch = [{ ErrorEquals: ['States.ALL'], Next: 'BatchLost' }];
  expect(afterStop(caught, 1_000_000, 400).started).toBe(1_000_000 - batchConcurrency(400));
});

test('what is on its way follows the workers, and Step Functions has its limit', () => {
  expect([1, 16, 400, 9_000].map(batchConcurrency)).toEqual([5, 20, 500, 10_000]);
});
