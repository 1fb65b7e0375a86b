/** Step Functions carries 256 KiB from state to state, and ends an execution that passes them where no Catch sees it. */
import { expect, test } from '@jest/globals';
import { readDefinition } from '../../../runs/local/walk/definition.ts';
import { walk } from '../../../runs/local/walk/walk.ts';
import { eksRequest, newWorld } from '../../support/cloud/run.ts';
import { cloudTasks } from '../../support/cloud/tasks.ts';

const definition = await readDefinition('run');

/** The largest input or output of any state's function in a run over so many files, in bytes. */
async function largest(files: number): Promise<number> {
  const world = await newWorld();
  for (let file = 0; file < files; file++) await world.data.write(`more/${file}.csv`, 'Power,Power2\n');
  const ports = world.ports('r');
  await ports.executions.start('run', 'r-1', { run: 'r' });
  const { tasks, items } = cloudTasks(ports, eksRequest());
  let most = 0;
  const measured = Object.entries(tasks).map(([name, ask]) => [
    name,
    async (input: unknown) => {
      world.clock.advance(5);
      const output = await ask(input);
      for (const value of [input, output]) most = Math.max(most, JSON.stringify(value ?? null).length);
      return output;
    },
  ]);
  const now = () => world.clock.now();
  const options = { input: { run: 'r' }, items, now, execution: 'r-1', retries: 0 };
  const output = await walk(definition, { ...options, tasks: Object.fromEntries(measured) });
  return Math.max(most, JSON.stringify(output).length);
}

test('what states are handed does not grow with the run, and is far from the limit', async () => {
  const [small, large] = [await largest(0), await largest(400)];
  // Numbers get longer, and nothing else.
  expect(large - small).toBeLessThan(100);
  expect(large).toBeLessThan(16 * 1024);
}, 120_000);
