import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { Throttled } from '../../../../core/errors/errors.ts';
import { runEvent } from '../../../../functions/lambda/events.ts';
import { lambda } from '../../../../functions/lambda/lambda.ts';

let lines: Record<string, unknown>[];
beforeEach(() => {
  lines = [];
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    lines.push(JSON.parse(String(text)));
    return true;
  });
});
afterEach(() => {
  jest.restoreAllMocks();
});

const context = { awsRequestId: 'request-1' };

describe('a handler', () => {
  test('hands on what the schema leaves, and answers what the stage answers', async () => {
    const handler = lambda('Gather', runEvent, async (event) => ({ got: event }));
    expect(await handler({ run: 'one', more: 1 }, context)).toEqual({ got: { run: 'one' } });
    expect(lines).toEqual([expect.objectContaining({ level: 'info', state: 'Gather', run: 'one' })]);
  });

  test('throws what the stage throws; how to fix it leaves with the message, which is all that Step Functions keeps', async () => {
    const thrown = new Throttled('AWS asks for fewer requests', { hint: 'Try again later.' });
    const handler = lambda('Gather', runEvent, async () => Promise.reject(thrown));
    await expect(handler({ run: 'one' }, context)).rejects.toBe(thrown);
    const message = 'AWS asks for fewer requests\nTry again later.';
    expect(thrown).toMatchObject({ message, stack: `Throttled: ${message}` });
    const line = { level: 'error', error: 'Throttled', message: 'AWS asks for fewer requests' };
    expect(lines).toEqual([expect.objectContaining({ ...line, hint: 'Try again later.' })]);
  });

  test('whose time is nearly over says so, instead of being cut off', async () => {
    const handler = lambda('PlanTasks', runEvent, () => new Promise(() => {}));
    const ending = { ...context, getRemainingTimeInMillis: () => 501 };
    await expect(handler({ run: 'one' }, ending)).rejects.toMatchObject({ name: 'TimeoutError' });
    expect(lines).toEqual([
      expect.objectContaining({ level: 'error', state: 'PlanTasks', run: 'one', error: 'TimeoutError' }),
    ]);
  });
});
