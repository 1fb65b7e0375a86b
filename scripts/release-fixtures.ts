/**
 * Notes what a release is, for the tests of the next one: `node scripts/release-fixtures.ts` writes test/fixtures/release/.
 * `events.json`: what the state machines hand to each function, an event of each shape, from runs, clean-ups and failures
 * of every state. `resources.json`: the stack's resources that must not be replaced, with what would replace them.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { version } from '../adapters/local/version.ts';
import { forEachState, readDefinition } from '../runs/local/walk/definition.ts';
import { walk } from '../runs/local/walk/walk.ts';
import { eksRequest, newWorld } from '../test/support/cloud/run.ts';
import { cleanUpTasks, cloudTasks, type EksRequest } from '../test/support/cloud/tasks.ts';
import type { World } from '../test/support/cloud/world.ts';
import { MemoryExecutions } from '../test/support/memory-aws/executions.ts';
import { replacing } from '../test/support/stack/replacement-properties.ts';
import type { Template } from '../test/support/stack/template.ts';
import { packageStack } from './package-stack.ts';

type Machine = 'run' | 'cleanup';
type Tasks = ReturnType<typeof cloudTasks>;

const definitions = { run: await readDefinition('run'), cleanup: await readDefinition('cleanup') };
const waits: Record<string, number> = {};
/** The function of each state that asks one. */
const functions: Record<Machine, Map<string, string>> = { run: new Map(), cleanup: new Map() };
const tasks: Record<Machine, string[]> = { run: [], cleanup: [] };
for (const machine of ['run', 'cleanup'] as const)
  forEachState(definitions[machine], (state, { Type, Resource }) => {
    if (Type === 'Wait') waits[state] = 0;
    if (Type === 'Task') tasks[machine].push(state);
    const name = /^\$\{(\w+)\}$|function:(?:.*-)?(\w+)$/.exec(String(Resource ?? ''));
    if (Type === 'Task' && name) functions[machine].set(state, name[1] ?? name[2] ?? '');
  });

/** Values by their types: events of one shape are one event. */
function shape(value: unknown): unknown {
  if (Array.isArray(value)) return ['list'];
  if (typeof value !== 'object' || value === null) return value === null ? 'null' : typeof value;
  return Object.fromEntries(Object.entries(value).map(([key, inside]) => [key, shape(inside)]));
}

const noted: Record<string, Map<string, unknown>> = {};

/** Walks one execution, and notes what each function is asked. @param failing a state that fails */
async function note(
  { clock }: World,
  machine: Machine,
  input: Record<string, unknown>,
  of: Tasks,
  failing?: string,
): Promise<void> {
  const watched = Object.fromEntries(
    Object.entries(of.tasks).map(([state, ask]) => [
      state,
      async (event: unknown) => {
        clock.advance(5);
        const name = functions[machine].get(state);
        // biome-ignore lint/suspicious/noAssignInExpressions: made when it is first needed
        if (name) (noted[name] ??= new Map()).set(JSON.stringify(shape(event)), event);
        if (state === failing) throw Object.assign(new Error('no'), { name: 'QuotaExceeded' });
        return ask(event);
      },
    ]),
  );
  const options = { input, items: of.items, waits, execution: 'r-1', retries: 0, tasks: watched };
  await walk(definitions[machine], options).catch(() => undefined);
}

async function newRun(): Promise<World> {
  const world = await newWorld();
  await world.ports('r').executions.start('run', 'r-1', { run: 'r' });
  return world;
}
const noteRun = (world: World, request: EksRequest, failing?: string) =>
  note(world, 'run', { run: 'r' }, cloudTasks(world.ports('r'), request), failing);

const whole = eksRequest();
const cleanedUp = eksRequest('r', { repetitions: 2, target: { cleanUp: true } });
const without = eksRequest('r', { target: { bastion: null, cluster: { name: 'c', version: '1.34' } } });
for (const request of [whole, cleanedUp, without]) await noteRun(await newRun(), request);
for (const state of tasks.run) await noteRun(await newRun(), cleanedUp, state);
const execution = { run: 'r', execution: 'r-1' };
const removal = { cluster: 'c', tearDown: true };
for (const scope of [execution, removal, { ...execution, ...removal }, { ...removal, cluster: null }]) {
  const world = await newRun();
  await noteRun(world, whole);
  new MemoryExecutions(world.account).end('r-1', 'aborted');
  await note(world, 'cleanup', scope, cleanUpTasks(world.ports('r'), whole));
}

// What rules.yml has the janitor asked.
noted.Janitor = new Map([{}, { execution: 'r-1' }].map((event) => [JSON.stringify(event), event]));
const events = Object.fromEntries(
  Object.entries(noted)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, shapes]) => [name, [...shapes.values()]]),
);
const folder = mkdtempSync(join(tmpdir(), 'gcd-release-'));
packageStack(folder);
const template = readFileSync(join(folder, 'cloudformation-template-update-stack.json'), 'utf8');
rmSync(folder, { recursive: true });
const resources = Object.fromEntries(
  Object.entries((JSON.parse(template) as Template).Resources).flatMap(([name, { Type, Properties }]) => {
    const kept = (replacing[Type] ?? []).filter((key) => Properties?.[key] !== undefined);
    return replacing[Type]
      ? [[name, { Type, ...Object.fromEntries(kept.map((key) => [key, Properties[key]])) }]]
      : [];
  }),
);

const target = fileURLToPath(new URL('../test/fixtures/release/', import.meta.url));
mkdirSync(target, { recursive: true });
const write = (file: string, content: object) =>
  writeFileSync(join(target, file), JSON.stringify({ version: version(), ...content }));
write('events.json', { events });
write('resources.json', { resources });
