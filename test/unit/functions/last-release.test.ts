/**
 * What the state machines of the last release hand to their functions, against today's functions: an execution that began
 * before a deploy goes on with the old definition. `test/fixtures/release/events.json` has an event of each shape, noted from
 * runs, clean-ups and failures of every state of that release. At a release it is noted anew (docs/releasing.md).
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, jest, test } from '@jest/globals';
import { parse } from 'yaml';
import type { ZodType } from 'zod';
import { packageRoot } from '../../support/cli/project.ts';

/**
 * What the last release asks and this one does not answer any more: its definition waits in states of its own, today's
 * steps fail with Pending. A deploy under runs, which has to be forced, ends them here: their definition catches the
 * refusal, and the end of a run, which is not in this list, is answered. `resume` goes on from there.
 */
const refused = new Set([
  ...['CheckImage', 'EnsureCluster', 'EnsureNodegroup', 'EnsureBastion', 'ReserveWorkers', 'ScaleNodes'],
  ...['StartWorkers', 'EndRepetition', 'TearDown'],
]);

const read = (path: string) => readFileSync(join(packageRoot, path), 'utf8');
const { events } = JSON.parse(read('test/fixtures/release/events.json')) as {
  events: Record<string, unknown[]>;
};
const functions = parse(read('stack/functions.yml'), {
  ...{ merge: true, customTags: tagsOfCloudFormation() },
  // A tag on a list is none of those, and of no matter here.
  logLevel: 'error',
});

/** Instead of a handler: what it takes. */
jest.unstable_mockModule('../../../functions/lambda/lambda.ts', () => ({
  lambda: (_state: string, schema: ZodType) => schema,
}));

describe('what the last release hands to a function, today takes', () => {
  test.each(Object.keys(events))('%s', async (name) => {
    expect(functions[name]).toBeDefined();
    const [, file = '', handler = ''] = /^(.*)\.(\w+)$/.exec(functions[name].handler) ?? [];
    const schema: ZodType = (await import(join(packageRoot, `${file}.ts`)))[handler];
    for (const event of events[name] ?? [])
      expect({ event, ...schema.safeParse(event) }).toMatchObject({ event, success: !refused.has(name) });
  });
});

function tagsOfCloudFormation() {
  return ['!Ref', '!GetAtt', '!Sub'].map((tag) => ({ tag, resolve: (text: string) => text }));
}
