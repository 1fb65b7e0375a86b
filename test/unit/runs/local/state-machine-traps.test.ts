/** What asl-validator does not find: things that fail on AWS only, or only there cost money. */
import { readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import aslValidator from 'asl-validator';
import { assetPath } from '../../../../adapters/local/assets.ts';
import { batchTimeout } from '../../../../functions/plan/tasks/batch-limits.ts';
import { cloudStates, runTasks } from '../../../../runs/local/execution/run-tasks.ts';
import {
  type Definition,
  forEachState,
  readDefinition,
  type State,
} from '../../../../runs/local/walk/definition.ts';
import { ignoredFields } from '../../../../runs/local/walk/supported-asl-fields.ts';

const names = ['run', 'cleanup'] as const;
const definitions = await Promise.all(names.map(readDefinition));
const sources = await Promise.all(
  names.map((name) => readFile(assetPath('state-machines', `${name}.asl.yaml`), 'utf8')),
);

const statesOf = (definition: Definition): [string, State][] => {
  const found: [string, State][] = [];
  forEachState(definition, (name, state) => found.push([name, state]));
  return found;
};

/** Where a state may lead to. */
const nextOf = (state: State): string[] =>
  [
    state.Next,
    state.Default,
    ...(state.Choices ?? []).map(({ Next }) => Next as string),
    ...(state.Catch ?? []).map(({ Next }) => Next),
  ].filter((next) => next !== undefined);

/** All machines in a definition: itself, branches, what a Map runs. */
function machinesIn(definition: Definition): Definition[] {
  const inner = Object.values(definition.States).flatMap(({ Branches = [], ItemProcessor }) => [
    ...Branches,
    ...(ItemProcessor ? [ItemProcessor] : []),
  ]);
  return [definition, ...inner.flatMap(machinesIn)];
}

/** All text values below a field whose name matches. */
function texts(value: unknown, name: RegExp, inside = false): string[] {
  if (typeof value === 'string') return inside ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, one]) => texts(one, name, inside || name.test(key)));
}

