/** AWS's own checks of definitions, as its editors show them, have nothing to say against the packaged state machines. */
import { describe, expect, test } from '@jest/globals';
import { getLanguageService, TextDocument } from 'amazon-states-language-service';
import { filled, machines, textOf } from '../support/stack/packaged-definitions.ts';

// biome-ignore lint/suspicious/noExplicitAny: definitions are broken on purpose
type Definition = any;

const language = getLanguageService({});

/** What is wrong with a definition, a sentence each. */
async function diagnostics(definition: Definition): Promise<string[]> {
  const text = JSON.stringify(definition, null, 1);
  const document = TextDocument.create('file:///machine.asl.json', 'asl', 1, text);
  const found = await language.doValidation(document, language.parseJSONDocument(document));
  return found.map(({ range, message }) => `${text.split('\n')[range.start.line]?.trim()} ${message}`);
}

describe.each(machines)('$id', ({ id }) => {
  const packaged = JSON.parse(filled(textOf(id)));

  test('is a definition that AWS finds nothing wrong with', async () => {
    expect(await diagnostics(packaged)).toEqual([]);
  });

  test.each<[what: string, broken: (first: Definition, states: Definition) => void, says: string]>([
    [
      'leads nowhere',
      (first) => {
        first.Next = 'Nowhere';
      },
      'must be the name of an existing state',
    ],
    [
      'cannot be reached',
      (_, states) => {
        states.Lonely = { Type: 'Succeed' };
      },
      'cannot be reached',
    ],
    [
      'has a field that is none',
      (first) => {
        first.Retries = [];
      },
      'Field is not supported',
    ],
    [
      'has a field that a retrier has not',
      (first) => {
        first.Retry = [{ ErrorEquals: ['A'], Backoff: 2 }];
      },
      'Field is not supported',
    ],
    [
      'has a number that is text',
      (first) => {
        first.TimeoutSeconds = '300';
      },
      'Incorrect type',
    ],
    [
      'calls an intrinsic that is none',
      (first) => {
        first.Parameters = { 'a.$': 'States.Formats(1)' };
      },
      'valid JSONPath or intrinsic function',
    ],
  ])('would not pass if a state %s', async (_, broken, says) => {
    const copy = structuredClone(packaged);
    broken(copy.States[copy.StartAt], copy.States);
    expect((await diagnostics(copy)).join('\n')).toContain(says);
  });
});
