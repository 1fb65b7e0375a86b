/**
 * Which fields of a definition the local walk honours: read off aws-local-stepfunctions 3.0.0, plus what
 * rewrite-definition.ts and the overrides make good. A field outside of these would be ignored without a word.
 */
import { type Definition, forEachState } from './definition.ts';

const flow = ['Type', 'Comment', 'Next', 'End', 'InputPath', 'OutputPath'];
const caught = ['ResultSelector', 'ResultPath', 'Retry', 'Catch'];

const byInterpreter: Record<string, string[]> = {
  Task: [...flow, ...caught, 'Resource', 'Parameters', 'TimeoutSeconds'],
  Map: [
    ...flow,
    ...caught,
    'ItemProcessor',
    'ItemSelector',
    'ItemsPath',
    'MaxConcurrency',
    'MaxConcurrencyPath',
  ],
  Parallel: [...flow, ...caught, 'Branches', 'Parameters'],
  Pass: [...flow, 'ResultPath', 'Parameters', 'Result'],
  Wait: [...flow, 'Seconds', 'SecondsPath', 'Timestamp', 'TimestampPath'],
  Choice: ['Type', 'Comment', 'InputPath', 'OutputPath', 'Choices', 'Default'],
  Succeed: ['Type', 'Comment', 'InputPath', 'OutputPath'],
  Fail: ['Type', 'Comment', 'Error', 'ErrorPath', 'Cause', 'CausePath'],
};

/** Made good by rewrite-definition.ts. */
const byWalker: Record<string, string[]> = {
  Map: ['ItemReader', 'ResultWriter'],
  Task: ['TimeoutSecondsPath'],
};

/** Fields of single states whose meaning the function that takes the state's place keeps. */
export type Overrides = Record<string, string[]>;

/** A local batch needs no heartbeat: its worker's pipe tells at once when it is gone. */
export const overriddenFields: Overrides = { RunBatch: ['HeartbeatSeconds'] };

const topLevel = ['Comment', 'StartAt', 'States', 'Version'];
const processor = [...topLevel, 'ProcessorConfig'];

/** Every field that a local walk would ignore, as `State.Field`. */
export function ignoredFields(definition: Definition, overrides: Overrides = overriddenFields): string[] {
  const ignored = Object.keys(definition).filter((field) => !topLevel.includes(field));
  forEachState(definition, (name, state) => {
    const known = [byInterpreter, byWalker].flatMap((fields) => fields[state.Type] ?? []);
    for (const field of Object.keys(state))
      if (!known.includes(field) && !overrides[name]?.includes(field)) ignored.push(`${name}.${field}`);
    for (const field of Object.keys(state.ItemProcessor ?? {}))
      if (!processor.includes(field)) ignored.push(`${name}.ItemProcessor.${field}`);
    for (const branch of state.Branches ?? [])
      for (const field of Object.keys(branch))
        if (!topLevel.includes(field)) ignored.push(`${name}.Branches.${field}`);
    for (const test of falseTests(state.Choices ?? [])) ignored.push(`${name}.Choices.${test}`);
    if (state.ItemReader) {
      const { InputType, ...rest } = (state.ItemReader as { ReaderConfig: Record<string, unknown> })
        .ReaderConfig;
      if (InputType !== 'JSONL') ignored.push(`${name}.ItemReader.ReaderConfig.InputType`);
      for (const field of Object.keys(rest)) ignored.push(`${name}.ItemReader.ReaderConfig.${field}`);
    }
  });
  return ignored;
}

/** The interpreter takes `IsPresent: false` and the like for never true. */
function falseTests(rules: Record<string, unknown>[]): string[] {
  return rules.flatMap((rule) => [
    ...Object.keys(rule).filter((key) => key.startsWith('Is') && rule[key] === false),
    ...falseTests(
      [rule.And, rule.Or, rule.Not].flat().filter((inner) => inner !== undefined) as typeof rules,
    ),
  ]);
}