describe.each(
  names.map((name, index) => [name, definitions[index] as Definition, sources[index] as string] as const),
)('%s.asl.yaml', (_, definition, source) => {
  test('is valid, and has nothing that a local walk would ignore', () => {
    const arn = 'arn:aws:lambda:eu-west-1:123456789012:function:';
    const filled = JSON.parse(JSON.stringify(definition).replace(/\$\{(\w+)\}/g, `${arn}$1`));
    const { isValid, errorsText } = aslValidator(filled);
    expect(isValid ? '' : errorsText('\n')).toBe('');
    expect(ignoredFields(definition)).toEqual([]);
  });

  test('names no account, region or stage', () => {
    expect(source).not.toMatch(/\d{12}/);
    expect(source).not.toMatch(/\b(us|eu|ap|sa|ca|af|me|il|cn)-(gov-)?[a-z]+-\d\b/);
    expect(source).not.toMatch(/\b(dev|staging|prod|production)\b/);
    // Functions by placeholders, integrations without a region.
    for (const resource of texts(definition, /^Resource$/))
      expect(resource).toMatch(/^(\$\{\w+\}|arn:aws:states:::[A-Za-z0-9:.]+)$/);
  });

  test('every state is reached, and its name stands once', () => {
    const all = statesOf(definition).map(([name]) => name);
    expect(all.filter((name, place) => all.indexOf(name) !== place)).toEqual([]);
    for (const { StartAt, States } of machinesIn(definition)) {
      const reached = new Set([StartAt]);
      for (const name of reached) for (const next of nextOf(States[name] as State)) reached.add(next);
      expect(Object.keys(States).filter((name) => !reached.has(name))).toEqual([]);
    }
  });

  test('every task has a time limit; one that may fail at the top is caught there, and keeps the state', () => {
    const tasks = statesOf(definition).filter(([, { Type }]) => Type === 'Task');
    expect(
      tasks.filter(([, state]) => !state.TimeoutSeconds && !state.TimeoutSecondsPath).map(([name]) => name),
    ).toEqual([]);
    const top = Object.entries(definition.States).filter(([, { Type }]) =>
      ['Task', 'Map', 'Parallel'].includes(Type),
    );
    const caught = ([, { Catch = [] }]: [string, State]) =>
      Catch.at(-1)?.ErrorEquals.join() === 'States.ALL' && Catch.every(({ ResultPath }) => ResultPath);
    expect(top.filter((one) => !caught(one)).map(([name]) => name)).toEqual([]);
  });

  test('a failure later than the first does not take its place', () => {
    // Only what nobody has failed before may write where the outcome is kept.
    const first = ['Validate', 'Work', 'BeginCleanUp', 'Notify'];
    const over = Object.entries(definition.States).filter(
      ([name, { ResultPath, Catch = [] }]) =>
        !first.includes(name) &&
        [ResultPath, ...Catch.map((rule) => rule.ResultPath)].some((path) => path === '$.outcome'),
    );
    expect(over.map(([name]) => name)).toEqual([]);
    // Each state of the end has a place of its own, by which its failure is told.
    for (const [name, { Catch = [] }] of Object.entries(definition.States))
      if (!first.includes(name))
        for (const { ResultPath } of Catch)
          expect([name, ResultPath]).toEqual([
            name,
            expect.stringMatching(`^\\$\\.(failures|passed)\\.${name}$`),
          ]);
  });

  test('what the last state but one cannot say, the decision after it finds', () => {
    const kept = Object.values(definition.States).flatMap(({ Catch = [] }) =>
      Catch.map(({ ResultPath }) => String(ResultPath)).filter((path) => path.startsWith('$.failures.')),
    );
    const asked = JSON.stringify(definition.States['Failed?']);
    const needed = definition.States.BeginCleanUp ? ['$.failures.Notify'] : [...new Set(kept)];
    expect(needed.length).toBeGreaterThan(0);
    for (const path of needed) expect(asked).toContain(`"${path}"`);
  });

  test('heartbeats that are missed are named as AWS names them, and as imitations do', () => {
    // The narrower name stands first: the other is said to mean both.
    for (const errors of statesOf(definition).map(([, state]) => retriesOf(state).flat()))
      if (errors.some((error) => /^States\.(Heartbeat)?Timeout$/.test(error)))
        expect(errors.slice(0, 2)).toEqual(['States.HeartbeatTimeout', 'States.Timeout']);
  });

  test('a function that hangs, or whose sandbox dies, is asked once more', () => {
    const functions = statesOf(definition).filter(
      ([name, { Resource }]) => String(Resource).startsWith('$') && name !== 'EnsureEnvironment',
    );
    expect(functions.length).toBeGreaterThan(8);
    for (const [name, { Retry }] of functions) {
      const retriers = (Retry ?? []) as { ErrorEquals: string[]; MaxAttempts: number }[];
      for (const error of ['Sandbox.Timedout', 'Lambda.Unknown', 'Runtime.ExitError'])
        expect([
          name,
          retriers
            .filter(({ ErrorEquals }) => ErrorEquals.includes(error))
            .map(({ MaxAttempts }) => MaxAttempts),
        ]).toEqual([name, [1]]);
    }
  });

  test('causes are paths, not made by functions where AWS takes none', () => {
    for (const path of texts(definition, /^(CausePath|ErrorPath)$/)) expect(path).toMatch(/^\$\.[\w.]+$/);
  });

  test('no state waits, and no loop asks: a step that is pending is asked again where it stands', () => {
    const all = statesOf(definition);
    expect(all.filter(([, { Type }]) => Type === 'Wait' || Type === 'Pass').map(([name]) => name)).toEqual(
      [],
    );
    const pending = all.filter(([, state]) => retriesOf(state).some((errors) => errors.includes('Pending')));
    expect(pending.length).toBeGreaterThan(4);
    for (const [name, state] of pending) {
      // Its error stands alone, so that how often the cloud fails does not count.
      expect([name, retriesOf(state)[0]]).toEqual([name, ['Pending']]);
      // Their deadlines: the installer's own end, cursors that go on, and nodes of others, which are not waited for.
      const own = ['EnsureEnvironment', 'PlanTasks', 'Gather', 'Report', 'ScaleDown'];
      // A clean-up's has its own, from when the workers were told to stop.
      if (definition.States.BeginCleanUp) own.push('StopWorkers');
      if (own.includes(name)) continue;
      expect([name, (state.Parameters as Record<string, unknown>)['since.$']]).toEqual([
        name,
        '$$.State.EnteredTime',
      ]);
    }
  });
});

const retriesOf = ({ Retry }: State) =>
  ((Retry ?? []) as { ErrorEquals: string[] }[]).map(({ ErrorEquals }) => ErrorEquals);

