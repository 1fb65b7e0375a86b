/** The errors that the definitions wait for are called so by AWS. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import * as errors from '../../../core/errors/errors.ts';
import { forEachState, readDefinition, type State } from '../../../runs/local/walk/definition.ts';
import { documentedErrors, integrationErrors } from '../../support/aws/recorded-answers.ts';

const recorded = new Set<string>(Object.values(integrationErrors).map(({ value }) => value));
/** What a worker's agent answers a token with. */
const [, stopped = ''] =
  /^STOPPED = '(\w+)'$/m.exec(readFileSync('worker/gcd_worker/agent/cloud.py', 'utf8')) ?? [];
const ours = new Set([...Object.keys(errors), stopped]);

describe.each(['run', 'cleanup'] as const)('%s.asl.yaml', (name) => {
  const states: [string, State][] = [];
  const named = async () => {
    if (states.length === 0)
      forEachState(await readDefinition(name), (state, one) => states.push([state, one]));
    return states;
  };
  const errorsOf = (rules: unknown): string[] =>
    ((rules ?? []) as { ErrorEquals: string[] }[]).flatMap(({ ErrorEquals }) => ErrorEquals);
  const waitsFor = ({ Retry, Catch }: State) => [...errorsOf(Retry), ...errorsOf(Catch)];

  test('waits for no error that nobody has seen', async () => {
    const unknown = (await named()).flatMap(([state, one]) =>
      waitsFor(one)
        .filter((error) => !recorded.has(error) && !documentedErrors[error] && !ours.has(error))
        .map((error) => `${state}: ${error}`),
    );
    expect(unknown).toEqual([]);
  });

  test('tries again what SQS refuses, and what cannot reach it', async () => {
    for (const [state, one] of (await named()).filter(([, { Resource }]) => /:sqs:/.test(String(Resource))))
      for (const error of [integrationErrors.sqsRefuses.value, integrationErrors.sqsUnreachable.value])
        expect([state, errorsOf(one.Retry)]).toEqual([state, expect.arrayContaining([error])]);
  });

  // The error of a missed heartbeat matches both; the first retrier that matches decides.
  test('counts a missed heartbeat as one before it counts it as a timeout', async () => {
    for (const [state, { HeartbeatSeconds, Retry }] of await named()) {
      if (HeartbeatSeconds === undefined) continue;
      const order = errorsOf(Retry).filter((error) => /^States\.(Heartbeat)?Timeout$/.test(error));
      expect([state, order[0]]).toEqual([state, 'States.HeartbeatTimeout']);
    }
  });
});