describe('run.asl.yaml', () => {
  const [run] = definitions as [Definition, Definition];
  const all = new Map(statesOf(run));

  test('every Distributed Map writes its results away; its children return nothing, and catch their own errors but a stop', () => {
    const maps = [...all.values()].filter(
      ({ ItemProcessor }) => (ItemProcessor?.ProcessorConfig as { Mode?: string })?.Mode === 'DISTRIBUTED',
    );
    expect(maps).toHaveLength(1);
    for (const { ResultWriter, ResultPath, ItemProcessor } of maps) {
      expect(ResultWriter).toBeDefined();
      expect(ResultPath).toBeNull();
      for (const [name, state] of Object.entries(ItemProcessor?.States ?? {})) {
        if (state.Type === 'Task') expect(state.Catch?.at(-1)?.ErrorEquals).toEqual(['States.ALL']);
        expect([name, state.End]).toEqual([name, undefined]);
        if (state.Type === 'Succeed') expect([name, state.InputPath]).toEqual([name, null]);
      }
    }
  });

  test('a batch that nobody takes is offered again and again, as long as an execution may last', () => {
    const { Retry, HeartbeatSeconds, TimeoutSecondsPath } = all.get('RunBatch') as State;
    const retriers = Retry as { MaxAttempts: number; IntervalSeconds: number; BackoffRate: number }[];
    const [waits, overruns] = retriers;
    // With few nodes the last batches wait for hours; the waits between attempts do not grow.
    expect(waits).toMatchObject({ ErrorEquals: ['States.HeartbeatTimeout'], BackoffRate: 1 });
    // A run of 20,000 minutes on 16 workers of 200 that were asked for takes 21 hours; a fortnight is none too much.
    expect((waits?.MaxAttempts ?? 0) * (HeartbeatSeconds as number)).toBeGreaterThan(14 * 86_400);
    expect(overruns).toMatchObject({ ErrorEquals: ['States.Timeout'], MaxAttempts: 3 });
    expect(TimeoutSecondsPath).toBe('$.item.timeout');
    // config.yaml takes no shorter limit than a second.
    const config = { taskTimeoutSeconds: 1, maxAttempts: 1 };
    const least = batchTimeout(config);
    expect(HeartbeatSeconds as number).toBeLessThan(least);
  });

  test('errors of SQS are named as AWS names them', () => {
    // Recorded from AWS in 2023 and 2024, in the taskFailedEventDetails of sqs:sendMessage and of its waitForTaskToken:
    // github.com/localstack/localstack, tests/aws/services/stepfunctions/v2/error_handling/test_task_service_sqs.snapshot.json
    const recorded = ['SQS.AmazonSQSException', 'SQS.SdkClientException'];
    const senders = [...all.values()].filter(({ Resource }) => String(Resource).includes(':::sqs:'));
    expect(senders).toHaveLength(1);
    for (const state of senders) {
      const named = retriesOf(state).filter((errors) => /^sqs/i.test(errors.join()));
      expect(named).toEqual([recorded]);
    }
  });

  test('a stop fails the Map at once, and by nothing else than its own name', () => {
    const map = all.get('DispatchBatches') as State;
    // Not a single child may fail: https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html
    expect(Object.keys(map).filter((field) => field.startsWith('Tolerated'))).toEqual([]);
    const [stopped] = all.get('RunBatch')?.Catch ?? [];
    expect(stopped?.ErrorEquals).toEqual(['Stopped']);
    expect(all.get(stopped?.Next ?? '')).toMatchObject({ Type: 'Fail', Error: 'Stopped' });
    // AWS names the Map's own error; who imitates it, what the child failed with.
    expect(map.Catch?.map(({ ErrorEquals, Next }) => [ErrorEquals, Next])).toEqual([
      [['States.ExceedToleratedFailureThreshold', 'Stopped'], 'EndRepetition'],
    ]);
  });

  test('of a build, only its name is kept', () => {
    const builds = [...all.values()].filter(({ Resource }) => String(Resource).includes('codebuild:'));
    expect(builds.map(({ Resource, ResultSelector }) => [Resource, ResultSelector])).toEqual([
      ['arn:aws:states:::codebuild:startBuild.sync', { 'build.$': '$.Build.Id' }],
    ]);
  });

  test('on this machine, each task state is either done or passed by', () => {
    const { tasks } = runTasks({} as never, {} as never);
    const states = [...all].filter(([, { Type }]) => Type === 'Task').map(([name]) => name);
    expect(Object.keys(tasks).sort()).toEqual(states.sort());
    for (const state of cloudStates) expect(() => tasks[state]?.({})).toThrow(/a state of runs on a cluster/);
  });

  test('a test that the interpreter would never find true is found', () => {
    const changed = structuredClone(run);
    Object.assign(changed.States['Failed?'] as object, {
      Choices: [{ Not: { Variable: '$.x', IsPresent: false }, Next: 'Failed' }],
    });
    expect(ignoredFields(changed)).toEqual(['Failed?.Choices.IsPresent']);
  });
});
